"""What one operation carries: who asks, the database, the loaders."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import strawberry

from api.errors import UnauthenticatedError
from api.http.meter import Charge
from api.identity import PasswordVerifier
from api.loaders import Loaders
from db.pool import Database
from db.rows import SessionRow


@dataclass(slots=True)
class Context:
    """One for each operation.

    `public_url` is what the API's own paths begin with, without a slash at its end; `charge` what the operation has
    been charged, if anybody counts.
    """

    database: Database
    session: SessionRow | None
    passwords: PasswordVerifier
    public_url: str
    user_agent: str | None = None
    client_address: str | None = None
    charge: Charge | None = None
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    @property
    def viewer_id(self) -> int | None:
        return None if self.session is None else self.session.id

    @property
    def signed_in(self) -> SessionRow:
        """The viewer's session, else UNAUTHENTICATED."""
        if self.session is None:
            raise UnauthenticatedError
        return self.session

    def forget(self) -> None:
        """Drop all that the loaders remember: something was written, or somebody signed in."""
        self.loaders = Loaders(self)

    def absolute(self, urls: Iterable[str | None]) -> list[str | None]:
        """Stored addresses as clients can use them: files that the API serves itself are stored as paths."""
        return [self.public_url + url if url and url[0] == "/" else url for url in urls]


Info = strawberry.Info[Context, None]
