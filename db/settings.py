"""What the environment says about the database."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class OperatorError(Exception):
    """What the operator of the server can fix; the message is one sentence for them."""


class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VRSS_", env_ignore_empty=True, frozen=True, validate_by_name=True)

    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The PostgreSQL server to use. Without it an embedded one is started.",
    )
    data_dir: Path | None = Field(
        default=None, description="Where the embedded server keeps its data; .data in the project if unset."
    )
    pool_min_size: int = Field(default=2, ge=0)
    pool_max_size: int = Field(default=10, ge=1)
    pool_timeout_seconds: float = Field(
        default=5, gt=0, description="How long an operation waits for a connection before it answers OVERLOADED."
    )
    statement_timeout_ms: int = Field(default=10_000, ge=1, description="A statement that runs longer is stopped.")
    slow_statement_ms: float = Field(
        default=500, gt=0, description="A statement that takes longer is logged, by its name and the request's id."
    )
    lock_timeout_ms: int = Field(default=3_000, ge=1, description="A write that waits longer for a lock gives up.")
    driver: Literal["pipeline", "psycopg"] = Field(
        default="pipeline", description="How reads reach the server: together and prepared, or by psycopg's cursors."
    )
    prepared_statements: bool = Field(
        default=True, description="Off behind a pooler that gives each transaction another connection."
    )

    @model_validator(mode="after")
    def _pool_can_open(self) -> Self:
        """A pool that may only be small needs no word about its least size; see db/pool.py."""
        if "pool_min_size" in self.model_fields_set and self.pool_min_size > self.pool_max_size:
            raise ValueError(
                f"VRSS_POOL_MIN_SIZE is {self.pool_min_size}, more than VRSS_POOL_MAX_SIZE, {self.pool_max_size}"
            )
        return self
