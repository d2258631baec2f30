"""Blocking, muting, and what the viewer lets others see and do."""

from asyncio import gather

import strawberry

from api.context import Info
from api.following.follows import remove_follower
from api.gql.ids import decode, encode
from api.gql.mutation import mutation, user_errors
from api.gql.target_users import other_user, visible_user
from api.gql.user_errors import UserError
from api.inputs.privacy import (
    BlockUserInput,
    MuteUserInput,
    RemoveFollowerInput,
    UnblockUserInput,
    UnmuteUserInput,
    UpdatePrivacyInput,
)
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.privacy import BlockedUser, Privacy
from api.types.profiles import Profile
from api.types.users import User
from api.types.viewer_people import BLOCKED, MUTED
from db.errors import NotFoundError
from db.queries import follow_requests, notifying, privacy
from db.queries.privacy import BlockedUserRow, PrivacyRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow, UserRow


@strawberry.type(description="The result of `blockUser`.")
class BlockUserPayload:
    blocked: BlockedUserRow | None = strawberry.field(
        default=None, graphql_type=BlockedUser | None, description="The block."
    )
    blocked_edge: NewEdge | None = edge_of(BlockedUser, "The block as a new entry of `viewer.blocked`.")
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of the person, who is no longer visible: remove them from lists and caches.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unblockUser`.")
class UnblockUserPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the block, which is gone; also where there was none."
    )
    user: UserRow | None = strawberry.field(
        default=None,
        graphql_type=User | None,
        description="The person; null while they block the viewer.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `muteUser`.")
class MuteUserPayload:
    user: UserRow | None = strawberry.field(default=None, graphql_type=User | None, description="The person.")
    muted_edge: NewEdge | None = edge_of(User, "The person as a new entry of `viewer.muted`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `unmuteUser`.")
class UnmuteUserPayload:
    user: UserRow | None = strawberry.field(default=None, graphql_type=User | None, description="The person.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `removeFollower`.")
class RemoveFollowerPayload:
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The person, who no longer follows the viewer."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updatePrivacy`.")
class UpdatePrivacyPayload:
    privacy: PrivacyRow | None = strawberry.field(
        default=None, graphql_type=Privacy | None, description="The settings after the change."
    )
    profile: ProfileRow | None = strawberry.field(
        default=None,
        graphql_type=Profile | None,
        description="The viewer's profile, whose `visibility` may have changed.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PrivacyMutation:
    @mutation(
        description="Blocks a person: neither sees the other, nor what the other writes, anywhere. Ends the "
        "follows and requests between the two and their friendship; notifications of what one did are hidden from "
        "the other, and later deleted: those that the viewer has not read, at once. Everything else is only hidden: "
        "comments and reposts of one on the other's posts from everybody. Blocking twice is no error. "
        "User errors: NOT_FOUND, BAD_USER_INPUT (oneself)."
    )
    @staticmethod
    async def block_user(info: Info, input: BlockUserInput) -> BlockUserPayload:
        viewer, database, user_id = info.context.signed_in, info.context.database, other_user(info, input.user_id)
        await privacy.lock_pair(database, viewer, user_id)
        if await privacy.block_user(database, viewer, user_id):
            await privacy.sever(database, viewer, user_id)
            await follow_requests.delete_follow_requests_between(database, viewer, user_id)
            await notifying.withdraw_acquaintance(database, viewer, user_id)
            await notifying.delete_unread_notifications_by(database, viewer, user_id)
        blocked = await info.context.loaders.blocked_user_by_id.load(user_id)
        if blocked is None:
            raise NotFoundError(field=("user_id",))
        return BlockUserPayload(blocked=blocked, blocked_edge=new_edge(BLOCKED, blocked), deleted_id=input.user_id)

    @mutation(
        description="Ends a block. What was hidden is visible again; follows are not restored. No error without a "
        "block. User errors: NOT_FOUND (there is no such person, or they block the viewer)."
    )
    @staticmethod
    async def unblock_user(info: Info, input: UnblockUserInput) -> UnblockUserPayload:
        user_id = decode(input.user_id, "User")
        if await privacy.unblock_user(info.context.database, info.context.signed_in, user_id):
            user = await info.context.loaders.user_by_id.load(user_id)
        else:
            user = await visible_user(info, user_id)
        return UnblockUserPayload(deleted_id=encode("BlockedUser", user_id), user=user)

    @mutation(
        description="Mutes a person, who is not notified: their posts leave the viewer's feeds, and nothing they "
        "do notifies the viewer. They can still be found and read. Muting twice is no error. User "
        "errors: NOT_FOUND, BAD_USER_INPUT (oneself)."
    )
    @staticmethod
    async def mute_user(info: Info, input: MuteUserInput) -> MuteUserPayload:
        user_id = other_user(info, input.user_id)
        viewer, database = info.context.signed_in, info.context.database
        await privacy.mute_user(database, viewer, user_id)
        user, muted = await gather(visible_user(info, user_id), privacy.mute_of_user(database, viewer, user_id))
        edge = muted and new_edge(MUTED, muted, user)
        return MuteUserPayload(user=user, muted_edge=edge)

    @mutation(description="Ends the mute of a person. No error without one. User errors: NOT_FOUND.")
    @staticmethod
    async def unmute_user(info: Info, input: UnmuteUserInput) -> UnmuteUserPayload:
        user_id = decode(input.user_id, "User")
        await privacy.unmute_user(info.context.database, info.context.signed_in, user_id)
        return UnmuteUserPayload(user=await visible_user(info, user_id))

    @mutation(
        description="Ends a person's follow of the viewer, and with it a friendship. They are not notified; unless the "
        "viewer's profile is PUBLIC they have to ask before they follow again. No error when they do not follow. User "
        "errors: NOT_FOUND."
    )
    @staticmethod
    async def remove_follower(info: Info, input: RemoveFollowerInput) -> RemoveFollowerPayload:
        return RemoveFollowerPayload(user=await remove_follower(info, decode(input.user_id, "User")))

    @mutation(
        description="Chooses what others may see and do. What is absent or null stays as it is. Whoever follows the "
        "viewer goes on following; requests to follow wait on for an answer, also when the profile becomes PUBLIC and "
        "the people may follow at once."
    )
    @staticmethod
    async def update_privacy(info: Info, input: UpdatePrivacyInput) -> UpdatePrivacyPayload:
        viewer, database = info.context.signed_in, info.context.database
        if input.profile_visibility is not None:
            await privacy.set_profile_visibility(database, viewer, input.profile_visibility.value)
        audience = input.allow_messages_from
        await privacy.set_audiences(database, viewer, audience and audience.value, input.show_followers)
        if input.discoverable_in_feeds is not None:
            change = privacy.opt_into_feeds if input.discoverable_in_feeds else privacy.opt_out_of_feeds
            await change(database, viewer)
        loaders = info.context.loaders
        changed, profile = await gather(loaders.privacy_by_user_id.load(viewer), loaders.profile_by_id.load(viewer))
        return UpdatePrivacyPayload(privacy=changed, profile=profile)
