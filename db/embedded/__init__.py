"""A real PostgreSQL server of our own: its programs, its data, its process."""
