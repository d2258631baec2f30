"""Every connection of the schema with six rows in it, the newest and the oldest of which the viewer may not see."""

from copy import copy
from typing import Any, Self, cast

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type

from api.gql.ids import encode
from api.schema import schema
from tests.api.conftest import Api
from tests.api.connected import ROWS, SHOWN, Connection, shown
from tests.api.connected_posts import OfPosts

ORDERS = ("Feed.posts by likes", "Tag.posts by likes", "Query.searchPosts by rank")  # with statements of their own


def named(field: Any) -> GraphQLNamedType:
    """The type of a field, without what says that it is a list or never null."""
    return cast("GraphQLNamedType", get_named_type(field.type))


def types() -> dict[str, GraphQLObjectType]:
    """The connection of each field of the schema that leads to one, by Type.field."""
    found: dict[str, GraphQLObjectType] = {}
    for type_ in schema._schema.type_map.values():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        for name, field in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
            to = named(field)
            if isinstance(to, GraphQLObjectType) and to.name.endswith("Connection"):
                found[f"{type_.name}.{name}"] = to
    return found


def names() -> list[str]:
    """All fields of the schema that lead to a connection, as Type.field."""
    return list(types())


class World(OfPosts):
    """All of them, in one database."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.connections = {
            **self._of_profile(),
            **self._of_posts(),
            **self._of_viewer(),
            **self._of_conversations(),
            **self._of_acquaintances(),
        }

    def within(self, api: Api) -> Self:
        """The same over a database that was copied from this one."""
        copied = copy(self)
        copied.api, copied.make = api, api.factory
        api.tokens |= self.api.tokens
        return copied

    def _of_profile(self) -> dict[str, Connection]:
        make, ben = self.make, self.ben
        members = make.insert("user_lists", user_id=ben, name="List", is_public=True)
        for who in self.people:
            make.follow(who, ben)
            make.follow(ben, who)
            make.follow(self.ada, who)
            make.insert("list_members", "user_id", list_id=members, user_id=who)
        followers = f"DELETE FROM user_follows WHERE follower_id = %s AND following_id = {ben}"
        following = f"DELETE FROM user_follows WHERE following_id = %s AND follower_id = {ben}"
        user = 'user(username: "ben") { LIST%s }'
        ways = {
            "User.followers": (user % "followers", followers),
            "User.following": (user % "following", following),
            "User.friends": (user % "friends", following),
            "FollowersSection.users": (self._section("followers", "FollowersSection", "users"), followers),
            "FollowingSection.users": (self._section("following", "FollowingSection", "users"), following),
            "FriendsSection.users": (self._section("friends", "FriendsSection", "users"), following),
            "ListSection.users": (
                self._section("list", "ListSection", "users", list_id=members),
                "DELETE FROM list_members WHERE user_id = %s",
            ),
        }
        found = {name: Connection(path, delete, shown(self.people)) for name, (path, delete) in ways.items()}
        path = f'node(id: "{encode("UserList", members)}") {{ ... on UserList {{ LISTmembers }} }}'
        of_list = Connection(path, "DELETE FROM list_members WHERE user_id = %s", shown(self.people))
        return {**found, "UserList.members": of_list, **self._lists()}

    def _lists(self) -> dict[str, Connection]:
        """Cleo's, of which the first and the last are private, and Ada's own, which are all hers."""
        cleo = self.make.user("cleo")
        lists = [
            self.make.insert("user_lists", user_id=cleo, name=f"List {n}", is_public=n in SHOWN) for n in range(ROWS)
        ]
        own = [self.make.insert("user_lists", user_id=self.ada, name=f"List {n}") for n in SHOWN]
        delete = "DELETE FROM user_lists WHERE id = %s"
        return {
            "User.lists": Connection('user(username: "cleo") { LISTlists }', delete, shown(lists)),
            "Viewer.lists": Connection("viewer { LISTlists }", delete, own[::-1]),
        }

    def _of_viewer(self) -> dict[str, Connection]:
        make, ada = self.make, self.ada
        blocked, muted = self._people("blocked"), self._people("muted")
        for who in blocked:
            make.insert("app.user_blocks", "blocked_id", blocker_id=ada, blocked_id=who)
        for who in muted:
            make.insert("app.user_mutes", "muted_id", muter_id=ada, muted_id=who)
        received = [make.insert("app.follow_requests", requester_id=who, target_id=ada) for who in self.people]
        sent = [make.insert("app.follow_requests", requester_id=ada, target_id=who) for who in self.people]
        told = [
            make.insert("notifications", user_id=ada, actor_id=who, type="follow", title="Hi") for who in self.people
        ]
        sessions: list[int] = []
        for n in range(ROWS):
            token = make.session(ada, revoked_at=None if n in SHOWN else make.scalar("SELECT now()"))
            sessions.append(make.scalar("SELECT max(id) FROM app.sessions"))
            if n == SHOWN[1]:  # one that no test deletes
                self.api.tokens[ada] = token
        ways = {
            "Viewer.blocked": ("DELETE FROM app.user_blocks WHERE blocked_id = %s", blocked),
            "Viewer.followRequests": ("DELETE FROM app.follow_requests WHERE id = %s", received),
            "Viewer.sentFollowRequests": ("DELETE FROM app.follow_requests WHERE id = %s", sent),
            "Viewer.muted": ("DELETE FROM app.user_mutes WHERE muted_id = %s", muted),
            "Viewer.notifications": ("DELETE FROM notifications WHERE id = %s", told),
            "Viewer.sessions": ("DELETE FROM app.sessions WHERE id = %s", sessions),
        }
        return {
            name: Connection(f"viewer {{ LIST{name.partition('.')[2]} }}", delete, shown(keys))
            for name, (delete, keys) in ways.items()
        }

    def _of_conversations(self) -> dict[str, Connection]:
        make, ada = self.make, self.ada
        talks = [make.insert("conversations", kind="group", participant_ids=[ada, who]) for who in self.people]
        for n, talk in enumerate(talks):
            left = None if n in SHOWN else make.scalar("SELECT now() + interval '1 minute'")
            make.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=ada, left_at=left)
        talk = talks[SHOWN[1]]
        said = [make.insert("messages", conversation_id=talk, sender_id=who, content="Hi") for who in self.people]
        return {
            "Viewer.conversations": Connection(
                "viewer { LISTconversations }",
                "DELETE FROM app.conversation_members WHERE conversation_id = %s",
                shown(talks),
            ),
            "Conversation.messages": Connection(
                f'node(id: "{encode("Conversation", talk)}") {{ ... on Conversation {{ LISTmessages }} }}',
                "DELETE FROM messages WHERE id = %s",
                shown(said),
            ),
        }

    def _of_acquaintances(self) -> dict[str, Connection]:
        """Ada's and Ben's friends are the same, and keep to themselves whom they follow; Dora does not."""
        make, ada = self.make, self.ada
        for who in self.people:
            make.follow(who, ada)
            make.insert("app.user_settings", "user_id", user_id=who, show_followers=False)
        fans, suggested = self._people("fan"), self._people("suggested")
        for who in fans:
            make.follow(who, ada)
        dora = make.user("dora")
        make.follow(ada, dora)
        for who in suggested:
            make.follow(dora, who)
        mine = f"DELETE FROM user_follows WHERE following_id = %s AND follower_id = {ada}"
        ways = {
            "User.knownFollowers": ('user(username: "ben") { LISTknownFollowers }', mine, self.people),
            "User.mutualFriends": ('user(username: "ben") { LISTmutualFriends }', mine, self.people),
            "Viewer.friendRequests": (
                "viewer { LISTfriendRequests }",
                f"DELETE FROM user_follows WHERE follower_id = %s AND following_id = {ada}",
                fans,
            ),
            "Viewer.suggestions": (
                "viewer { LISTsuggestions }",
                f"DELETE FROM user_follows WHERE following_id = %s AND follower_id = {dora}",
                suggested,
            ),
        }
        return {name: Connection(path, delete, shown(keys)) for name, (path, delete, keys) in ways.items()}
