"""Posts."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Any

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import by_time, connection
from api.gql.enums import PostStatus, PostType, Visibility
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.scalars import HTML, URL, LanguageTag
from api.gql.visibility import owned
from api.loaders.authoring import RevisionsByPostIdLoader
from api.loaders.base import hydrated
from api.loaders.comments import CommentsByPostIdLoader
from api.loaders.post_texts import mentioned, post_htmls
from api.loaders.posts import LikersByPostIdLoader
from api.loaders.reposts import RepostsByPostIdLoader
from api.types.comments import Comment
from api.types.media import Media
from api.types.post_revisions import PostRevision
from api.types.reposts import Repost
from api.types.users import NEWEST_FIRST, User
from db.queries.comments import CommentRow
from db.queries.media import MediaRow
from db.queries.posts import PostRow
from db.queries.reposts import RepostRow
from db.queries.users import UserRow

COMMENTS = by_time("comments")


def _interacted(posts: Sequence[PostRow], info: Info, name: str) -> Awaitable[Sequence[bool]]:
    loader = info.context.loaders.viewer_interactions_by_post_id
    return loader.column([post.id for post in posts], lambda found: name in found)


@strawberry.type(description="Something that a person published, or is about to. What it holds depends on `type`.")
class Post(Node):
    id: strawberry.ID = node_id("Post")
    title: str | None = strawberry.field(description="The title, up to 200 characters; null when it has none.")
    content: str | None = strawberry.field(
        description="The text as it was written, in Markdown: up to 500 characters in TEXT_SHORT, up to 10,000 "
        "otherwise. Null when a media post has none."
    )
    language: LanguageTag | None = strawberry.field(
        description="The language of the text, stated by the author or detected; null when it is not known."
    )
    is_language_detected: bool = strawberry.field(description="Whether `language` was detected rather than stated.")
    tags: list[str] = strawberry.field(description="Its tags in lower case without `#`, in order of appearance.")
    likes_count: int = strawberry.field(
        description="How many people like it, counting also people the viewer cannot see."
    )
    comments_count: int = strawberry.field(
        description="How many comments and replies it has, deleted ones not counted."
    )
    reposts_count: int = strawberry.field(description="How many people reposted it.")
    views_count: int = strawberry.field(
        description="How often it was looked at: through `Query.post`, by each viewer once an hour (in each process of "
        "the server), and when `markSeen` notes it for the first time, unless that viewer was counted within the hour. "
        "The author never counts. Up to date within some seconds."
    )
    created_at: datetime = strawberry.field(description="When it was published, or begun while it is not.")
    published_at: datetime | None = strawberry.field(description="When it was published; null before that.")
    edited_at: datetime | None = strawberry.field(
        description="When its author last changed it after publishing; null if never."
    )
    deleted_at: datetime | None = strawberry.field(
        description="When it was deleted; null unless its status is DELETED. It can be restored for 30 days."
    )

    type: PostType = strawberry.field(description="What the post is made of.")
    status: PostStatus = strawberry.field(
        description="Where it stands. Everything but PUBLISHED is visible to its author alone."
    )
    visibility: Visibility = strawberry.field(description="Who may see it, unless its author's profile is stricter.")

    @computed(
        graphql_type=datetime | None,
        description="When it will be published; null unless its status is SCHEDULED.",
    )
    @staticmethod
    def scheduled_for(posts: Sequence[PostRow], _info: Info) -> Sequence[datetime | None]:
        return [post.scheduled_for if post.status == "scheduled" else None for post in posts]

    @computed(graphql_type=URL | None, description="The address of a small picture of it; null where there is none.")
    @staticmethod
    def thumbnail_url(posts: Sequence[PostRow], info: Info) -> Sequence[str | None]:
        return info.context.file_urls(post.thumbnail_url for post in posts)

    @computed(
        graphql_type=URL | None,
        description="The address of its page on the web site; null where the server knows none. Whoever opens it sees "
        "what they may see.",
    )
    @staticmethod
    def url(posts: Sequence[PostRow], info: Info) -> Sequence[str | None]:
        return [info.context.post_page(post.id) for post in posts]

    @computed(graphql_type=bool, description="Whether it is the viewer's own, to change and to delete.")
    @staticmethod
    def viewer_can_edit(posts: Sequence[PostRow], info: Info) -> Sequence[bool]:
        return owned(posts, info.context)

    @relation(graphql_type=User | None, description="Who wrote it; null only when the account has just been deleted.")
    @staticmethod
    def author(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([post.user_id for post in posts])

    @relation(
        graphql_type=list[Media],
        description="Its files in the order in which to show them.",
    )
    @staticmethod
    def media(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[list[MediaRow]]]:
        return info.context.loaders.media_by_post_id.column([post.id for post in posts])

    @relation(
        graphql_type=HTML | None,
        description="The text rendered, with links for addresses, tags and mentions; null when `content` is. Links to "
        "people (`/@name`) and tags (`/tags/tag`) begin with a slash: they lead to pages of the web site. A name is a "
        "link while it is the name of somebody in `mentions`.",
    )
    @staticmethod
    async def content_html(posts: Sequence[PostRow], info: Info) -> Sequence[str | None]:
        return await post_htmls(info.context.loaders, [post.id for post in posts])

    @relation(
        graphql_type=list[User],
        description="The people it mentions whom the viewer may see, in order of appearance; at most 20.",
    )
    @staticmethod
    async def mentions(posts: Sequence[PostRow], info: Info) -> Sequence[list[UserRow]]:
        return await mentioned(info.context.loaders, [post.id for post in posts])

    @connection(
        PostRevision,
        keyset=Keyset("revisions", ("replaced_at", "id")),
        nullable=True,
        description="What it was before each edit, the latest version first. For its author only; null for everyone "
        "else.",
    )
    @staticmethod
    async def revisions(posts: Sequence[PostRow], info: Info, window: Window) -> Sequence[Any]:
        pages = await info.context.loaders.page(RevisionsByPostIdLoader, window).column([post.id for post in posts])
        return [page if own else None for page, own in zip(pages, owned(posts, info.context), strict=True)]

    @connection(
        Comment,
        keyset=COMMENTS,
        description="The comments on it that are not replies. Replies are in `Comment.replies`.",
    )
    @staticmethod
    def comments(posts: Sequence[PostRow], info: Info, window: Window) -> Awaitable[Sequence[Page[CommentRow]]]:
        return info.context.loaders.page(CommentsByPostIdLoader, window).column([post.id for post in posts])

    @connection(
        User,
        keyset=Keyset("likers", NEWEST_FIRST),
        description="The people who like it and whom the viewer may see, the latest like first.",
    )
    @staticmethod
    async def likers(posts: Sequence[PostRow], info: Info, window: Window) -> Sequence[Page[UserRow]]:
        loaders = info.context.loaders
        likes = await loaders.page(LikersByPostIdLoader, window).column([post.id for post in posts])
        return await hydrated(likes, "user_id", loaders.user_by_id)

    @connection(
        User,
        keyset=Keyset("reposters", NEWEST_FIRST),
        description="The people who reposted it and whose profile the viewer may see, the latest first.",
    )
    @staticmethod
    async def reposters(posts: Sequence[PostRow], info: Info, window: Window) -> Sequence[Page[UserRow]]:
        loaders = info.context.loaders
        reposts = await loaders.page(RepostsByPostIdLoader, window).column([post.id for post in posts])
        return await hydrated(reposts, "user_id", loaders.user_by_id)

    @connection(
        Repost,
        keyset=Keyset("postReposts", NEWEST_FIRST),
        description="Its reposts by people whose profile the viewer may see, with their words, the latest first.",
    )
    @staticmethod
    def reposts(posts: Sequence[PostRow], info: Info, window: Window) -> Awaitable[Sequence[Page[RepostRow]]]:
        return info.context.loaders.page(RepostsByPostIdLoader, window).column([post.id for post in posts])

    @relation(graphql_type=bool, description="Whether the viewer likes it; false when signed out.")
    @staticmethod
    def viewer_has_liked(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _interacted(posts, info, "like")

    @relation(graphql_type=bool, description="Whether the viewer bookmarked it; false when signed out.")
    @staticmethod
    def viewer_has_bookmarked(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _interacted(posts, info, "bookmark")

    @relation(graphql_type=bool, description="Whether the viewer reposted it; false when signed out.")
    @staticmethod
    def viewer_has_reposted(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _interacted(posts, info, "repost")

    @relation(
        graphql_type=bool,
        description="Whether the viewer has seen it, as far as `markSeen` has noted it and remembers it; false when "
        "signed out.",
    )
    @staticmethod
    def viewer_has_seen(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[bool]]:
        return info.context.loaders.seen_post_by_id.column([post.id for post in posts], lambda seen: seen is not None)

    @relation(graphql_type=Repost | None, description="The viewer's repost of it; null when there is none.")
    @staticmethod
    def viewer_repost(posts: Sequence[PostRow], info: Info) -> Awaitable[Sequence[RepostRow | None]]:
        return info.context.loaders.viewer_repost_by_post_id.column([post.id for post in posts])

    is_type_of = presents(PostRow)
