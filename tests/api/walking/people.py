"""Lists of people."""

from dataclasses import replace
from typing import Any

from api.gql.ids import encode
from tests.api.walking.otherwise import Friendships, Named, Suggested
from tests.api.walking.walked import Walked, other, own
from tests.api.walking.world import HIDDEN, World

CROWD = 210  # more than the two hundred of the viewer's acquaintances that also a short page looks through


def of_profile(world: World) -> dict[str, Walked]:
    """Of Ben, whom and what he follows and lists, and the sections of his profile that show the same."""
    members = world.make.insert("user_lists", user_id=world.ben, name="List", is_public=True)
    ways = [
        ("followers", "user_follows", "follower_id", {"following_id": world.ben}),
        ("following", "user_follows", "following_id", {"follower_id": world.ben}),
    ]
    found: dict[str, Walked] = {}
    for name, table, column, fixed in ways:
        walked = world.walked(
            f'user(username: "ben") {{ {name}(PAGE) BODY }}', table, column, other("User"),
            fixed=fixed, tie=column, most=1,
        )  # fmt: skip
        path = world.section(world.ben, name, f"{name.title()}Section.users")
        found |= {f"User.{name}": walked, f"{name.title()}Section.users": replace(walked, path=path)}
    path = f'node(id: "{encode("UserList", members)}") {{ ... on UserList {{ members(PAGE) BODY }} }}'
    listed = world.walked(
        path, "list_members", "user_id", other("User"), fixed={"list_id": members}, tie="user_id", most=1
    )
    path = world.section(world.ben, "list", "ListSection.users", list_id=members)
    return {**found, "UserList.members": listed, "ListSection.users": replace(listed, path=path)}


def of_circles(world: World) -> dict[str, Walked]:
    """Friends and acquaintances. Of the friends, some were there before whose friends they are, and some came later."""
    make = world.make
    before, gone_before, strangers_before = _friends(world, "before")
    nora, otto, mona, kim, lars = (make.user(name) for name in ("nora", "otto", "mona", "kim", "lars"))
    after, gone_after, strangers_after = _friends(world, "after")
    seen, gone = [*before, *after], [*gone_before, *gone_after]
    strangers = [*strangers_before, *strangers_after]
    world.befriend(otto, [*seen, *gone])
    for who in world.seen:
        make.follow(who, lars)
    friends = world.of_kind(
        Friendships, 'user(username: "nora") { friends(PAGE) BODY }', node=other("User"), seen=seen, hidden=gone,
        most=1, owner=nora,
    )  # fmt: skip
    path = world.section(nora, "friends", "FriendsSection.users")
    known: dict[str, Any] = {"node": other("User"), "most": 1, "least_reach": 200}
    return {
        "User.friends": friends,
        "FriendsSection.users": replace(friends, path=path),
        "User.mutualFriends": world.of_kind(
            Friendships, 'user(username: "otto") { mutualFriends(PAGE) BODY }', viewer=mona, owner=mona, seen=seen,
            hidden=[*strangers, *gone], **known,
        ),
        "User.knownFollowers": world.of_kind(
            Walked, 'user(username: "lars") { knownFollowers(PAGE) BODY }', viewer=kim, table="user_follows",
            column="following_id", fixed={"follower_id": kim}, hidden=[*strangers, *world.hidden], tie="following_id",
            **known,
        ),
    }  # fmt: skip


def _friends(world: World, name: str) -> tuple[list[int], list[int], list[int]]:
    """People whom everybody sees, nobody sees, and nobody knows."""
    gone = world.many(f"gone_{name}", HIDDEN, status="suspended")
    return world.many(name, 8), gone, world.many(f"stranger_{name}", CROWD)


def of_viewer(world: World) -> dict[str, Walked]:
    """Whom and what somebody has blocked, muted, asked and been asked."""
    make, ada = world.make, world.ada
    rosa, vera, sara = (make.user(name) for name in ("rosa", "vera", "sara"))
    followed = world.many("followed", 10)
    known = [make.user(f"known{n}") for n in range(9)]
    for who in followed:
        make.follow(rosa, who)
    for who in known:
        make.follow(sara, who)
    shut = [make.user(f"shut{n}", visibility="private") for n in range(5)]
    told = {"user_id": ada, "type": "comment", "title": "Hi"}
    notifications = world.walked(
        "viewer { notifications(PAGE) BODY }", "notifications", "actor_id", own("Notification"), fixed=told
    )
    return {
        "Viewer.notifications": notifications,
        "Viewer.notifications unread": replace(
            notifications, path="viewer { notifications(unreadOnly: true, PAGE) BODY }"
        ),
        "Viewer.followRequests": world.walked(
            "viewer { followRequests(PAGE) BODY }", "app.follow_requests", "requester_id", own("FollowRequest"),
            fixed={"target_id": ada}, most=1,
        ),
        "Viewer.sentFollowRequests": world.walked(
            "viewer { sentFollowRequests(PAGE) BODY }", "app.follow_requests", "target_id", own("FollowRequest"),
            fixed={"requester_id": ada}, most=1,
        ),
        "Viewer.muted": world.walked(
            "viewer { muted(PAGE) BODY }", "app.user_mutes", "muted_id", other("User"),
            fixed={"muter_id": vera}, tie="muted_id", most=1, viewer=vera,
        ),
        "Viewer.blocked": world.walked(
            "viewer { blocked(PAGE) BODY }", "app.user_blocks", "blocked_id", other("BlockedUser"),
            fixed={"blocker_id": vera}, tie="blocked_id", most=1, viewer=vera,
            seen=world.many("blocked", 15), hidden=world.many("left", HIDDEN, status="suspended"),
        ),
        "Viewer.friendRequests": world.walked(
            "viewer { friendRequests(PAGE) BODY }", "user_follows", "follower_id", other("User"), viewer=rosa,
            hidden=[*world.hidden, *followed], fixed={"following_id": rosa}, tie="follower_id", most=1,
        ),
        "Viewer.suggestions": world.of_kind(
            Suggested, "viewer { suggestions(PAGE) BODY }", node=other("User"), viewer=sara, known=known,
            hidden=[*world.hidden, *shut], most=1,
        ),
        "Query.searchUsers": world.of_kind(
            Named, 'searchUsers(query: "sought", PAGE) BODY', table="users", node=own("User"), seen=[0], hidden=[1],
            stops=False,
        ),
    }  # fmt: skip
