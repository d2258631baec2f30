"""Registration: a new account, its first session, and the e-mail that asks to confirm its address."""

from functools import partial
from typing import NamedTuple

from api.accounts.credentials import require_strong
from api.accounts.sessions import OpenedSession, open_session
from api.accounts.throttle import Throttle
from api.accounts.tokens import issue_token
from api.context import Context
from api.email.queue import enqueue
from api.gql.mutation import in_transaction
from db.errors import DuplicateUsernameError
from db.queries import accounts, audit
from db.queries.accounts import NewAccount
from db.queries.audit import Action
from db.queries.verification import Purpose


class Registration(NamedTuple):
    """What somebody registers with: checked, and as it is stored except for the password."""

    username: str
    email: str
    password: str
    display_name: str | None


class _Receiver:
    """Whether an e-mail may go to the new address. It is counted once, however often the transaction runs."""

    def __init__(self, throttle: Throttle, address: str) -> None:
        self._throttle = throttle
        self._address = address
        self._seconds: int | None = None

    async def has_room(self) -> bool:
        if self._seconds is None:
            self._seconds = await self._throttle.receiver(self._address, Purpose.EMAIL_VERIFICATION)
        return self._seconds == 0


async def register(context: Context, wanted: Registration) -> OpenedSession:
    """The first session of a new account. No connection is held while the password is hashed."""
    services, network = context.services, context.client.network
    async with services.throttle.registration(network):
        require_strong(wanted.password, wanted.username, wanted.email, "password")
        if await accounts.username_exists(context.database, wanted.username):
            raise DuplicateUsernameError(field=("username",))
        await context.database.release()
        await services.throttle.sender(network)  # before the hash, which takes much longer than all else
        password_hash = await services.passwords.hash(wanted.password)
        account = NewAccount(wanted.username, wanted.email, password_hash, wanted.display_name)
        receiver = _Receiver(services.throttle, account.email)
        return await in_transaction(context, partial(_store, context, account, receiver))


async def _store(context: Context, account: NewAccount, receiver: _Receiver) -> OpenedSession:
    """The new account's first session. An e-mail with the token that proves its address waits to be sent."""
    database, client, services = context.database, context.client, context.services
    user_id = await accounts.insert_account(database, account)
    await accounts.note_login(database, user_id, account.password_hash)
    await audit.insert_entry(database, user_id, Action.ACCOUNT_REGISTERED, client.address)
    token = await issue_token(database, user_id, Purpose.EMAIL_VERIFICATION, account.email)
    opened = await open_session(database, user_id, user_agent=client.user_agent, address=client.address)
    # Others may have asked for e-mails to this address. That must not keep its owner from joining.
    if await receiver.has_room():
        await enqueue(database, user_id, services.emails.verify_email(account.email, account.username, token))
    return opened
