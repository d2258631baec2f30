"""The sections of a profile: eleven types behind one interface.

Static sections hold what their owner put there, dynamic ones are connections that obey the viewer's visibility.
"""

from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar

import strawberry
from strawberry import Parent

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import After, Before, Connection, First, Last, connection
from api.gql.enums import ImageFit, LinksShape, PeopleShape, SectionContentType, SectionType, TextAlignment
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Relay, Window
from api.gql.scalars import URL
from api.loaders.base import hydrated
from api.loaders.feeds import feed_pages
from api.loaders.media import ImagesByUserIdLoader
from api.loaders.profiles import ListMembersBySectionIdLoader
from api.loaders.users import FollowersByUserIdLoader, FollowingByUserIdLoader, FriendsByUserIdLoader
from api.types.media import Media
from api.types.posts import Post
from api.types.users import NEWEST_FIRST, User, people, reposted
from db.documents.section_config import section_config
from db.queries.media import MediaRow
from db.queries.posts import PostRow
from db.queries.profiles import SectionContentRow, SectionRow
from db.queries.users import UserRow


@strawberry.type(description="A piece of a section: a text, a link, a picture, or something shown from another site.")
class SectionContent(Node):
    id: strawberry.ID = node_id("SectionContent")
    title: str | None = strawberry.field(description="Its title; up to 200 characters.")
    content: str | None = strawberry.field(description="Its text, or what a picture shows.")

    @computed(graphql_type=SectionContentType, description="What it is.")
    @staticmethod
    def type(pieces: Sequence[SectionContentRow], _info: Info) -> Sequence[str]:
        return [piece.content_type for piece in pieces]

    @computed(graphql_type=URL | None, description="Where it leads to, or the address of what it shows.")
    @staticmethod
    def url(pieces: Sequence[SectionContentRow], info: Info) -> Sequence[str | None]:
        return info.context.absolute(piece.url for piece in pieces)

    is_type_of = presents(SectionContentRow)


def _setting(name: str, graphql_type: Any, description: str) -> Any:
    """A field that reads one key of the section's config through its pydantic model."""

    def resolve_setting(root: Parent[SectionRow]) -> Any:
        return getattr(section_config(SectionType(root.type), root.config), name)

    return strawberry.field(resolver=resolve_setting, graphql_type=graphql_type, description=description)


def _owners(sections: Sequence[SectionRow]) -> list[int]:
    return [section.user_id for section in sections]


@strawberry.interface(description="A part of a profile. Its type says what it shows.")
class ProfileSection(Node):
    section_type: ClassVar[SectionType]

    id: strawberry.ID = node_id("ProfileSection")
    title: str = strawberry.field(description="The title; up to 100 characters.")
    description: str | None = strawberry.field(description="A few words about it; up to 500 characters.")
    is_visible: bool = strawberry.field(description="Whether it is shown to others; hidden ones only the owner gets.")

    type: SectionType = strawberry.field(description="What it shows.")

    @classmethod
    def is_type_of(cls, source: object, _info: object) -> bool:
        return isinstance(source, SectionRow) and source.type == cls.section_type


@strawberry.interface(description="A section that holds what its owner put there.")
class StaticSection(ProfileSection):
    @relation(graphql_type=list[SectionContent], description="What the owner put there, in the owner's order.")
    @staticmethod
    def content(sections: Sequence[SectionRow], info: Info) -> Awaitable[Sequence[list[SectionContentRow]]]:
        return info.context.loaders.content_by_section_id.column([section.id for section in sections])


@strawberry.type(description="A section with a text.")
class StaticTextSection(StaticSection):
    section_type = SectionType.STATIC_TEXT

    alignment: TextAlignment = _setting("alignment", TextAlignment, "How the text is set.")


@strawberry.type(description="A section with pictures that the owner chose.")
class StaticImageSection(StaticSection):
    section_type = SectionType.STATIC_IMAGE

    fit: ImageFit = _setting("fit", ImageFit, "How a picture fills its place.")


@strawberry.type(description="A section with links.")
class LinksSection(StaticSection):
    section_type = SectionType.LINKS

    shape: LinksShape = _setting("shape", LinksShape, "How the links look.")


@strawberry.type(description="A section with videos.")
class VideoSection(StaticSection):
    section_type = SectionType.VIDEO

    autoplay: bool = _setting("autoplay", bool, "Whether a video starts by itself.")
    muted: bool = _setting("muted", bool, "Whether it starts without sound.")
    loop: bool = _setting("loop", bool, "Whether it begins again at its end.")


@strawberry.type(description="A section with the pictures of the owner's posts.")
class GallerySection(ProfileSection):
    section_type = SectionType.GALLERY

    columns: int = _setting("columns", int, "How many columns it has: 1 to 6.")
    limit: int = _setting("limit", int, "How many pictures the owner wants to show at first.")

    @connection(
        Media,
        keyset=Keyset("gallery", NEWEST_FIRST),
        description="The pictures of the owner's posts that the viewer may see, newest first.",
    )
    @staticmethod
    def media(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[MediaRow]]]:
        return info.context.loaders.page(ImagesByUserIdLoader, window).column(_owners(sections))


@strawberry.type(description="A section with the posts of one of the owner's feeds.")
class FeedSection(ProfileSection):
    section_type = SectionType.FEED

    limit: int = _setting("limit", int, "How many posts the owner wants to show at first.")

    @relation(
        graphql_type=Connection[Post] | None,
        description="The posts of the feed that the viewer may see; its rules speak of the owner's friends and "
        "follows. Null when the feed is gone.",
    )
    @staticmethod
    async def posts(
        sections: Sequence[SectionRow],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[PostRow] | None]:
        found = await info.context.loaders.feed_by_section_id.column([section.id for section in sections])
        feeds = [feed for feed in found if feed is not None]
        relay = Relay(first, after, last, before)
        pages = await feed_pages(info.context, info.context.loaders, feeds, relay, as_owner=True)
        by_section = {feed.section_id: found for feed, found in zip(feeds, pages, strict=True)}
        return [by_section.get(section.id) for section in sections]


@strawberry.type(description="A section with the posts that the owner reposted.")
class RepostsSection(ProfileSection):
    section_type = SectionType.REPOSTS

    limit: int = _setting("limit", int, "How many posts the owner wants to show at first.")
    show_comments: bool = _setting("show_comments", bool, "Whether the owner's words on a repost are shown.")

    @connection(
        Post,
        keyset=Keyset("reposts", NEWEST_FIRST),
        description="The posts that the owner reposted and the viewer may see, the latest repost first.",
    )
    @staticmethod
    def posts(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[PostRow]]]:
        return reposted(_owners(sections), info, window)


@strawberry.interface(description="A section with people.")
class PeopleSection(ProfileSection):
    limit: int = _setting("limit", int, "How many people the owner wants to show at first.")
    shape: PeopleShape = _setting("shape", PeopleShape, "How the people are laid out.")


@strawberry.type(description="A section with the owner's friends.")
class FriendsSection(PeopleSection):
    section_type = SectionType.FRIENDS

    @connection(
        User, keyset=Keyset("friends", NEWEST_FIRST), description="The owner's friends, the latest friendship first."
    )
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FriendsByUserIdLoader, _owners(sections), info, window)


@strawberry.type(description="A section with those who follow the owner.")
class FollowersSection(PeopleSection):
    section_type = SectionType.FOLLOWERS

    @connection(
        User, keyset=Keyset("followers", NEWEST_FIRST), description="Those who follow the owner, the latest first."
    )
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowersByUserIdLoader, _owners(sections), info, window)


@strawberry.type(description="A section with those whom the owner follows.")
class FollowingSection(PeopleSection):
    section_type = SectionType.FOLLOWING

    @connection(
        User, keyset=Keyset("following", NEWEST_FIRST), description="Those whom the owner follows, the latest first."
    )
    @staticmethod
    def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowingByUserIdLoader, _owners(sections), info, window)


@strawberry.type(description="A section with the members of one of the owner's lists.")
class ListSection(PeopleSection):
    section_type = SectionType.LIST

    @connection(
        User,
        keyset=Keyset("listMembers", NEWEST_FIRST),
        description="The members of the list, the latest first; none when the list is not public.",
    )
    @staticmethod
    async def users(sections: Sequence[SectionRow], info: Info, window: Window) -> Sequence[Page[UserRow]]:
        loaders = info.context.loaders
        links = await loaders.page(ListMembersBySectionIdLoader, window).column([section.id for section in sections])
        return await hydrated(links, "id", loaders.user_by_id)


SECTION_TYPES = (
    FeedSection,
    GallerySection,
    LinksSection,
    StaticTextSection,
    StaticImageSection,
    VideoSection,
    RepostsSection,
    FriendsSection,
    FollowersSection,
    FollowingSection,
    ListSection,
)
