"""Groups: creating and renaming them, who is in them, and as what."""

from collections.abc import Iterable
from typing import Any

import strawberry

from api.context import Info
from api.gql.conversation_enums import ConversationRole
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.target_users import other_user, visible_user
from api.gql.user_errors import UserError
from api.inputs.groups import (
    AddConversationMembersInput,
    CreateConversationInput,
    LeaveConversationInput,
    RemoveConversationMemberInput,
    SetConversationRoleInput,
    UpdateConversationInput,
)
from api.types.conversations import Conversation
from api.types.payloads import NewEdge, changed_viewer, edge_of, new_edge
from api.types.viewer import CONVERSATIONS
from db.enums import ConversationKind
from db.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SelfReferenceError,
)
from db.queries import conversations, groups
from db.queries.conversations import ConversationRow
from db.queries.sessions import SessionRow

MOST_MEMBERS = 50
MOST_EVER = 500
"""How many people may ever have been in a group: who has left stays in its row."""


def _the_group(description: str = "The group.") -> Any:
    return strawberry.field(default=None, graphql_type=Conversation | None, description=description)


@strawberry.type(description="The result of `createConversation`.")
class CreateConversationPayload:
    conversation: ConversationRow | None = _the_group()
    conversation_edge: NewEdge | None = edge_of(Conversation, "The group as a new entry of `viewer.conversations`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateConversation`.")
class UpdateConversationPayload:
    conversation: ConversationRow | None = _the_group()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `addConversationMembers`.")
class AddConversationMembersPayload:
    conversation: ConversationRow | None = _the_group("The group, with its new members.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `removeConversationMember`.")
class RemoveConversationMemberPayload:
    conversation: ConversationRow | None = _the_group("The group, without the person.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `setConversationRole`.")
class SetConversationRolePayload:
    conversation: ConversationRow | None = _the_group("The group, with the role among its `members`.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `leaveConversation`.")
class LeaveConversationPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the group, which the viewer sees no more."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _created(info: Info, conversation_id: int) -> CreateConversationPayload:
    group = await _read(info, conversation_id)
    return CreateConversationPayload(conversation=group, conversation_edge=new_edge(CONVERSATIONS, group))


@strawberry.type
class GroupMutation:
    @mutation(
        description="Begins a group, whose admin the viewer is. It has at most 50 members. User errors: "
        "BAD_USER_INPUT, NOT_FOUND (one of the people), FORBIDDEN (one takes no messages from the viewer), CONFLICT.",
        creation=Creation("conversation", _created),
    )
    @staticmethod
    async def create_conversation(info: Info, input: CreateConversationInput) -> CreateConversationPayload:
        database, viewer = info.context.database, info.context.signed_in
        newcomers = await _newcomers(info, None, input.user_ids)
        try:
            created = await groups.create_group(database, viewer, input.title, newcomers)
        except NotFoundError:  # deleted since
            raise NotFoundError(field=("user_ids",)) from None
        return await _created(info, created)

    @mutation(
        description="Changes the title of a group. User errors: NOT_FOUND, FORBIDDEN (the viewer is no admin of it, or "
        "it is no group), BAD_USER_INPUT."
    )
    @staticmethod
    async def update_conversation(info: Info, input: UpdateConversationInput) -> UpdateConversationPayload:
        conversation_id = await _administered(info, input.conversation_id)
        await groups.rename_group(info.context.database, conversation_id, input.title)
        return UpdateConversationPayload(conversation=await _read(info, conversation_id))

    @mutation(
        description="Adds people to a group, who see what is written from now on. No error for those whom the viewer "
        "sees in it. User errors: NOT_FOUND (the group, or one of the people), FORBIDDEN (the viewer is no admin of "
        "it, it is no group, or one takes no messages from the viewer), BAD_USER_INPUT (the group is full: 50 members, "
        "500 people in all its time)."
    )
    @staticmethod
    async def add_conversation_members(info: Info, input: AddConversationMembersInput) -> AddConversationMembersPayload:
        database = info.context.database
        conversation_id = await _administered(info, input.conversation_id)
        newcomers = await _newcomers(info, conversation_id, input.user_ids)
        try:
            await groups.add_to_group(database, conversation_id, newcomers)
        except NotFoundError:  # deleted since
            raise NotFoundError(field=("user_ids",)) from None
        size = await groups.size_of_group(database, conversation_id)
        if size.present > MOST_MEMBERS:
            raise InvalidInputError(f"A group has at most {MOST_MEMBERS} members.", field=("user_ids",))
        if size.ever > MOST_EVER:
            message = f"{MOST_EVER} people have been in this group, which is the most. Begin another."
            raise InvalidInputError(message, field=("conversation_id",))
        return AddConversationMembersPayload(conversation=await _read(info, conversation_id))

    @mutation(
        description="Removes a person from a group, who sees nothing of it any more; also one whom the viewer cannot "
        "see. No error when they are not in it, or there is no such person. User errors: NOT_FOUND (the group), "
        "FORBIDDEN (the viewer is no admin of it, or it is no group), BAD_USER_INPUT (oneself: see "
        "`leaveConversation`)."
    )
    @staticmethod
    async def remove_conversation_member(
        info: Info, input: RemoveConversationMemberInput
    ) -> RemoveConversationMemberPayload:
        user_id = other_user(info, input.user_id)
        conversation_id = await _administered(info, input.conversation_id)
        await groups.leave_group(info.context.database, conversation_id, user_id)
        return RemoveConversationMemberPayload(conversation=await _read(info, conversation_id))

    @mutation(
        description="Makes a member of a group an admin, or an admin a mere member; the latter also with one whom the "
        "viewer cannot see, and without an error when they are no admin, not in it or nobody. User errors: NOT_FOUND "
        "(the group, or no such member is to be an admin), FORBIDDEN (the viewer is no admin of it, or it is no "
        "group), CONFLICT (it would be without an admin)."
    )
    @staticmethod
    async def set_conversation_role(info: Info, input: SetConversationRoleInput) -> SetConversationRolePayload:
        database, user_id = info.context.database, decode(input.user_id, "User")
        conversation_id = await _administered(info, input.conversation_id)
        is_admin = input.role is ConversationRole.ADMIN
        if is_admin:
            await visible_user(info, user_id)
        found = await groups.set_admin(database, conversation_id, user_id, is_admin=is_admin)
        if is_admin and not found:
            raise NotFoundError(field=("user_id",))
        if not is_admin and not await groups.has_other_admin(database, conversation_id, user_id):
            raise ConflictError("A group has at least one admin: name another first.", field=("role",))
        return SetConversationRolePayload(conversation=await _read(info, conversation_id))

    @mutation(
        description="Leaves a group, of which the viewer then sees nothing any more. When the last admin leaves, the "
        "member who has been in it for longest becomes one; when the last member leaves, the group is deleted. User "
        "errors: NOT_FOUND, FORBIDDEN (it is no group)."
    )
    @staticmethod
    async def leave_conversation(info: Info, input: LeaveConversationInput) -> LeaveConversationPayload:
        database, conversation_id = info.context.database, decode(input.conversation_id, "Conversation")
        await _membership(info, conversation_id)
        await groups.leave_group(database, conversation_id, info.context.signed_in)
        await groups.settle_groups(database, [conversation_id])
        return LeaveConversationPayload(deleted_id=input.conversation_id)


async def _membership(info: Info, conversation_id: int) -> bool:
    """Lock a group that the viewer is in: who is in it, and as what, stays so until the end. Whether as an admin."""
    database, viewer = info.context.database, info.context.signed_in
    locked = await conversations.lock_conversation(database, viewer, conversation_id)
    found = locked and await groups.own_membership(database, viewer, conversation_id)
    if found is None:
        raise NotFoundError(field=("conversation_id",))
    if found.kind != ConversationKind.GROUP:
        raise ForbiddenError("This is a conversation of two, and no group.", field=("conversation_id",))
    return found.is_admin


async def _administered(info: Info, given: str) -> int:
    """Lock a group whose admin the viewer is; its key."""
    conversation_id = decode(given, "Conversation")
    if not await _membership(info, conversation_id):
        raise ForbiddenError("Only an admin of the group may do this.", field=("conversation_id",))
    return conversation_id


async def _newcomers(info: Info, conversation_id: int | None, given: Iterable[str]) -> list[int]:
    """Those of these people who are not in the group. All must be seen, and take messages from the viewer."""
    viewer = info.context.signed_in
    ids = [decode(one, "User") for one in given]
    if viewer in ids:
        raise SelfReferenceError("You are in it already.", field=("user_ids", str(ids.index(viewer))))
    found = await conversations.recipients_by_ids(info.context.database, viewer, set(ids), conversation_id)
    people = {person.id: person for person in found}
    for place, user_id in enumerate(ids):
        field = ("user_ids", str(place))
        if user_id not in people:
            raise NotFoundError(field=field)
        if not people[user_id].is_member and not people[user_id].allowed:
            raise ForbiddenError("This person does not take messages from you.", field=field)
    return sorted(person.id for person in found if not person.is_member)


async def _read(info: Info, conversation_id: int) -> ConversationRow:
    """The group, after the change."""
    group = await info.context.loaders.conversation_by_id.load(conversation_id)
    if group is None:
        raise NotFoundError(field=("conversation_id",))
    return group
