"""What every type and resolver stands on: ids, scalars, enums, permissions, pages, errors."""
