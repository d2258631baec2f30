"""GraphQL over HTTP: knows nothing of VRSS."""
