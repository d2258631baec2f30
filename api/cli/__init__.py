"""The `vrss` command: one group of commands a file."""
