"""Scalars beyond those of GraphQL, each with the specification it follows."""

from datetime import UTC, datetime
from operator import attrgetter
from typing import NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig

from db.documents.moments import moment_of

URL = NewType("URL", str)
HexColor = NewType("HexColor", str)
EmailAddress = NewType("EmailAddress", str)
BigInt = NewType("BigInt", int)
HTML = NewType("HTML", str)
LanguageTag = NewType("LanguageTag", str)


def _bigint(value: object) -> int:
    if isinstance(value, str) and value.removeprefix("-").isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    raise ValueError(f"BigInt cannot represent {value!r}: it takes a whole number of 64 bits, as a string.")


def _time(value: object) -> datetime:
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is not None:
        return moment.astimezone(UTC)
    raise ValueError(f"DateTime cannot represent {value!r}: write it like 2026-01-31T12:00:00Z.")


def _written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


SCALARS = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC in RFC 3339 format, such as `2026-01-31T12:00:00Z`, with up to six "
        "fractional digits.",
        serialize=_written,
        parse_value=_time,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address.",
        specified_by_url="https://url.spec.whatwg.org/",
    ),
    HexColor: strawberry.scalar(
        name="HexColor",
        description="A colour as `#RRGGBB`.",
        specified_by_url="https://www.w3.org/TR/css-color-4/#hex-notation",
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address.",
        specified_by_url="https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
    ),
    HTML: strawberry.scalar(
        name="HTML",
        description="A fragment of HTML that the server rendered and cleaned: safe to insert into a page as it is. "
        'Links have `rel="nofollow noopener ugc"`.',
        specified_by_url="https://html.spec.whatwg.org/multipage/",
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="A JSON document: store it and send it back unchanged. Used only for feeds that are taken along; "
        "`/schemas/feed.json` is their JSON Schema.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
    ),
    LanguageTag: strawberry.scalar(
        name="LanguageTag",
        description="A language as a BCP 47 tag, such as `en` or `pt-BR`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5646",
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of up to 64 bits, written as a string because JSON numbers lose digits beyond "
        "2^53. Used for bytes.",
        serialize=str,
        parse_value=_bigint,
        specified_by_url="https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
    ),
}

CONFIG = StrawberryConfig(scalar_map=SCALARS)  # pyright: ignore[reportArgumentType]  # NewTypes are keys here


def _times_in_utc(values: list[datetime]) -> list[datetime]:
    """Times as they are, since orjson writes those in UTC as `_written` does."""
    if set(map(_zone, values)) <= {UTC}:
        return values
    raise ValueError


_zone = attrgetter("tzinfo")


def _texts(values: list[str]) -> list[str]:
    """Texts as they are."""
    if set(map(type, values)) <= {str}:
        return values
    raise ValueError


# Scalars whose whole columns stand in the answer as they are.
COLUMN_ENCODERS = {
    "DateTime": _times_in_utc,
    "URL": _texts,
    "HexColor": _texts,
    "EmailAddress": _texts,
    "HTML": _texts,
    "LanguageTag": _texts,
}
