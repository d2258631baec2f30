"""Every connection of the schema with six rows in it, the newest and the oldest of which the viewer may not see."""

from copy import copy
from datetime import timedelta
from typing import Any, NamedTuple, Self, cast

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from api.schema import schema
from tests.api.conftest import Api

ROWS = 6
SHOWN = range(1, ROWS - 1)
ORDERS = ("Feed.posts by likes", "Tag.posts by likes", "Query.searchPosts by rank")  # with statements of their own


class Connection(NamedTuple):
    """`path` leads to the connection, which stands for LIST in it; `delete` deletes the row that one of `keys` names.

    `keys` are those of the rows that the viewer may see, in the order of the list.
    """

    path: str
    delete: str
    keys: list[int]


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


class World:
    """Ada looks, Ben has a profile. Of the others, the first and the last are suspended."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.make = api.factory
        self.ada, self.ben = self.make.user("ada"), self.make.user("ben")
        self.people = self._people("friend")
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

    def _people(self, name: str) -> list[int]:
        statuses = ["active" if n in SHOWN else "suspended" for n in range(ROWS)]
        return [self.make.user(f"{name}{n}", status=status) for n, status in enumerate(statuses)]

    def _section(self, type_: str, type_name: str, field: str, **config: object) -> str:
        order = self.make.scalar("SELECT count(*) FROM profile_sections")
        row = {"user_id": self.ben, "type": type_, "title": type_, "config": Jsonb(config), "display_order": order}
        section = encode("ProfileSection", self.make.insert("profile_sections", **row))
        return f'node(id: "{section}") {{ ... on {type_name} {{ LIST{field} }} }}'

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
        found = {name: Connection(path, delete, _shown(self.people)) for name, (path, delete) in ways.items()}
        path = f'node(id: "{encode("UserList", members)}") {{ ... on UserList {{ LISTmembers }} }}'
        of_list = Connection(path, "DELETE FROM list_members WHERE user_id = %s", _shown(self.people))
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
            "User.lists": Connection('user(username: "cleo") { LISTlists }', delete, _shown(lists)),
            "Viewer.lists": Connection("viewer { LISTlists }", delete, own[::-1]),
        }

    def _of_posts(self) -> dict[str, Connection]:
        make, ada, ben = self.make, self.ada, self.ben
        thread = make.post(ada)
        parent = make.comment(ada, make.post(ada))
        visible = ["public" if n in SHOWN else "private" for n in range(ROWS)]
        posts = [make.post(who) for who in self.people]
        own = [make.post(ben, visibility=visibility) for visibility in visible]
        pictures = [make.media(ben, post) for post in own]
        writer = make.user("writer")
        found = [make.post(writer, "found", tags=["found"], visibility=one) for one in visible]
        reposts = [make.insert("reposts", user_id=ben, post_id=post) for post in posts]
        of_thread = [make.insert("reposts", user_id=who, post_id=thread) for who in self.people]
        bookmarks = [make.insert("post_interactions", user_id=ada, post_id=post, type="bookmark") for post in posts]
        comments = [make.comment(who, thread) for who in self.people]
        replies = [
            make.comment(
                who, make.scalar("SELECT post_id FROM comments WHERE id = %s", parent), parent_comment_id=parent
            )
            for who in self.people
        ]
        for who in self.people:
            make.like(who, thread)
            make.insert("app.comment_likes", user_id=who, comment_id=parent)
        post, comment = encode("Post", thread), encode("Comment", parent)
        feeds = {sort: self._feed(sort) for sort in ("RECENT", "POPULAR")}
        ids = ", ".join(f'"{encode("User", who)}"' for who in self.people)
        of_feed = 'node(id: "%s") { ... on Feed { LISTposts } }'
        repost, delete_post = "DELETE FROM reposts WHERE id = %s", "DELETE FROM posts WHERE id = %s"
        comment_of = "DELETE FROM comments WHERE id = %s"
        ways = {
            "Query.homeFeed": ("LISThomeFeed", delete_post, posts),
            "Feed.posts": (of_feed % encode("Feed", feeds["RECENT"][0]), delete_post, posts),
            "Feed.posts by likes": (of_feed % encode("Feed", feeds["POPULAR"][0]), delete_post, posts),
            "FeedPreview.posts": (
                f"previewFeed(rules: {{groups: [{{filters: [{{author: {{userIds: [{ids}]}}}}]}}]}}) {{ LISTposts }}",
                delete_post,
                posts,
            ),
            "FeedSection.posts": (
                self._section("feed", "FeedSection", "posts", feed_id=feeds["RECENT"][1]),
                delete_post,
                posts,
            ),
            "User.posts": ('user(username: "ben") { LISTposts }', delete_post, own),
            "User.reposts": ('user(username: "ben") { LISTreposts }', repost, reposts),
            "RepostsSection.posts": (self._section("reposts", "RepostsSection", "posts"), repost, reposts),
            "GallerySection.media": (
                self._section("gallery", "GallerySection", "media"),
                "DELETE FROM post_media WHERE id = %s",
                pictures,
            ),
            "Post.comments": (f'post(id: "{post}") {{ LISTcomments }}', comment_of, comments),
            "Post.likers": (
                f'post(id: "{post}") {{ LISTlikers }}',
                "DELETE FROM post_interactions WHERE user_id = %s",
                self.people,
            ),
            "Post.reposts": (f'post(id: "{post}") {{ LISTreposts }}', repost, of_thread),
            "Post.reposters": (
                f'post(id: "{post}") {{ LISTreposters }}',
                "DELETE FROM reposts WHERE user_id = %s",
                self.people,
            ),
            **self._own_posts(),
            "Post.revisions": (
                f'post(id: "{post}") {{ LISTrevisions }}',
                "DELETE FROM app.post_revisions WHERE id = %s",
                [self._revision(thread if n in SHOWN else hidden) for n, hidden in enumerate(own)],
            ),
            "Query.searchPosts": ('LISTsearchPosts(query:"found",sort:RECENT)', delete_post, found),
            "Query.searchPosts by rank": ('LISTsearchPosts(query:"found")', delete_post, found),
            "Tag.posts": ('tag(name: "found") { LISTposts }', delete_post, found),
            "Tag.posts by likes": ('tag(name: "found") { LISTposts(sort:POPULAR) }', delete_post, found),
            "Query.discover": ("LISTdiscover", delete_post, posts),
            "Trending.posts": ("trending { LISTposts }", delete_post, self._trending(found)),
            "Query.searchUsers": (
                'LISTsearchUsers(query:"sought")',
                "DELETE FROM users WHERE id = %s",
                self._people("sought"),
            ),
            "Viewer.bookmarks": (
                "viewer { LISTbookmarks }",
                "DELETE FROM post_interactions WHERE id = %s",
                bookmarks,
            ),
            "Comment.likers": (
                f'node(id: "{comment}") {{ ... on Comment {{ LISTlikers }} }}',
                "DELETE FROM app.comment_likes WHERE user_id = %s",
                self.people,
            ),
            "Comment.replies": (f'node(id: "{comment}") {{ ... on Comment {{ LISTreplies }} }}', comment_of, replies),
        }
        return {name: Connection(path, delete, _shown(keys)) for name, (path, delete, keys) in ways.items()}

    def _trending(self, posts: list[int]) -> list[int]:
        for post in posts:
            self.make.insert("app.trending_posts", "post_id", hours=24, post_id=post, score=1)
        return posts

    def _revision(self, post: int) -> int:
        return self.make.insert("app.post_revisions", post_id=post, tags=[], media_ids=[])

    def _own_posts(self) -> dict[str, tuple[str, str, list[int]]]:
        """Ada's, but for the first and the last one, which are Ben's."""
        now = self.make.scalar("SELECT now()")
        owners = [self.ada if n in SHOWN else self.ben for n in range(ROWS)]
        drafts = [self.make.post(owner, status="draft") for owner in owners]
        scheduled = [
            self.make.post(owner, status="scheduled", scheduled_for=now + timedelta(days=ROWS - n))
            for n, owner in enumerate(owners)
        ]
        deleted = [
            self.make.post(self.ada, status="deleted", deleted_at=now - timedelta(days=days))
            for days in (40, 29, 20, 10, 5)
        ]
        deleted.append(self.make.post(self.ben, status="deleted", deleted_at=now))
        files = [self.make.media(owner) for owner in owners]
        lists = {"drafts": drafts, "scheduled": scheduled, "deletedPosts": deleted}
        return {
            f"Viewer.{name}": (f"viewer {{ LIST{name} }}", "DELETE FROM posts WHERE id = %s", keys)
            for name, keys in lists.items()
        } | {"Viewer.media": ("viewer { LISTmedia }", "DELETE FROM post_media WHERE id = %s", files)}

    def _feed(self, sort: str) -> tuple[int, int]:
        """Ada's feed and Ben's, of the people whom each of them follows."""
        config = Jsonb({"sort": sort, "scope": "FOLLOWING"})
        ada, ben = [
            self.make.insert("custom_feeds", user_id=owner, name=sort, algorithm_config=config)
            for owner in (self.ada, self.ben)
        ]
        return ada, ben

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
            name: Connection(f"viewer {{ LIST{name.partition('.')[2]} }}", delete, _shown(keys))
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
                _shown(talks),
            ),
            "Conversation.messages": Connection(
                f'node(id: "{encode("Conversation", talk)}") {{ ... on Conversation {{ LISTmessages }} }}',
                "DELETE FROM messages WHERE id = %s",
                _shown(said),
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
        return {name: Connection(path, delete, _shown(keys)) for name, (path, delete, keys) in ways.items()}


def _shown(oldest_first: list[int]) -> list[int]:
    return [oldest_first[n] for n in reversed(SHOWN)]
