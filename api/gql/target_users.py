"""The user that the input of a mutation names, in `userId`."""

import strawberry

from api.context import Info
from api.gql.ids import decode
from db.errors import NotFoundError, SelfReferenceError
from db.queries.users import UserRow


def other_user(info: Info, global_id: strawberry.ID) -> int:
    """The key of a user who is not the viewer."""
    user_id = decode(global_id, "User")
    if user_id == info.context.signed_in:
        raise SelfReferenceError(field=("user_id",))
    return user_id


async def visible_user(info: Info, user_id: int) -> UserRow:
    """The user that an input names, else NOT_FOUND."""
    user = await info.context.loaders.user_by_id.load(user_id)
    if user is None:
        raise NotFoundError(field=("user_id",))
    return user
