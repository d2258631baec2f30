"""The addresses of files: signed, so that nobody makes one, and good for a while.

A file's is the same for ten minutes, so that browsers need not fetch it again, and good for twenty to thirty. It is
made only for rows that the viewer may see, and names neither viewer nor row. An upload's is good for one file of this
key, size and type, once.
"""

import hmac
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

UPLOAD_PATH = "/media/in/"
FILE_PATH = "/media/f/"
WINDOW_SECONDS, LIFETIME_SECONDS = 600, 1800
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}/[a-z0-9]{1,8}\.[a-z0-9]{3,4}")
_TAG_BYTES = 18
_MOST_PARAMETERS = 8


class Ticket(NamedTuple):
    """What may be sent: the key it gets, its size and type, until when, and for whom, by a name that says nothing."""

    key: str
    size: int
    mime_type: str
    until: int
    owner: str

    @property
    def text(self) -> bytes:
        """Every field ends with a line end, which none can hold: no two tickets have the same text."""
        return f"put\n{self.key}\n{self.size}\n{self.mime_type}\n{self.until}\n{self.owner}\n".encode()


class Addresses:
    """`secrets` is called when the first address is made or read. The first one signs, and all of them verify."""

    def __init__(self, secrets: Callable[[], Sequence[bytes]], *, clock: Callable[[], float] = time.time) -> None:
        self._read = secrets
        self._clock = clock
        self._known: Sequence[bytes] = ()

    def now(self) -> float:
        return self._clock()

    def load(self) -> None:
        """Read the secrets, in a thread: it may make the folder that has them. OSError where it cannot."""
        if not self._known:
            self._known = self._read()

    @property
    def _secrets(self) -> Sequence[bytes]:
        self.load()
        return self._known

    def of_upload(self, key: str, size: int, mime_type: str, until: int, user_id: int) -> str:
        """The path, with a query, that takes the bytes of an upload."""
        owner = _tag(self._secrets[0], f"owner\n{user_id}\n".encode())[:12]
        ticket = Ticket(key, size, mime_type, until, owner)
        query = {"l": size, "t": mime_type, "e": until, "o": owner, "s": _tag(self._secrets[0], ticket.text)}
        return f"{UPLOAD_PATH}{key.partition('/')[2]}?{urlencode(query)}"

    def ticket(self, key: str, query: str) -> Ticket | None:
        """What this address allows to send; None where nobody signed it, or its time is over."""
        found = _parameters(query)
        try:
            ticket = Ticket(key, int(found["l"]), found["t"], int(found["e"]), found["o"])
            good = self._is_signed(ticket.text, found["s"])
        except (KeyError, ValueError):
            return None
        return ticket if good and ticket.until >= self._clock() else None

    def of_files(self, paths: Iterable[str | None]) -> list[str | None]:
        """Paths of files with what opens them. Those that are open to all stay as they are."""
        until = int(self._clock()) // WINDOW_SECONDS * WINDOW_SECONDS + LIFETIME_SECONDS
        begin, found = f"get\n{until}\n", list[str | None]()
        for path in paths:
            if path is None or not path.startswith(FILE_PATH):
                found.append(path)
            else:
                tag = _tag(self._secrets[0], (begin + path[len(FILE_PATH) :]).encode())
                found.append(f"{path}?e={until}&s={tag}")
        return found

    def opens(self, name: str, query: str) -> bool:
        """Whether this address of a file is one of ours, and still good."""
        found = _parameters(query)
        if _FILE.fullmatch(name) is None:
            return False
        try:
            until = int(found["e"])
            good = self._is_signed(f"get\n{until}\n{name}".encode(), found["s"])
        except (KeyError, ValueError):
            return False
        return good and until >= self._clock()

    def _is_signed(self, text: bytes, given: str) -> bool:
        return any([hmac.compare_digest(_tag(one, text).encode(), given.encode()) for one in self._secrets])  # noqa: C419  # all of them, whichever it is


def _tag(secret: bytes, text: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(secret, text, "sha256")[:_TAG_BYTES]).decode()


def _parameters(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        return {}
