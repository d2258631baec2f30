"""From a request to the context of its operation: the session is checked, and ends well or not at all."""

from types import TracebackType

from graphql import OperationType
from starlette.types import Scope

from api.accounts.sessions import SESSION_LIFETIME, Identity, SessionCache, SessionCheck
from api.accounts.token_owners import TokenOwners
from api.context import Client, Context, Services, require_active_status
from api.execution.operations import Operation
from api.gql.errors import UnauthenticatedError
from api.http.cookies import CookieJar, SessionCookies
from api.http.operation import Caller
from api.http.rate_limit import Charge
from api.http.requests import Headers
from db.pool import Database

# Those that log in, register, verify or reset do not mind a token that is not valid.
SIGNED_OUT_MUTATIONS = frozenset({"login", "register", "verifyEmail", "requestPasswordReset", "resetPassword"})


class Contexts:
    """Makes the contexts of operations."""

    def __init__(
        self,
        services: Services,
        sessions: SessionCache,
        owners: TokenOwners,
        cookies: SessionCookies,
        public_url: str | None,
    ) -> None:
        self.services = services
        self.sessions = sessions
        self._owners = owners
        self._cookies = cookies
        self._public_url = public_url

    def identify(self, _: Scope, headers: Headers) -> Identity:
        given = headers.get(b"authorization")
        return Identity(self.sessions, self._owners, None if given is None else given.decode("latin-1"))

    def of(self, caller: Caller, identity: Identity, operation: Operation, charge: Charge | None) -> "OperationScope":
        """The context of one operation, with its database. UNAUTHENTICATED when the session is over."""
        return OperationScope(self, caller, identity, operation, charge)

    def make(self, caller: Caller, database: Database, check: SessionCheck | None, charge: Charge | None) -> Context:
        scope, headers = caller.scope, caller.headers
        return Context(
            database=database,
            check=check,
            services=self.services,
            client=Client(scope, headers, self._public_url),
            cookie_jar=CookieJar(self._cookies, scope, headers),
            charge=charge,
        )


class OperationScope:
    """The life of one context. A class, because a generator in its place costs a small query a tenth of its time."""

    __slots__ = ("_caller", "_charge", "_context", "_contexts", "_database", "_identity", "_operation")

    def __init__(
        self, contexts: Contexts, caller: Caller, identity: Identity, operation: Operation, charge: Charge | None
    ) -> None:
        self._contexts = contexts
        self._caller = caller
        self._identity = identity
        self._operation = operation
        self._charge = charge

    async def __aenter__(self) -> Context:
        self._database = self._contexts.services.pool.operation(self._caller.request_id)
        try:
            check = await self._check()
        except BaseException:
            await self._database.close()
            raise
        self._context = self._contexts.make(self._caller, self._database, check, self._charge)
        return self._context

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._context.end()
            self._identity.became = self._context.entered
            if kind is None:
                await self._end_well()
        finally:
            await self._database.close()

    async def _check(self) -> SessionCheck | None:
        identity, operation = self._identity, self._operation
        if identity.problem is not None and not _signs_in(operation):
            raise identity.problem
        if identity.digest is None:
            return None
        identity.check = check = self._contexts.sessions.check(self._database, identity.digest)
        if check.owner is None or operation.kind is not OperationType.QUERY:
            try:
                await check.session()  # nothing is written for one who may not be there
            except UnauthenticatedError:
                if not _signs_in(operation):
                    raise
                identity.check = None
        return identity.check

    async def _end_well(self) -> None:
        """What has run is good only if the session was."""
        check, token = self._identity.check, self._identity.token
        if check is None or token is None:
            return
        session = await check.session()
        if self._context.presumed_active:
            require_active_status(session.status)
        if check.extended:
            self._context.cookie_jar.renew(token, int(SESSION_LIFETIME.total_seconds()))


def _signs_in(operation: Operation) -> bool:
    return bool(operation.root_fields) and operation.root_fields <= SIGNED_OUT_MUTATIONS
