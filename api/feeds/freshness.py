"""Whether a client has a document already (RFC 9110, 13.1): by its digest, or else by the time since when it is so.

The posts of a feed do not say when it changed: what leaves it makes nothing newer. So Last-Modified is when this
process first made the document as it is now. Other processes know of other times, so a date counts where it is the one
that this process gave, as clients send it back.
"""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from api.http.requests import Headers

_MOST_DOCUMENTS = 10_000
_SECOND = timedelta(seconds=1)


class Freshness:
    """Remembers since when documents are as they are; those that were not read for longest are forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], tuple[str, datetime]] = OrderedDict()

    def since(self, document: tuple[int, str], etag: str) -> datetime | None:
        """Since when a document has this digest; None as long as that is the second in which it had another one."""
        now = datetime.now(UTC).replace(microsecond=0)
        known = self._known.get(document)
        if known is None:
            known = (etag, now)
        elif known[0] != etag:  # a time that the older one had would say that nothing changed
            known = (etag, max(now, known[1] + _SECOND))
        self._known[document] = known
        self._known.move_to_end(document)
        if len(self._known) > _MOST_DOCUMENTS:
            self._known.popitem(last=False)
        return known[1] if known[1] <= now else None


def validators(etag: str, modified: datetime | None) -> dict[str, str]:
    """The headers by which a client can ask whether anything changed."""
    found = {"ETag": etag}
    return found if modified is None else found | {"Last-Modified": format_datetime(modified, usegmt=True)}


def is_known(headers: Headers, etag: str, modified: datetime | None) -> bool:
    """Whether the client has this document. Where it names digests, its date is not looked at."""
    digests = headers.get(b"if-none-match")
    if digests is not None:
        given = {one.strip().removeprefix(b"W/") for one in digests.split(b",")}
        return etag.encode() in given or given == {b"*"}
    since = _date(headers.get(b"if-modified-since"))
    return since is not None and modified == since


def _date(given: bytes | None) -> datetime | None:
    """A date of HTTP; None for what is none, which is ignored."""
    try:
        date = None if given is None else parsedate_to_datetime(given.decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date
