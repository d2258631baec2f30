"""Users, and how they stand to one another."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.connections import connection
from api.gql.node import Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.visibility import profile
from api.loaders.acquaintances import KnownFollowersByUserIdLoader, MutualFriendsByUserIdLoader
from api.loaders.base import PageLoader, hydrated
from api.loaders.lists import ListsByUserIdLoader
from api.loaders.posts import PostsByUserIdLoader, RepostsByUserIdLoader
from api.loaders.users import FollowersByUserIdLoader, FollowingByUserIdLoader, FriendsByUserIdLoader
from api.types.profiles import Profile
from db.queries.feeds import FeedRow
from db.queries.follow_requests import FollowRequestRow
from db.queries.lists import ListRow
from db.queries.posts import PostRow
from db.queries.profiles import SectionRow
from db.queries.users import ProfileRow, UserCountsRow, UserRow

if TYPE_CHECKING:
    from api.types.feeds import Feed
    from api.types.follow_requests import FollowRequest
    from api.types.lists import UserList
    from api.types.posts import Post
    from api.types.sections import ProfileSection

LazyUser = Annotated["User", strawberry.lazy("api.types.users")]
LazyPost = Annotated["Post", strawberry.lazy("api.types.posts")]
LazyFollowRequest = Annotated["FollowRequest", strawberry.lazy("api.types.follow_requests")]
LazyList = Annotated["UserList", strawberry.lazy("api.types.lists")]
LazyFeed = Annotated["Feed", strawberry.lazy("api.types.feeds")]
LazySection = Annotated["ProfileSection", strawberry.lazy("api.types.sections")]

NEWEST_FIRST = ("created_at", "id")
USER_POSTS = Keyset("userPosts", NEWEST_FIRST)
USER_REPOSTS = Keyset("reposts", NEWEST_FIRST)
FOLLOWERS = Keyset("followers", NEWEST_FIRST)


async def people(kind: type[PageLoader[Any]], keys: Sequence[int], info: Info, window: Window) -> list[Page[UserRow]]:
    """For each key, the page of users that its links of one kind lead to."""
    loaders = info.context.loaders
    links = await loaders.page(kind, window).column(keys)
    return await hydrated(links, "id", loaders.user_by_id)


async def reposted(keys: Sequence[int], info: Info, window: Window) -> list[Page[PostRow]]:
    """For each user's id, the page of posts that the user reposted."""
    loaders = info.context.loaders
    reposts = await loaders.page(RepostsByUserIdLoader, window).column(keys)
    return await hydrated(reposts, "post_id", loaders.post_by_id)


def _counted(name: str, description: str) -> Any:
    """A field of one column of the counts, which one statement reads for all of them."""

    def count(row: UserCountsRow | None) -> int | None:
        return None if row is None else getattr(row, name)

    @relation(graphql_type=int | None, description=description)
    def resolve_count(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[int | None]]:
        return info.context.loaders.counts_by_user_id.column([user.id for user in users], count)

    return resolve_count


def _related(users: Sequence[UserRow], info: Info, name: str) -> Awaitable[Sequence[bool]]:
    loader = info.context.loaders.viewer_relations_by_user_id
    return loader.column([user.id for user in users], lambda found: name in found)


def _requests(users: Sequence[UserRow], info: Info, *, sent: bool) -> Awaitable[Sequence[FollowRequestRow | None]]:
    """The requests to follow these users or, unless `sent`, their own to follow the viewer."""

    def one(found: list[FollowRequestRow]) -> FollowRequestRow | None:
        return next((request for request in found if (request.target_id == request.owner_id) is sent), None)

    return info.context.loaders.viewer_follow_requests_by_user_id.column([user.id for user in users], one)


@strawberry.type(
    description="A person on VRSS. Viewer state (`viewerFollows`, `isFriend` and so on) is false when signed out."
)
class User(Node):
    id: strawberry.ID = node_id("User")
    username: str = strawberry.field(description="The user name: letters, digits and underscores.")
    created_at: datetime = strawberry.field(description="When they joined.")

    @computed(
        graphql_type=Profile | None,
        description="What they say about themselves and how their page looks; null when the viewer may not see it.",
    )
    @staticmethod
    def profile(users: Sequence[UserRow], _info: Info) -> Sequence[ProfileRow | None]:
        return list(map(profile, users))

    @relation(
        graphql_type=list[LazySection],
        description="What they put on their profile, from top to bottom; empty when the viewer may not see the "
        "profile. Hidden sections are returned to the owner only. At most 30.",
    )
    @staticmethod
    def sections(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[list[SectionRow]]]:
        return info.context.loaders.sections_by_user_id.column([user.id for user in users])

    @relation(graphql_type=list[LazyFeed], description="The feeds they share with PUBLIC, in their order. At most 50.")
    @staticmethod
    def feeds(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[list[FeedRow]]]:
        return info.context.loaders.public_feeds_by_user_id.column([user.id for user in users])

    followers_count = _counted(
        "followers_count",
        "How many people follow them, counting also people the viewer cannot see; null when they hide it or the "
        "viewer may not see the profile.",
    )
    following_count = _counted("following_count", "How many people they follow; null as for `followersCount`.")
    friends_count = _counted("friends_count", "How many friends they have; null as for `followersCount`.")
    posts_count = _counted(
        "posts_count",
        "How many published posts they have, counting also those the viewer cannot see; null when the viewer may not "
        "see the profile.",
    )

    @connection(
        LazyPost,
        keyset=USER_POSTS,
        description="Published posts that the viewer may see, newest first.",
    )
    @staticmethod
    def posts(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[PostRow]]]:
        return info.context.loaders.page(PostsByUserIdLoader, window).column([user.id for user in users])

    @connection(
        LazyPost,
        keyset=USER_REPOSTS,
        description="The posts that the user reposted and the viewer may see, the latest repost first.",
    )
    @staticmethod
    def reposts(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[PostRow]]]:
        return reposted([user.id for user in users], info, window)

    @connection(
        LazyUser,
        keyset=FOLLOWERS,
        description="People who follow them, the latest first; empty when hidden.",
    )
    @staticmethod
    def followers(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowersByUserIdLoader, [user.id for user in users], info, window)

    @connection(
        LazyUser,
        keyset=Keyset("following", NEWEST_FIRST),
        description="People they follow, the latest first; empty when hidden.",
    )
    @staticmethod
    def following(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FollowingByUserIdLoader, [user.id for user in users], info, window)

    @connection(
        LazyUser,
        keyset=Keyset("friends", NEWEST_FIRST),
        description="People who follow them and are followed back, the latest friendship first; empty when hidden.",
    )
    @staticmethod
    def friends(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FriendsByUserIdLoader, [user.id for user in users], info, window)

    @connection(
        LazyList,
        keyset=Keyset("lists", NEWEST_FIRST),
        description="Their public lists of people, the newest first; the viewer's own with private ones. Empty when "
        "the viewer may not see the profile.",
    )
    @staticmethod
    def lists(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[ListRow]]]:
        return info.context.loaders.page(ListsByUserIdLoader, window).column([user.id for user in users])

    @computed(graphql_type=bool, description="Whether this is the viewer.")
    @staticmethod
    def is_viewer(users: Sequence[UserRow], info: Info) -> Sequence[bool]:
        return [user.id == info.context.viewer_id for user in users]

    @connection(
        LazyUser,
        keyset=Keyset("mutualFriends", NEWEST_FIRST),
        description="Friends of the viewer who are their friends as well, the viewer's latest friendship first; empty "
        "when signed out or hidden.",
    )
    @staticmethod
    def mutual_friends(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(MutualFriendsByUserIdLoader, [user.id for user in users], info, window)

    @connection(
        LazyUser,
        keyset=Keyset("knownFollowers", NEWEST_FIRST),
        description="People whom the viewer follows and who follow them, whom the viewer followed last first; empty "
        "when signed out or hidden.",
    )
    @staticmethod
    def known_followers(users: Sequence[UserRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(KnownFollowersByUserIdLoader, [user.id for user in users], info, window)

    @relation(graphql_type=bool, description="Whether the viewer follows them.")
    @staticmethod
    def viewer_follows(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _related(users, info, "follows")

    @relation(graphql_type=bool, description="Whether they follow the viewer.")
    @staticmethod
    def follows_viewer(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _related(users, info, "followed_by")

    @relation(graphql_type=bool, description="Whether the viewer and they follow each other.")
    @staticmethod
    def is_friend(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[bool]]:
        return _related(users, info, "friend")

    @relation(
        graphql_type=LazyFollowRequest | None,
        description="The viewer's request to follow them that waits for an answer; null when there is none.",
    )
    @staticmethod
    def viewer_follow_request(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[FollowRequestRow | None]]:
        return _requests(users, info, sent=True)

    @relation(
        graphql_type=LazyFollowRequest | None,
        description="Their request to follow the viewer that waits for an answer; null when there is none.",
    )
    @staticmethod
    def follow_request_to_viewer(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[FollowRequestRow | None]]:
        return _requests(users, info, sent=False)

    @relation(
        graphql_type=list[LazyList],
        description="The viewer's lists that they are on, the newest first; empty when signed out. At most 100.",
    )
    @staticmethod
    def viewer_lists(users: Sequence[UserRow], info: Info) -> Awaitable[Sequence[list[ListRow]]]:
        return info.context.loaders.viewer_lists_by_user_id.column([user.id for user in users])

    is_type_of = presents(UserRow)
