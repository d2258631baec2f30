"""How a document runs: knows Strawberry and graphql-core, nothing of VRSS."""
