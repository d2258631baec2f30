"""Following somebody, or asking them for permission, and ending what somebody else began."""

from typing import NamedTuple

import strawberry

from api.context import Info
from api.gql.ids import encode
from api.gql.target_users import visible_user
from db.queries import follow_requests, notifying, privacy, users
from db.queries.follow_requests import FollowRequestRow
from db.queries.users import UserRow


class Followed(NamedTuple):
    """Whom the viewer follows now, or whom it has asked; and the id of an earlier request that was deleted."""

    user: UserRow
    request: FollowRequestRow | None = None
    deleted_id: strawberry.ID | None = None


async def follow(info: Info, user_id: int) -> Followed:
    """Follow another user or, where they approve their followers, ask them. NOT_FOUND where there is no such user.

    Takes the lock of the pair and then that of the user's profile.
    """
    viewer, database = info.context.signed_in, info.context.database
    await privacy.lock_pair(database, viewer, user_id)
    request, deleted_id = None, None
    if await follow_requests.lock_approval(database, user_id):
        if await follow_requests.request_follow(database, viewer, user_id):
            await follow_requests.notify_follow_request(database, viewer, user_id)
        requests = await info.context.loaders.viewer_follow_requests_by_user_id.load(user_id)
        request = next((one for one in requests if one.target_id == user_id), None)
    elif await users.follow_user(database, viewer, user_id):
        deleted = await follow_requests.withdraw_follow_request(database, viewer, user_id)
        deleted_id = None if deleted is None else encode("FollowRequest", deleted)
        await notifying.notify_follow(database, viewer, user_id)
    return Followed(await visible_user(info, user_id), request, deleted_id)


async def remove_follower(info: Info, user_id: int) -> UserRow:
    """End a user's follow of the viewer, if there is one. NOT_FOUND where there is no such user."""
    viewer, database = info.context.signed_in, info.context.database
    await privacy.lock_pair(database, viewer, user_id)
    if await privacy.remove_follower(database, viewer, user_id):
        await notifying.withdraw_acquaintance(database, viewer, user_id)
    return await visible_user(info, user_id)
