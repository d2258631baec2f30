"""Presentation: GraphQL types over rows and documents, one noun a file. Relations only call loaders."""
