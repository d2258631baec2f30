"""Accounts: who the viewer is, their name and settings, and deleting the account."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from api.accounts import deletion
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import ALSO_SUSPENDED, AllowsSuspended
from api.gql.user_errors import UserError
from api.inputs.accounts import ChangeUsernameInput, DeleteAccountInput, UpdateAccountSettingsInput
from api.types.payloads import changed_viewer
from api.types.settings import AccountSettings
from api.types.users import User
from api.types.viewer import Viewer
from db.queries import accounts, audit
from db.queries.accounts import AccountSettingsRow
from db.queries.audit import Action
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


@strawberry.type
class AccountQuery:
    @strawberry.field(
        graphql_type=Viewer | None,
        description=f"The signed-in account with everything private to it; null when signed out. {ALSO_SUSPENDED}",
        directives=[AllowsSuspended()],
    )
    async def viewer(self, info: Info) -> SessionRow | None:
        return await info.context.session()


@strawberry.type(description="The result of `changeUsername`.")
class ChangeUsernamePayload:
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The viewer as others see them."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateAccountSettings`.")
class UpdateAccountSettingsPayload:
    settings: AccountSettingsRow | None = strawberry.field(
        default=None, graphql_type=AccountSettings | None, description="The settings after the change."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteAccount`.")
class DeleteAccountPayload:
    deletes_at: datetime | None = strawberry.field(
        default=None,
        description="When the account will be deleted for good. Until then its owner can sign in and cancel.",
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `cancelAccountDeletion`.")
class CancelAccountDeletionPayload:
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class AccountMutation:
    @mutation(
        description="Changes the user name. The old name is free for others at once. User errors: BAD_USER_INPUT, "
        "DUPLICATE_USERNAME."
    )
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
        context.become(session._replace(username=input.username))
        return ChangeUsernamePayload(user=await context.loaders.user_by_id.load(session.id))

    @mutation(description="Chooses which events e-mail reports. What is absent or null stays as it is.")
    @staticmethod
    async def update_account_settings(info: Info, input: UpdateAccountSettingsInput) -> UpdateAccountSettingsPayload:
        context, viewer = info.context, info.context.signed_in
        await accounts.update_account_settings(context.database, viewer, asdict(input))
        return UpdateAccountSettingsPayload(settings=await context.loaders.account_settings_by_user_id.load(viewer))

    @mutation(
        description="Deletes the account: nobody sees it any more, all sessions end, all links that were sent by "
        "e-mail stop working, and 30 days later it is deleted for good. User errors: "
        "INVALID_CREDENTIALS, CONFLICT (it is deleted already), RATE_LIMITED (too many e-mails at the "
        "account's request).",
        allows_suspended=True,
        transactional=False,  # no connection is held while the password is being checked
    )
    @staticmethod
    async def delete_account(info: Info, input: DeleteAccountInput) -> DeleteAccountPayload:
        return DeleteAccountPayload(deletes_at=await deletion.delete_account(info.context, input.password))

    @mutation(
        description="Cancels the deletion of the account before `deletesAt`: within 30 days, unless an operator "
        "has deleted it for good before. User errors: CONFLICT (no deletion was asked for, or it is "
        "too late).",
        allows_suspended=True,
        transactional=False,
    )
    @staticmethod
    async def cancel_account_deletion(info: Info) -> CancelAccountDeletionPayload:
        await deletion.cancel_deletion(info.context)
        return CancelAccountDeletionPayload()
