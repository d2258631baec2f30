"""What the cache of a client shows after each mutation, with the configuration of docs/clients.md.

Many screens are open. After each mutation, what the cache answers them is compared with what the server answers.
"""

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType

from api.schema import schema

TYPES = schema._schema.type_map  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
Outcome = dict[str, Any]

# Mutations that no open screen lives through.
NOT_RUN = {
    "register": "begins with an empty cache",
    "login": "begins with an empty cache",
    "logout": "clients empty the cache (docs/clients.md)",
    "deleteAccount": "ends the session: as logout",
    "cancelAccountDeletion": "follows a login, and before it the account sees nothing but itself",
    "requestPasswordReset": "for those who are signed out; changes nothing that anybody sees",
    "resetPassword": "ends all sessions: as logout",
}
REFUSED = {"resendVerification": ["CONFLICT"]}

# What stays old until open screens ask again, as docs/clients.md says: lists of what the viewer sees, for which no
# payload has an entry, and what was looked up by a name or an id that leads to somebody now, or to nobody any more.
_BY_NAME = ["user"]
_HOME = {"home": ["homeFeed"]}
_FEEDS = {"feeds": ["viewer.feeds.posts"]}
_FOLLOWING_FEED = {"feeds": ["viewer.feeds.posts", "viewer.feeds.newPostsCount"]}
_CURSORS = {"feeds": ["viewer.feeds.posts.cursor"]}  # of a feed in the order of its posts' likes
_SECTIONS = {"sections of ada": ["user.sections.posts"]}
_BOOKMARKS = {"bookmarks": ["viewer.bookmarks"]}
# What other people have in common with the viewer, of whom no payload speaks.
_COMMON = {"circle of mira": ["user.knownFollowers"]}
_COMMON_FRIENDS = {"circle of mira": ["user.knownFollowers", "user.mutualFriends"]}
_NEWS = {"notifications": ["viewer.notifications"], "unread": ["viewer.unread"]}  # of a friendship
_OF_FOLLOWERS = {"post of nils": ["post"], **_BOOKMARKS}
OLD: dict[str, dict[str, list[str]]] = {
    "likePost": _CURSORS,
    "unlikePost": _CURSORS,
    **dict.fromkeys(("createPost", "publishPost", "deletePost", "restorePost"), _FEEDS),
    "repost": _SECTIONS,
    "undoRepost": _SECTIONS,
    "follow": {**_HOME, **_FOLLOWING_FEED, **_NEWS, **_COMMON, "sections of ben": ["user.sections.users"]},
    "unfollow": _HOME | _FOLLOWING_FEED | _COMMON,
    "unfollow, of a profile for followers": _HOME | _FEEDS | _OF_FOLLOWERS | _COMMON_FRIENDS,
    "sendFriendRequest": _HOME | _NEWS,
    "respondToFriendRequest": {
        **_HOME,
        **_FOLLOWING_FEED,
        **_NEWS,
        **_COMMON_FRIENDS,
        "circle of ben": ["user.knownFollowers"],
    },
    "createList": {"circle of ben": ["user.viewerLists"]},
    "approveFollowRequest": {
        **_FEEDS,
        "notifications": ["viewer.notifications", "viewer.notifications.node.title"],
        "unread": ["viewer.unread", "viewer.unread.node.title"],
    },
    "respondToFriendRequest, rejecting": {"notifications": ["viewer.notifications"]},
    "removeFollower": _FEEDS | _NEWS,
    "muteUser": _HOME | _FOLLOWING_FEED | _SECTIONS,
    "unmuteUser": _HOME | _FOLLOWING_FEED | _SECTIONS,
    "unblockUser": {
        "feeds": ["viewer.feeds.posts", "viewer.feeds.marker.post"],
        **_SECTIONS,
        **_BOOKMARKS,
        "profile of cleo": _BY_NAME,
        "reposts of ada": ["user.reposts"],
        "people of cleo": _BY_NAME,
        "post of ben": ["post.comments", "post.likers"],
        "messages": ["node.viewerCanSend", "node.participants", "node.members"],
    },
    "changeUsername": {
        f"{screen} of ada": _BY_NAME for screen in ("profile", "sections", "posts", "reposts", "people")
    },
}
PEOPLE = ["user.followers", "user.following", "user.friends"]


@dataclass(frozen=True)
class Expected:
    """What is special to a client: screens that ask again by themselves, and people who do not come back."""

    asks_again: dict[str, list[str]]
    old: dict[str, dict[str, list[str]]] = field(default_factory=dict[str, dict[str, list[str]]])

    def check(self, name: str, outcomes: dict[str, Outcome]) -> None:
        steps = {title: outcome for title, outcome in outcomes.items() if outcome["mutation"] == name}
        assert bool(steps) != (name in NOT_RUN), "it is neither in the scenario nor in NOT_RUN, or in both"
        for title, outcome in steps.items():
            assert outcome["errors"] == REFUSED.get(title, [])
            assert outcome["stale"] == OLD.get(title, {}) | self.old.get(title, {})
            assert outcome["asksAgain"] == self.asks_again.get(title, [])


def object_type(name: str) -> GraphQLObjectType:
    found = TYPES[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def mutations() -> list[str]:
    return list(object_type("Mutation").fields)
