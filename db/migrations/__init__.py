"""The schema of a database: up, down, printed, and whether it can be served."""
