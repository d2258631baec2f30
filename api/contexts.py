"""From a request to the context of its operation: the session is checked, and ends well or not at all."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from graphql import OperationType
from starlette.types import Scope

from api.context import Client, Context, Services, require_active_status
from api.errors import UnauthenticatedError
from api.execution.operations import Operation
from api.http.cookies import Jar, SessionCookies
from api.http.meter import Charge
from api.http.operation import Caller
from api.http.requests import Headers, address_of
from api.identity import SESSION_LIFETIME, Identity, Sessions

# Those that log in, register, verify or reset do not mind a token that is not valid.
SIGNED_OUT_MUTATIONS = frozenset({"login", "register", "verifyEmail", "requestPasswordReset", "resetPassword"})


class Contexts:
    """Makes the contexts of operations."""

    def __init__(self, services: Services, sessions: Sessions, cookies: SessionCookies, public_url: str | None) -> None:
        self._services = services
        self._sessions = sessions
        self._cookies = cookies
        self._public_url = public_url

    def identify(self, _: Scope, headers: Headers) -> Identity:
        given = headers.get(b"authorization")
        return Identity(self._sessions, None if given is None else given.decode("latin-1"))

    @asynccontextmanager
    async def of(
        self, caller: Caller, identity: Identity, operation: Operation, charge: Charge | None
    ) -> AsyncGenerator[Context]:
        """The context of one operation, with its database. UNAUTHENTICATED when the session is over."""
        scope, headers = caller.scope, caller.headers
        async with self._services.pool.operation(caller.request_id) as database:
            token = identity.token_or_none if _signs_in(operation) else identity.token
            identity.check = check = None if token is None else self._sessions.check(database, token)
            if check is not None and (check.owner is None or operation.kind is not OperationType.QUERY):
                try:
                    await check.session()  # nothing is written for one who may not be there
                except UnauthenticatedError:
                    if not _signs_in(operation):
                        raise
                    identity.check = check = None
            context = Context(
                database=database,
                check=check,
                services=self._services,
                client=Client(scope, headers),
                jar=Jar(self._cookies, scope, headers),
                public_url=self._public_url or address_of(scope, headers),
                charge=charge,
            )
            try:
                yield context
            finally:
                context.end()
            if check is None or token is None:
                return
            session = await check.session()
            if context.presumed_active:
                require_active_status(session.status)
            if check.extended:
                context.jar.renew(token, int(SESSION_LIFETIME.total_seconds()))


def _signs_in(operation: Operation) -> bool:
    return bool(operation.root_fields) and operation.root_fields <= SIGNED_OUT_MUTATIONS
