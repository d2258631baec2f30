"""What one operation carries: the viewer, the database, the loaders."""

from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field
from ipaddress import ip_address

import strawberry
from starlette.types import Scope

from api.accounts.passwords import Passwords
from api.accounts.sessions import SessionCheck, living_session
from api.accounts.throttle import Throttle
from api.authoring.views import Views
from api.email.messages import EmailTemplates
from api.gql.errors import AccountDeletedError, AccountSuspendedError, UnauthenticatedError
from api.gql.pages import post_page
from api.gql.visibility import FeedTime
from api.http.cookies import CookieJar
from api.http.headers import Header
from api.http.rate_limit import Charge, caller_address
from api.http.requests import Headers, address_of
from api.live.hub import Hub
from api.loaders import Loaders
from api.media.addresses import Addresses
from api.media.processing import Processing
from api.media.store import Store
from db.pool import Database, Pool
from db.queries.sessions import SessionRow
from db.queries.uploads import UploadRow

_LONGEST_USER_AGENT = 500


@dataclass(frozen=True, slots=True)
class Services:
    """What all operations share."""

    pool: Pool
    passwords: Passwords
    throttle: Throttle
    emails: EmailTemplates
    views: Views
    store: Store
    addresses: Addresses
    processing: Processing
    hub: Hub
    app_url: str | None = None


class Client:
    """Where a request comes from. Most operations never ask, so it is found out when they do."""

    __slots__ = ("_headers", "_public_url", "_scope")

    def __init__(self, scope: Scope, headers: Headers, public_url: str | None = None) -> None:
        """`public_url` is what the operator says the API is reached under, if he does."""
        self._scope = scope
        self._headers = headers
        self._public_url = public_url

    @property
    def base_url(self) -> str:
        """What the API's own paths begin with for this client, without a slash at its end."""
        if self._public_url is None:
            self._public_url = address_of(self._scope, self._headers)
        return self._public_url

    @property
    def address(self) -> str | None:
        """The network address; None for the path of a socket, or whatever else a proxy wrote in its place."""
        client = self._scope.get("client")
        try:
            return str(ip_address(client[0])) if client else None
        except ValueError:
            return None

    @property
    def network(self) -> str:
        """What counts as one caller: the address, and of IPv6 the network that one household has."""
        return caller_address(self._scope).decode()

    @property
    def user_agent(self) -> str | None:
        """What the program calls itself."""
        return self._headers.get(b"user-agent", b"")[:_LONGEST_USER_AGENT].decode("latin-1") or None


@dataclass(slots=True)
class Context:
    """One for each operation.

    `check` is of the token that came with the request; `charge` is what the operation has been charged, if anybody
    counts, and `surcharge` what came on top of it while it ran. `presumed_active`: something ran for an account that
    was assumed to be active before the database had answered; `entered` is whom a mutation has signed in.
    """

    database: Database
    check: InitVar[SessionCheck | None]
    services: Services
    client: Client
    cookie_jar: CookieJar
    charge: Charge | None = None
    presumed_active: bool = field(default=False, init=False)
    entered: int | None = field(default=None, init=False)
    surcharge: int = field(default=0, init=False)
    feed_time: FeedTime = field(default_factory=FeedTime, init=False)
    viewer_id: int | None = field(init=False)
    loaders: Loaders = field(init=False)

    _session: SessionCheck | SessionRow | None = field(init=False)
    _digest: bytes | None = field(init=False)  # of the token that the session belongs to
    is_fresh: bool = field(default=True, init=False)

    def __post_init__(self, check: SessionCheck | None) -> None:
        self._session = check
        self._digest = None if check is None else check.digest
        self.viewer_id = None if check is None else check.owner
        self.forget()

    @property
    def signed_in(self) -> int:
        """The viewer's id, else UNAUTHENTICATED."""
        if self.viewer_id is None:
            raise UnauthenticatedError
        return self.viewer_id

    def add_cost(self, points: int) -> None:
        """Let the operation cost more than what stands in its document."""
        self.surcharge += points

    @property
    def answer_headers(self) -> list[Header]:
        return self.cookie_jar.answer_headers

    def require_active(self) -> None:
        """ACCOUNT_SUSPENDED or ACCOUNT_DELETED for the account of the session, if there is one and it is not active."""
        if self._session is None:
            return
        if self._session.status is None:
            self.presumed_active = True
        else:
            require_active_status(self._session.status)

    async def session(self) -> SessionRow | None:
        """The viewer's session; None when signed out."""
        return await self._session.session() if isinstance(self._session, SessionCheck) else self._session

    async def own_session(self) -> SessionRow:
        """The viewer's session, else UNAUTHENTICATED."""
        session = await self.session()
        if session is None:
            raise UnauthenticatedError
        return session

    async def confirm(self, *, allows_suspended: bool) -> None:
        """See before a mutation that the session still lives, and its account is active unless others are allowed.

        Before the first one this has just been asked; the ones before a later one may have taken their time.
        """
        if self.is_fresh or self._digest is None:
            self.is_fresh = False
            return
        self._session = await living_session(self.database, self._digest)
        if not allows_suspended:
            require_active_status(self._session.status)

    def become(self, session: SessionRow | None, digest: bytes | None = None) -> None:
        """The viewer is the owner of this session from now on, or none; `digest` is of the token of a new session."""
        self._session = session
        self._digest = None if session is None else digest or self._digest
        self.viewer_id = None if session is None else session.id
        self.forget()

    def forget(self) -> None:
        """Drop all that the loaders remember: something was written, or somebody signed in."""
        self.loaders = Loaders(self)

    def expire(self) -> None:
        """The deadline has passed: no statement runs on, and none begins."""
        self.database.expire()

    def end(self) -> None:
        """Let go of the loaders, which know the context: a circle would be the garbage collector's to find."""
        del self.loaders

    def count_view(self, post_id: int, author: int) -> None:
        """Once an hour for a viewer, signed in or known by their network, and never for the author."""
        if self.viewer_id != author:
            viewer = self.client.network if self.viewer_id is None else str(self.viewer_id)
            self.services.views.add(post_id, viewer)

    def absolute(self, urls: Iterable[str | None]) -> list[str | None]:
        """Stored addresses as clients can use them: files that the API serves itself are stored as paths."""
        base = self.client.base_url
        return [base + url if url and url[0] == "/" else url for url in urls]

    def file_urls(self, urls: Iterable[str | None]) -> list[str | None]:
        """As `absolute`, for addresses that the server itself has stored beside what the viewer may see.

        Those of files that people uploaded are signed, and so open them for a while.
        """
        return self.absolute(self.services.addresses.of_files(urls))

    def upload_url(self, upload: UploadRow) -> str:
        """Where the bytes of an upload are sent."""
        until = 0 if upload.url_expires_at is None else int(upload.url_expires_at.timestamp())
        path = self.services.addresses.of_upload(
            upload.object_key, upload.file_size_bytes, upload.mime_type, until, upload.user_id
        )
        return self.client.base_url + path

    def post_page(self, post_id: int) -> str | None:
        """The address of a post's page on the web site, if the operator has named one."""
        return post_page(self.services.app_url, post_id)


def require_active_status(status: str) -> None:
    if status == "suspended":
        raise AccountSuspendedError
    if status == "deleted":
        raise AccountDeletedError


Info = strawberry.Info[Context, None]
