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
from api.types.sections.base import ProfileSection, limit_of, owners, setting, setting_of
from api.types.users import NEWEST_FIRST, reposted
from db.queries.feeds import FeedRow, SectionFeedRow
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


async def _feeds(sections: Sequence[SectionRow], info: Info) -> Sequence[SectionFeedRow | None]:
    """The feeds of these sections, each one of the section's owner."""
    keys = [setting_of(section, "feed_id") for section in sections]
    found = await info.context.loaders.section_feed_by_id.column(keys)
    return [
        one if one is not None and one.user_id == section.user_id else None
        for section, one in zip(sections, found, strict=True)
    ]


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
        found = await _feeds(sections, info)
        shown = [(section, feed) for section, feed in zip(sections, found, strict=True) if feed is not None]
        relays = [Relay(first, after, last, before).or_first(limit_of(section)) for section, _ in shown]
        pages = await feed_pages(info.context, loaders, [feed for _, feed in shown], relays, as_owner=True)
        by_section = {section.id: page for (section, _), page in zip(shown, pages, strict=True)}
        return [by_section.get(section.id) for section in sections]

    @relation(
        graphql_type=Feed | None,
        description="The feed; null when it is gone, or when the viewer may not open it on its own.",
    )
    @staticmethod
    async def feed(sections: Sequence[SectionRow], info: Info) -> Sequence[FeedRow | None]:
        found = await _feeds(sections, info)
        return await info.context.loaders.feed_by_id.column([feed and feed.id for feed in found])


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
