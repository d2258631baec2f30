"""What the commands begin with: settings, and the database."""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from difflib import get_close_matches

from pydantic import ValidationError

from api.settings import Settings
from db.embedded.data_directory import choose
from db.embedded.server import EmbeddedPostgres
from db.migrations import server as given_server
from db.migrations.readiness import current, head
from db.settings import DatabaseSettings, OperatorError


def read_settings() -> Settings:
    """The settings of the environment; OperatorError for one that is not valid, or that does not exist."""
    _require_known(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        reason = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:  # two settings that do not fit, and the reason names both
            raise OperatorError(f"{reason}.") from None
        field = str(problem["loc"][0])
        name = field if field.isupper() else f"VRSS_{field.upper()}"
        raise OperatorError(f"{name} is refused: {reason}.") from None


def _require_known(environment: Iterable[str]) -> None:
    """A setting with a misspelled name would be ignored, and its default hold in silence."""
    fields = {**Settings.model_fields, **DatabaseSettings.model_fields}
    known = {str(field.validation_alias or f"VRSS_{name.upper()}") for name, field in fields.items()}
    bare = {name.removeprefix("VRSS_"): name for name in known}
    for name in sorted(environment):
        if name.upper().startswith("VRSS_") and name.upper() not in known:
            nearest = get_close_matches(name.upper().removeprefix("VRSS_"), bare, 1)
            advice = f"did you mean {bare[nearest[0]]}?" if nearest else "docs/operations.md lists all that there are."
            raise OperatorError(f"{name} is not a setting: {advice}")


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
