"""What the commands begin with: settings, and the database."""

from collections.abc import Generator
from contextlib import contextmanager

from pydantic import ValidationError

from api.settings import Settings
from db.embedded.data_directory import choose
from db.embedded.server import EmbeddedPostgres
from db.migrations import server as given_server
from db.migrations.readiness import current, head
from db.settings import DatabaseSettings, OperatorError


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        field = str(problem["loc"][0])
        name = field if field.isupper() else f"VRSS_{field.upper()}"
        raise OperatorError(f"{name} is refused: {problem['msg']}.") from None


@contextmanager
def opened(settings: DatabaseSettings) -> Generator[tuple[str, EmbeddedPostgres | None]]:
    """The database's URL, and the embedded server if it is one; that runs as long as the block does."""
    if settings.database_url is not None:
        given_server.check(settings.database_url)
        yield settings.database_url, None
        return
    embedded = EmbeddedPostgres(choose(settings.data_dir))
    try:
        yield embedded.start(), embedded
    finally:
        embedded.stop()


def require_head(url: str) -> None:
    if current(url) != head():
        raise OperatorError("The database is not migrated to this version: run `vrss migrate` first.")
