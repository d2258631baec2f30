"""Sections that show posts, or the pictures of posts."""

from collections.abc import Awaitable, Sequence

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import After, Before, Connection, FirstOrLimit, Last, connection
from api.gql.enums import SectionType
from api.gql.pagination import Keyset, Page, Relay, Window
from api.loaders.feed_pages import NotRead, feed_pages
from api.loaders.media import ImagesByUserIdLoader
from api.types.feeds import Feed
from api.types.media import Media
from api.types.posts import Post
from api.types.sections.base import ProfileSection, limit_of, owners, setting
from api.types.users import NEWEST_FIRST, reposted
from db.queries.feeds import FeedRow
from db.queries.media import MediaRow
from db.queries.posts import PostRow
from db.queries.profiles import SectionRow


@strawberry.type(description="A section with the pictures of the owner's posts.")
class GallerySection(ProfileSection):
    section_type = SectionType.GALLERY

    limit: int = setting("limit", int, "How many pictures to show at first: 1 to 50. The default page size of `media`.")
    columns: int = setting("columns", int, "How many columns: 1 to 6.")

    @connection(
        Media,
        keyset=Keyset("gallery", NEWEST_FIRST),
        size=limit_of,
        description="The pictures of the owner's posts that the viewer may see, newest first.",
    )
    @staticmethod
    def media(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[MediaRow]]]:
        return info.context.loaders.page(ImagesByUserIdLoader, window).column(owners(sections))


@strawberry.interface(description="A section with a list of posts.")
class PostsSection(ProfileSection):
    limit: int = setting("limit", int, "How many posts to show at first: 1 to 50. The default page size of `posts`.")

    @connection(
        Post,
        keyset=Keyset("reposts", NEWEST_FIRST),
        size=limit_of,
        nullable=True,
        description="The posts that the viewer may see; null when the section shows a feed that is gone.",
    )
    @staticmethod
    def posts(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[PostRow]]]:
        raise NotImplementedError


@strawberry.type(
    description="A section with the posts of one of the owner's feeds. ME, FRIENDS and FOLLOWING in its rules mean the "
    "owner's."
)
class FeedSection(PostsSection):
    section_type = SectionType.FEED

    @relation(
        graphql_type=Connection[Post] | None,
        description="The posts of the feed that the viewer may see, in its order; null when the feed is gone.",
    )
    @staticmethod
    async def posts(
        sections: Sequence[SectionRow],
        info: Info,
        *,
        first: FirstOrLimit = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page[PostRow] | NotRead | None]:
        loaders = info.context.loaders
        found = await loaders.feed_by_section_id.column([section.id for section in sections])
        feeds = [feed for feed in found if feed is not None]
        limits = {section.id: limit_of(section) for section in sections}
        relays = [Relay(first, after, last, before).or_first(limits[feed.section_id]) for feed in feeds]
        pages = await feed_pages(info.context, loaders, feeds, relays, as_owner=True)
        by_section = {feed.section_id: found for feed, found in zip(feeds, pages, strict=True)}
        return [by_section.get(section.id) for section in sections]

    @relation(
        graphql_type=Feed | None,
        description="The feed; null when it is gone, or when the viewer may not open it on its own.",
    )
    @staticmethod
    async def feed(sections: Sequence[SectionRow], info: Info) -> Sequence[FeedRow | None]:
        loaders = info.context.loaders
        found = await loaders.feed_by_section_id.column([section.id for section in sections])
        return await loaders.feed_by_id.column([feed and feed.id for feed in found])


@strawberry.type(description="A section with the posts the owner reposted, the latest repost first.")
class RepostsSection(PostsSection):
    section_type = SectionType.REPOSTS

    show_comments: bool = setting("show_comments", bool, "Whether the owner's words on a repost are shown.")

    @connection(
        Post,
        keyset=Keyset("reposts", NEWEST_FIRST),
        size=limit_of,
        nullable=True,
        description="The posts that the owner reposted and the viewer may see, the latest repost first.",
    )
    @staticmethod
    def posts(sections: Sequence[SectionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[PostRow]]]:
        return reposted(owners(sections), info, window)
