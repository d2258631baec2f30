"""Accounts: who the viewer is, its name and settings, and leaving for good."""

from dataclasses import asdict
from datetime import datetime
from functools import partial

import strawberry

from api.context import Context, Info
from api.gql.mutation import in_transaction, mutation, user_errors
from api.gql.permissions import AllowsSuspended
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangeUsernameInput, DeleteAccountInput, UpdateAccountSettingsInput
from api.resolvers.passwords import confirmed, require_unchanged
from api.resolvers.sessions import leave
from api.types.settings import AccountSettings
from api.types.viewer import Viewer
from db.errors import ConflictError
from db.queries import accounts, audit, sessions, verification
from db.queries.accounts import DELETION_GRACE, AccountSettingsRow, CredentialsRow
from db.queries.audit import Action
from db.queries.sessions import SessionRow


@strawberry.type
class AccountQuery:
    @strawberry.field(
        graphql_type=Viewer | None,
        description="The signed-in user; null when signed out.",
        directives=[AllowsSuspended()],
    )
    async def viewer(self, info: Info) -> SessionRow | None:
        return await info.context.session()


@strawberry.type(description="The outcome of `changeUsername`.")
class ChangeUsernamePayload:
    viewer: SessionRow | None = strawberry.field(
        default=None, graphql_type=Viewer | None, description="The viewer, under the new name."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `updateAccountSettings`.")
class UpdateAccountSettingsPayload:
    settings: AccountSettingsRow | None = strawberry.field(
        default=None, graphql_type=AccountSettings | None, description="What the viewer has chosen now."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `deleteAccount`.")
class DeleteAccountPayload:
    deletes_at: datetime | None = strawberry.field(
        default=None, description="When the account will be gone for good. Until then its owner can log in and cancel."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The outcome of `cancelAccountDeletion`.")
class CancelAccountDeletionPayload:
    viewer: SessionRow | None = strawberry.field(
        default=None, graphql_type=Viewer | None, description="The viewer, whose account is as it was."
    )
    user_errors: list[UserError] = user_errors()


async def _store_deletion(context: Context, viewer: CredentialsRow) -> datetime:
    database, user_id = context.database, viewer.id
    await require_unchanged(database, viewer)
    deleted_at = await accounts.delete_account(database, user_id)
    if deleted_at is None:
        raise ConflictError("The account is deleted already.")
    await verification.void_tokens(database, user_id)
    await sessions.revoke_other_sessions(database, user_id, None)
    await audit.insert_entry(database, user_id, Action.ACCOUNT_DELETED, context.client.address)
    return deleted_at


async def _restored(context: Context, session: SessionRow) -> SessionRow:
    database = context.database
    status = await accounts.cancel_account_deletion(database, session.id)
    if status is None:
        raise ConflictError("There is no deletion to cancel: the account is not deleted, or it is deleted for good.")
    await audit.insert_entry(database, session.id, Action.ACCOUNT_DELETION_CANCELED, context.client.address)
    return session._replace(status=status)


@strawberry.type
class AccountMutation:
    @mutation(description="Change the viewer's user name.")
    @staticmethod
    async def change_username(info: Info, input: ChangeUsernameInput) -> ChangeUsernamePayload:
        context = info.context
        session = await context.own_session()
        await accounts.set_username(context.database, session.id, input.username)
        await audit.insert_entry(
            context.database,
            session.id,
            Action.USERNAME_CHANGED,
            context.client.address,
            old=session.username,
            new=input.username,
        )
        renamed = session._replace(username=input.username)
        context.become(renamed)
        return ChangeUsernamePayload(viewer=renamed)

    @mutation(description="Choose which events are reported by e-mail.")
    @staticmethod
    async def update_account_settings(info: Info, input: UpdateAccountSettingsInput) -> UpdateAccountSettingsPayload:
        context, viewer = info.context, info.context.signed_in
        await accounts.update_account_settings(context.database, viewer, asdict(input))
        return UpdateAccountSettingsPayload(settings=await context.loaders.account_settings_by_user_id.load(viewer))

    @mutation(
        description="Delete the viewer's account: nobody sees it any more, all sessions end, all links that were sent "
        "by e-mail stop working, and 30 days later it is gone for good. RATE_LIMITED when there were too many e-mails "
        "at the account's request.",
        allows_suspended=True,
        transactional=False,  # no connection is held while the password is being checked
    )
    @staticmethod
    async def delete_account(info: Info, input: DeleteAccountInput) -> DeleteAccountPayload:
        context, services = info.context, info.context.services
        viewer = await confirmed(context, input.password, "password")
        await services.throttle.sender(context.client.network, viewer.id)
        notice = services.letters.deletion_begun(viewer.email, viewer.username, DELETION_GRACE.days)
        deleted_at = await in_transaction(
            context, partial(_store_deletion, context, viewer), notices=lambda _: (notice,)
        )
        leave(context)
        return DeleteAccountPayload(deletes_at=deleted_at + DELETION_GRACE)

    @mutation(
        description="Cancel the deletion of the viewer's account, before `deletesAt`: within 30 days, unless an "
        "operator has deleted it for good before. CONFLICT after that, and when the account is not deleted.",
        allows_suspended=True,
        transactional=False,
    )
    @staticmethod
    async def cancel_account_deletion(info: Info) -> CancelAccountDeletionPayload:
        context = info.context
        session = await context.own_session()
        restored = await in_transaction(context, partial(_restored, context, session))
        context.become(restored)
        return CancelAccountDeletionPayload(viewer=restored)
