"""What one operation carries: who asks, the database, the loaders."""

from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field

import strawberry

from api.errors import UnauthenticatedError
from api.http.meter import Charge
from api.identity import PasswordVerifier, SessionCheck
from api.loaders import Loaders
from db.pool import Database
from db.rows import SessionRow


@dataclass(slots=True)
class Context:
    """One for each operation.

    `check` is of the token that came with the request; `public_url` is what the API's own paths begin with, without a
    slash at its end; `charge` what the operation has been charged, if anybody counts.
    """

    database: Database
    check: InitVar[SessionCheck | None]
    passwords: PasswordVerifier
    public_url: str
    user_agent: str | None = None
    client_address: str | None = None
    charge: Charge | None = None
    viewer_id: int | None = field(init=False)
    loaders: Loaders = field(init=False)

    _session: SessionCheck | SessionRow | None = field(init=False)

    def __post_init__(self, check: SessionCheck | None) -> None:
        self._session = check
        self.viewer_id = None if check is None else check.owner
        self.forget()

    @property
    def signed_in(self) -> int:
        """The viewer's id, else UNAUTHENTICATED."""
        if self.viewer_id is None:
            raise UnauthenticatedError
        return self.viewer_id

    async def session(self) -> SessionRow | None:
        """The viewer's session; None when signed out."""
        return await self._session.session() if isinstance(self._session, SessionCheck) else self._session

    def become(self, session: SessionRow | None) -> None:
        """From now on somebody else asks, or nobody."""
        self._session = session
        self.viewer_id = None if session is None else session.id
        self.forget()

    def forget(self) -> None:
        """Drop all that the loaders remember: something was written, or somebody signed in."""
        self.loaders = Loaders(self)

    def end(self) -> None:
        """Let go of the loaders, which know the context: a circle would be the garbage collector's to find."""
        del self.loaders

    def absolute(self, urls: Iterable[str | None]) -> list[str | None]:
        """Stored addresses as clients can use them: files that the API serves itself are stored as paths."""
        base = self.public_url
        return [base + url if url and url[0] == "/" else url for url in urls]


Info = strawberry.Info[Context, None]
