"""The enums of live events."""

from enum import StrEnum

from api.gql.described import described


class LiveEventKind(StrEnum):
    DATA = "DATA"
    RESYNC = "RESYNC"


described(
    LiveEventKind,
    "What an event says.",
    DATA="Something happened.",
    RESYNC="Events were missed that cannot be delivered any more: read again what is shown. Later ones follow.",
)
