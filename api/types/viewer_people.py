"""The viewer's part that is about people: whom they know, block and mute, and the lists that they keep of them."""

from collections.abc import Awaitable, Sequence

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import connection
from api.gql.pagination import Keyset, Page, Window
from api.gql.permissions import active
from api.loaders.acquaintances import FriendRequestsByUserIdLoader, SuggestionsByUserIdLoader
from api.loaders.follow_requests import FollowRequestsByUserIdLoader, SentFollowRequestsByUserIdLoader
from api.loaders.lists import ListsByUserIdLoader
from api.loaders.privacy import BlockedUsersByUserIdLoader, MutedByUserIdLoader
from api.types.follow_requests import FollowRequest
from api.types.lists import UserList
from api.types.privacy import BlockedUser
from api.types.users import NEWEST_FIRST, User, people
from db.queries.follow_requests import FollowRequestRow
from db.queries.lists import ListRow
from db.queries.privacy import BlockedUserRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow

BLOCKED = Keyset("blocked", NEWEST_FIRST)
FOLLOW_REQUESTS = Keyset("followRequests", NEWEST_FIRST)
SENT_FOLLOW_REQUESTS = Keyset("sentFollowRequests", NEWEST_FIRST)
FRIEND_REQUESTS = Keyset("friendRequests", NEWEST_FIRST)
SUGGESTIONS = Keyset("suggestions", ("shared", "id"))
LISTS = Keyset("viewerLists", NEWEST_FIRST)
MUTED = Keyset("muted", NEWEST_FIRST)


@strawberry.type
class ViewerPeople:
    """Fields of `Viewer`, and no type of the schema."""

    @connection(
        BlockedUser,
        keyset=BLOCKED,
        description="People the viewer has blocked, the latest first.",
        extensions=active(),
    )
    @staticmethod
    def blocked(viewers: Sequence[SessionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[BlockedUserRow]]]:
        keys = [viewer.id for viewer in viewers]
        return info.context.loaders.page(BlockedUsersByUserIdLoader, window).column(keys)

    @connection(
        User,
        keyset=MUTED,
        description="People the viewer has muted, the latest first.",
        extensions=active(),
    )
    @staticmethod
    def muted(viewers: Sequence[SessionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(MutedByUserIdLoader, [viewer.id for viewer in viewers], info, window)

    @connection(
        UserList,
        keyset=LISTS,
        description="The viewer's lists of people, private ones included, the newest first. At most 100.",
        extensions=active(),
    )
    @staticmethod
    def lists(viewers: Sequence[SessionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[ListRow]]]:
        return info.context.loaders.page(ListsByUserIdLoader, window).column([viewer.id for viewer in viewers])

    @connection(
        FollowRequest,
        keyset=FOLLOW_REQUESTS,
        description="Requests to follow the viewer that wait for an answer, newest first.",
        extensions=active(),
    )
    @staticmethod
    def follow_requests(
        viewers: Sequence[SessionRow], info: Info, window: Window
    ) -> Awaitable[Sequence[Page[FollowRequestRow]]]:
        keys = [viewer.id for viewer in viewers]
        return info.context.loaders.page(FollowRequestsByUserIdLoader, window).column(keys)

    @relation(
        graphql_type=int,
        description="How many requests to follow the viewer wait for an answer, counted up to 100.",
        extensions=active(),
    )
    @staticmethod
    def follow_request_count(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[int]]:
        keys = [viewer.id for viewer in viewers]
        loader = info.context.loaders.follow_request_count_by_user_id
        return loader.column(keys, lambda count: 0 if count is None else count.total)

    @connection(
        FollowRequest,
        keyset=SENT_FOLLOW_REQUESTS,
        description="The viewer's own requests to follow others that wait for an answer, newest first.",
        extensions=active(),
    )
    @staticmethod
    def sent_follow_requests(
        viewers: Sequence[SessionRow], info: Info, window: Window
    ) -> Awaitable[Sequence[Page[FollowRequestRow]]]:
        keys = [viewer.id for viewer in viewers]
        return info.context.loaders.page(SentFollowRequestsByUserIdLoader, window).column(keys)

    @connection(
        User,
        keyset=FRIEND_REQUESTS,
        description="People who follow the viewer and whom the viewer does not follow, the latest follow first: "
        "`respondToFriendRequest` answers them. Who waits for permission to follow is in `followRequests`.",
        extensions=active(),
    )
    @staticmethod
    def friend_requests(
        viewers: Sequence[SessionRow], info: Info, window: Window
    ) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(FriendRequestsByUserIdLoader, [viewer.id for viewer in viewers], info, window)

    @connection(
        User,
        keyset=SUGGESTIONS,
        description="People whom the viewer may want to follow, because people whom the viewer follows do: those "
        "followed by most of them first. `User.knownFollowers` says by whom. Without those whom the viewer follows "
        "already, has asked, blocks or mutes, and without private profiles. They are found among the latest 200 whom "
        "each of the latest 200 whom the viewer follows follow and let the viewer know.",
        extensions=active(),
    )
    @staticmethod
    def suggestions(viewers: Sequence[SessionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[UserRow]]]:
        return people(SuggestionsByUserIdLoader, [viewer.id for viewer in viewers], info, window)
