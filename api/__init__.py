"""Everything that knows GraphQL or HTTP."""
