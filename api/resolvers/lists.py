"""Lists of people: look-up, creating, changing and deleting them, and who is on them."""

from typing import Annotated, Any

import strawberry

from api.context import Info
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.target_users import visible_user
from api.gql.user_errors import UserError
from api.inputs.lists import (
    AddListMemberInput,
    CreateListInput,
    DeleteListInput,
    RemoveListMemberInput,
    UpdateListInput,
)
from api.types.lists import MEMBERS, UserList
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.users import User
from api.types.viewer_people import LISTS
from db.errors import InvalidInputError, NotFoundError
from db.queries import lists
from db.queries.lists import ListRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow

MOST_LISTS = 100

ListId = Annotated[strawberry.ID, strawberry.argument(description="The id of the list.")]


@strawberry.type
class ListQuery:
    @strawberry.field(
        name="list",
        graphql_type=UserList | None,
        description="A list of people: one of the viewer's, or a public one of somebody whose profile the viewer may "
        "see. Null when there is none.",
        extensions=active(),
    )
    async def user_list(self, info: Info, id: ListId) -> ListRow | None:
        return await info.context.loaders.list_by_id.load(decode(id, "UserList"))


def _the_list(description: str) -> Any:
    return strawberry.field(name="list", default=None, graphql_type=UserList | None, description=description)


@strawberry.type(description="The result of `createList`.")
class CreateListPayload:
    user_list: ListRow | None = _the_list("The new list.")
    list_edge: NewEdge | None = edge_of(UserList, "The list as a new entry of `viewer.lists`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateList`.")
class UpdateListPayload:
    user_list: ListRow | None = _the_list("The list.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteList`.")
class DeleteListPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the deleted list.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `addListMember`.")
class AddListMemberPayload:
    user_list: ListRow | None = _the_list("The list, with its new count.")
    user: UserRow | None = strawberry.field(default=None, graphql_type=User | None, description="The person.")
    member_edge: NewEdge | None = edge_of(User, "The person as a new entry of `UserList.members`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `removeListMember`.")
class RemoveListMemberPayload:
    user_list: ListRow | None = _the_list("The list, with its new count.")
    user: UserRow | None = strawberry.field(default=None, graphql_type=User | None, description="The person.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _own_list(info: Info, list_id: int) -> ListRow:
    """A list that the viewer has just written to."""
    found = await info.context.loaders.list_by_id.load(list_id)
    if found is None:
        raise NotFoundError(field=("list_id",))
    return found


async def _created(info: Info, list_id: int) -> CreateListPayload:
    found = await _own_list(info, list_id)
    return CreateListPayload(user_list=found, list_edge=new_edge(LISTS, found))


@strawberry.type
class ListMutation:
    @mutation(
        description=f"Creates a list of people. An account has at most {MOST_LISTS}. User errors: BAD_USER_INPUT (also "
        "for one list too many), CONFLICT (the viewer has a list of this name), NOT_FOUND (one of the people).",
        creation=Creation("user_list", _created),
    )
    @staticmethod
    async def create_list(info: Info, input: CreateListInput) -> CreateListPayload:
        viewer, database = info.context.signed_in, info.context.database
        members = {decode(user_id, "User") for user_id in input.user_ids}
        await lists.lock_lists_of_user(database, viewer)
        if await lists.count_lists(database, viewer) >= MOST_LISTS:
            raise InvalidInputError(f"You have {MOST_LISTS} lists already, which is the most.")
        created = await lists.create_list(
            database, viewer, input.name, input.description or None, is_public=input.is_public
        )
        if members and await lists.add_members(database, viewer, created, members) < len(members):
            raise NotFoundError(field=("user_ids",))
        return await _created(info, created)

    @mutation(
        description="Changes the name, description or audience of a list. What is absent or null stays as it is. User "
        "errors: NOT_FOUND, BAD_USER_INPUT, CONFLICT (the viewer has another list of this name)."
    )
    @staticmethod
    async def update_list(info: Info, input: UpdateListInput) -> UpdateListPayload:
        viewer, database, list_id = info.context.signed_in, info.context.database, decode(input.list_id, "UserList")
        if not await lists.update_list(database, viewer, list_id, input.name, input.description, input.is_public):
            raise NotFoundError(field=("list_id",))
        return UpdateListPayload(user_list=await _own_list(info, list_id))

    @mutation(
        description="Deletes a list. Sections and feeds that are made from it show nobody of it any more. User errors: "
        "NOT_FOUND."
    )
    @staticmethod
    async def delete_list(info: Info, input: DeleteListInput) -> DeleteListPayload:
        viewer, database = info.context.signed_in, info.context.database
        if not await lists.delete_list(database, viewer, decode(input.list_id, "UserList")):
            raise NotFoundError(field=("list_id",))
        return DeleteListPayload(deleted_id=input.list_id)

    @mutation(
        description="Puts a person on a list, who is not notified. A list has at most 1,000 people. No error when they "
        "are on it. User errors: NOT_FOUND, BAD_USER_INPUT (the list is full)."
    )
    @staticmethod
    async def add_list_member(info: Info, input: AddListMemberInput) -> AddListMemberPayload:
        viewer, database = info.context.signed_in, info.context.database
        list_id, user_id = decode(input.list_id, "UserList"), decode(input.user_id, "User")
        if not await lists.lock_list(database, viewer, list_id):
            raise NotFoundError(field=("list_id",))
        user = await visible_user(info, user_id)
        added = await lists.add_member(database, viewer, list_id, user_id)
        if added is None:
            raise InvalidInputError("This list has 1,000 people, which is the most.", field=("list_id",))
        edge = new_edge(MEMBERS, added, user)
        return AddListMemberPayload(user_list=await _own_list(info, list_id), user=user, member_edge=edge)

    @mutation(description="Takes a person from a list. No error when they are not on it. User errors: NOT_FOUND.")
    @staticmethod
    async def remove_list_member(info: Info, input: RemoveListMemberInput) -> RemoveListMemberPayload:
        viewer, database = info.context.signed_in, info.context.database
        list_id, user_id = decode(input.list_id, "UserList"), decode(input.user_id, "User")
        if not await lists.lock_list(database, viewer, list_id):
            raise NotFoundError(field=("list_id",))
        user = await visible_user(info, user_id)
        await lists.remove_member(database, viewer, list_id, user_id)
        return RemoveListMemberPayload(user_list=await _own_list(info, list_id), user=user)
