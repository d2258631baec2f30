"""Sections that show people."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import connection
from api.gql.enums import SectionShape, SectionType
from api.gql.pagination import Keyset, Page, Window
from api.loaders.lists import MembersByListIdLoader
from api.loaders.users import FollowersByUserIdLoader, FollowingByUserIdLoader, FriendsByUserIdLoader
from api.types.lists import UserList
from api.types.sections.base import ProfileSection, limit_of, owners, setting, setting_of
from api.types.users import NEWEST_FIRST, User, people
from db.queries.lists import ListRow
from db.queries.profiles import SectionRow
from db.queries.users import UserRow

_People = Callable[[Sequence[SectionRow], Info, Window], Awaitable[Sequence[Page[UserRow]]]]


# A list that is not there has no members.
_NO_LIST = 0


async def _lists(sections: Sequence[SectionRow], info: Info) -> Sequence[ListRow | None]:
    """The lists that the viewer may see, each one of the section's owner."""
    found = await info.context.loaders.list_by_id.column([setting_of(section, "list_id") for section in sections])
    return [
        one if one is not None and one.user_id == section.user_id else None
        for section, one in zip(sections, found, strict=True)
    ]


def _users(field: str, description: str) -> Callable[[_People], Any]:
    """The `users` of a section; `field` binds the cursors."""
    return connection(User, keyset=Keyset(field, NEWEST_FIRST), size=limit_of, description=description)


@strawberry.interface(description="A section with a list of people.")
class PeopleSection(ProfileSection):
    limit: int = setting("limit", int, "How many people to show at first: 1 to 50. The default page size of `users`.")
    shape: SectionShape = setting("shape", SectionShape, "How the people are laid out: GRID or LIST.")

    @_users("followers", "The people whom the viewer may see, the latest first.")
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        raise NotImplementedError


@strawberry.type(description="A section with the owner's friends, the latest friendship first.")
class FriendsSection(PeopleSection):
    section_type = SectionType.FRIENDS

    @_users("friends", "The owner's friends, the latest friendship first.")
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FriendsByUserIdLoader, owners(sections), info, window)


@strawberry.type(description="A section with the people who follow the owner.")
class FollowersSection(PeopleSection):
    section_type = SectionType.FOLLOWERS

    @_users("followers", "The owner's followers, the latest first.")
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowersByUserIdLoader, owners(sections), info, window)


@strawberry.type(description="A section with the people the owner follows.")
class FollowingSection(PeopleSection):
    section_type = SectionType.FOLLOWING

    @_users("following", "The people whom the owner follows, the latest first.")
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowingByUserIdLoader, owners(sections), info, window)


@strawberry.type(
    description="A section with the members of one of the owner's public lists; empty while the list is not public."
)
class ListSection(PeopleSection):
    section_type = SectionType.LIST

    @_users("listMembers", "The members of the list, the latest first; none when the list is not public.")
    @staticmethod
    async def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Sequence[Page[UserRow]]:
        lists = await _lists(sections, info)
        return await people(MembersByListIdLoader, [_NO_LIST if one is None else one.id for one in lists], info, window)

    @relation(
        graphql_type=UserList | None,
        description="The list; null when it is gone, or when the viewer may not see it.",
    )
    @staticmethod
    def list(sections: Sequence[SectionRow], info: Info) -> Awaitable[Sequence[ListRow | None]]:
        return _lists(sections, info)
