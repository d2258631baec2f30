"""What all documents have in common, and the field types that they are made of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
)

from db.documents.moments import moment_of
from db.documents.texts import composed

ItemT = TypeVar("ItemT")

BIGINT_MAX = 2**63 - 1


class Document(BaseModel):
    """A value that never changes: whoever wants another one validates another one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """The same with these values; else ValidationError. An object inside keeps what is not named of it."""
        values = self.model_dump()
        for name, value in changes.items():
            values[name] = values[name] | value if isinstance(value, Mapping) else value
        return self.model_validate(values)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Text may not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Text may not contain half a surrogate pair") from None
    return text


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = moment_of(value)
    if found is None:
        raise ValueError("A moment is written like 2026-01-31T12:00:00Z")
    return found


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("A moment lies in the years 1 to 9999") from None


# JSON has neither enums nor tuples, so these two read their JSON form; all that is inside them stays strict.
Choice = Strict(strict=False)
Many: TypeAlias = Annotated[tuple[ItemT, ...], Strict(strict=False)]

# Stands behind the limits of the length, and runs before them: the length is that of what is stored.
Composed = BeforeValidator(lambda value: composed(value) if isinstance(value, str) else value)

# Neither NUL nor half a surrogate pair can be stored by Postgres.
Storable = AfterValidator(_storable)

Moment: TypeAlias = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
