"""The values of a statement that is put together."""

from psycopg import sql


class Parameters:
    """The values of a statement by the names of their placeholders."""

    def __init__(self, **values: object) -> None:
        self.values = values

    def add(self, value: object) -> sql.Placeholder:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return sql.Placeholder(name)
