"""Everything that knows Postgres; imports nothing of api."""
