"""What operators do with accounts and sessions: `vrss users` and `vrss sessions`."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from api.accounts.archive import archive
from api.accounts.lifecycle import delete_account
from api.cli.commands import opened, read_settings, require_head
from api.email.messages import EmailTemplates
from db.errors import DatabaseError
from db.maintenance.purges import purge_account, purge_sessions
from db.pool import Database, Pool
from db.queries import account_purges, accounts, audit
from db.queries.accounts import StatusRow
from db.queries.audit import Action
from db.settings import DatabaseSettings, OperatorError

users_app = typer.Typer(help="Accounts.", no_args_is_help=True)
sessions_app = typer.Typer(help="Sessions.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(metavar="USERNAME", help="The account's user name.")]


@users_app.command("suspend")
def users_suspend(username: Username) -> None:
    """Hide an account and all that is its own, until it is restored."""
    _operate(lambda database: _suspend(database, username))


@users_app.command("restore")
def users_restore(username: Username) -> None:
    """End a suspension, or cancel a deletion within its 30 days: then a suspension from before it holds again."""
    _operate(lambda database: _restore(database, username))


@users_app.command("delete")
def users_delete(
    username: Username, purge: Annotated[bool, typer.Option("--purge", help="For good, and at once.")] = False
) -> None:
    """Delete an account as its owner would: hidden at once, gone for good in 30 days. The owner gets an e-mail."""
    emails = EmailTemplates(read_settings().app_url)
    _operate(lambda database: _delete(database, emails, username, purge=purge))


@users_app.command("export")
def users_export(
    username: Username, file: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP archive, a new file.")]
) -> None:
    """Write all that there is of an account into an archive."""
    try:
        target = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from None
    with target:
        try:
            _operate(lambda database: _export(database, username, target))
        except BaseException:
            file.unlink()  # half an archive is none
            raise


@sessions_app.command("purge")
def sessions_purge() -> None:
    """Delete the sessions that are over."""
    _operate(_purge_sessions)


def _operate(work: Callable[[Database], Awaitable[str]]) -> None:
    """Do it over one connection, and say what it was."""
    settings = read_settings().database
    with opened(settings) as (url, _):
        require_head(url)
        typer.echo(asyncio.run(_over(url, settings, work)))


async def _over(url: str, settings: DatabaseSettings, work: Callable[[Database], Awaitable[str]]) -> str:
    pool = Pool(url, settings.model_copy(update={"pool_min_size": 1, "pool_max_size": 1}))
    await pool.open()
    try:
        async with pool.operation() as database:
            return await work(database)
    except DatabaseError as error:
        raise OperatorError(
            f"Stopped ({error.code}): {error.message} What was done before is done. Run it again."
        ) from error
    finally:
        await pool.close()


async def _suspend(database: Database, username: str) -> str:
    account = await _account(database, username)
    async with database.transaction():
        if not await accounts.set_status(database, account.id, "suspended"):
            raise OperatorError(f"{account.username} is {account.status} already.")
        await audit.insert_entry(database, account.id, Action.ACCOUNT_SUSPENDED, None)
    return f"{account.username} is suspended: nobody sees it, and it can do nothing but take its data and leave."


async def _restore(database: Database, username: str) -> str:
    account = await _account(database, username)
    async with database.transaction():
        status = await accounts.cancel_account_deletion(database, account.id)
        if status is None and not await accounts.set_status(database, account.id, "active"):
            state = "active already" if account.status == "active" else "deleted for good, and cannot be restored"
            raise OperatorError(f"{account.username} is {state}.")
        await audit.insert_entry(database, account.id, Action.ACCOUNT_RESTORED, None)
    return f"{account.username} is {status or 'active'} again."


async def _delete(database: Database, emails: EmailTemplates, username: str, *, purge: bool) -> str:
    account = await _account(database, username)
    async with database.transaction():
        deleted_at = await delete_account(database, None if purge else emails, account.id, None)
        if deleted_at is None and not purge:
            raise OperatorError(f"{account.username} is deleted already.")
        # In the same transaction, so that the owner cannot cancel in between.
        if purge and not await account_purges.begin_account_purge(database, account.id):
            raise OperatorError(f"Nobody has {account.username}: it stands in conversations for one who is gone.")
    if not purge:
        return f"{account.username} is deleted; it goes for good in {accounts.DELETION_GRACE.days} days."
    await purge_account(database, account.id)  # or somebody else did in this moment
    return f"{account.username} is gone for good."


async def _export(database: Database, username: str, target: BinaryIO) -> str:
    account = await _account(database, username)
    await audit.insert_entry(database, account.id, Action.DATA_EXPORTED, None)
    async for piece in archive(database, account.id):
        target.write(piece)
    return f"Wrote all that there is of {account.username}."


async def _purge_sessions(database: Database) -> str:
    return f"{await purge_sessions(database)} sessions were over, and are deleted."


async def _account(database: Database, username: str) -> StatusRow:
    found = await accounts.account_by_username(database, username)
    if found is None:
        raise OperatorError(f"There is no account {username}.")
    return found
