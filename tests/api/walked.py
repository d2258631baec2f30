"""Lists whose rows come and go: each as the API answers for it, and as a plain list of what is in its table."""

import operator
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.factories import Factory

HIDDEN = 45  # people whom the viewer may not see: more than a page of one looks through
SEEN = 15
TIMES = 6  # that rows of a list have: most are at the same time as others
_INTERVAL = timedelta(minutes=7)


class Row(NamedTuple):
    """`key` is what the list is sorted by, the largest first; `node` is None where the viewer may not see it."""

    key: tuple[int, int]
    node: str | None
    other: int


@dataclass
class Walked:
    """One list. Its rows are in `table`, and `column` names somebody or something else, which decides who may see them.

    `path` has PAGE in the place of the arguments, and BODY in that of the selection. A row that is `unique` is the only
    one with its other. Cursors sort by time and then by `tie`, the name of a column.
    """

    path: str
    table: str
    column: str
    seen: Sequence[int]
    hidden: Sequence[int]
    node: Callable[[int, int], str]
    fixed: dict[str, object]
    start: datetime
    tie: str = "id"
    unique: bool = False
    at: tuple[str, ...] = ("created_at",)
    ascending: bool = False
    rank: Callable[[int], int] = int
    soft: bool = False
    """Whether a row may also be marked as deleted."""
    stops: bool = True
    """Whether its statement looks through a bounded number of rows."""
    name: str | None = None
    """A column that holds another word in each row."""
    rows: dict[int, Row] = field(default_factory=dict[int, Row])

    def in_order(self) -> list[Row]:
        """All rows, those that the viewer may not see included, as the API should list them."""
        return sorted(self.rows.values(), key=lambda row: row.key, reverse=not self.ascending)

    def insert(self, make: Factory, chance: random.Random, *, hidden: bool = False, time: int | None = None) -> bool:
        """Whether there was anybody left for another row."""
        used = {row.other for row in self.rows.values()} if self.unique else set[int]()
        free = [one for one in (self.hidden if hidden else self.seen) if one not in used]
        if not free:
            return False
        other = chance.choice(free)
        moment = self.start + _INTERVAL * (chance.randrange(TIMES) if time is None else time)
        given = {**self.fixed, self.column: other, **dict.fromkeys(self.at, moment)}
        if self.name is not None:
            given[self.name] = f"{chance.getrandbits(64)}"
        tie = make.insert(self.table, self.tie, **given)
        node = None if hidden else self.node(tie, other)
        self.rows[tie] = Row((self.rank(round(moment.timestamp() * 1_000_000)), tie), node, other)
        return True

    def delete(self, make: Factory, chance: random.Random) -> None:
        if not self.rows:
            return
        tie = chance.choice(sorted(self.rows))
        del self.rows[tie]
        mark = self.soft and chance.random() < 0.5
        how = f"UPDATE {self.table} SET deleted_at = now()" if mark else f"DELETE FROM {self.table}"
        owner = " AND ".join([f"{self.tie} = %s", *(f"{name} = %s" for name in self._keys())])
        values = [tie, *(self.fixed[name] for name in self._keys())]
        assert make.connection.execute(f"{how} WHERE {owner}".encode(), values).rowcount == 1

    def _keys(self) -> list[str]:
        """The ids among the fixed values: with the tie they are the key where that is no id of its own."""
        return [name for name in self.fixed if name.endswith("_id")]

    async def page(self, api: Api, viewer: int, given: str) -> dict[str, Any]:
        body = "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        query = "{ " + self.path.replace("PAGE", given).replace("BODY", f"{{ {body} }}") + " }"
        found: Any = await api.run(query, viewer=viewer)
        while "edges" not in found:
            (found,) = found.values()
        return found


class World:
    """Ada looks. Ben, Cleo and Dora have what she looks at; of the others she may not see most."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.make = api.factory
        self.ada, self.ben, self.cleo, self.dora = (self.make.user(name) for name in ("ada", "ben", "cleo", "dora"))
        self.seen = [self.make.user(f"person{n}") for n in range(SEEN)]
        self.hidden = [self.make.user(f"gone{n}", status="suspended") for n in range(HIDDEN)]
        self.now: datetime = self.make.scalar("SELECT date_trunc('minute', now())")
        self.post = self.make.post(self.cleo)
        self.parent = self.make.comment(self.cleo, self.make.post(self.cleo))
        self.seen_posts, self.hidden_posts = map(self._posts, (self.seen, self.hidden))
        self.lists = {
            **self._of_posts(),
            **self._of_people(),
            **self._of_links(),
            **self._of_feeds(),
            **self._of_viewer(),
        }

    def _posts(self, people: Iterable[int]) -> list[int]:
        return [self.make.post(who) for who in people]

    def _walked(self, path: str, table: str, column: str, node: Callable[[int, int], str], **given: Any) -> Walked:
        """A list whose rows lead to people, or are theirs."""
        start = self.now - timedelta(days=1)
        usual: dict[str, Any] = {"seen": self.seen, "hidden": self.hidden, "fixed": {}, "start": start}
        return Walked(path=path, table=table, column=column, node=node, **{**usual, **given})

    def _of_posts(self) -> dict[str, Walked]:
        post, comment = encode("Post", self.post), encode("Comment", self.parent)
        of_post = f'post(id: "{post}") {{ FIELD(PAGE) BODY }}'
        of_comment = f'comment(id: "{comment}") {{ FIELD(PAGE) BODY }}'
        on_post: dict[str, object] = {"post_id": self.post}
        reply: dict[str, object] = {
            "post_id": self.make.scalar("SELECT post_id FROM comments WHERE id = %s", self.parent),
            "parent_comment_id": self.parent,
        }
        found: dict[str, Walked] = {}
        for name, path, fixed in (("Post.comments", of_post, on_post), ("Comment.replies", of_comment, reply)):
            rows: dict[int, Row] = {}  # in both orders
            for order in ("NEWEST", "OLDEST"):
                field = f"{name.partition('.')[2]}(order: {order}, PAGE)"
                found[f"{name} {order}"] = self._walked(
                    path.replace("FIELD(PAGE)", field), "comments", "user_id", _own("Comment"),
                    fixed={**fixed, "content": "Hi"}, ascending=order == "OLDEST", soft=True,
                    rows=rows,
                )  # fmt: skip
        likes = {"fixed": {**on_post, "type": "like"}, "unique": True}
        return {
            **found,
            "Post.likers": self._walked(
                of_post.replace("FIELD", "likers"), "post_interactions", "user_id", _other("User"), **likes
            ),
            "Post.reposts": self._walked(
                of_post.replace("FIELD", "reposts"), "reposts", "user_id", _own("Repost"), fixed=on_post, unique=True
            ),
            "Post.reposters": self._walked(
                f'post(id: "{encode("Post", self.seen_posts[0])}") {{ reposters(PAGE) BODY }}',
                "reposts", "user_id", _other("User"), fixed={"post_id": self.seen_posts[0]}, unique=True,
            ),
            "Comment.likers": self._walked(
                of_comment.replace("FIELD", "likers"), "app.comment_likes", "user_id", _other("User"),
                fixed={"comment_id": self.parent}, unique=True,
            ),
        }  # fmt: skip

    def _of_people(self) -> dict[str, Walked]:
        """Of Ben, whom and what he follows and lists."""
        members = self.make.insert("user_lists", user_id=self.ben, name="List", is_public=True)
        ways = [
            ("User.followers", "followers", "user_follows", "follower_id", {"following_id": self.ben}),
            ("User.following", "following", "user_follows", "following_id", {"follower_id": self.ben}),
        ]
        found = {
            name: self._walked(
                f'user(username: "ben") {{ {field}(PAGE) BODY }}', table, column, _other("User"),
                fixed=fixed, tie=column, unique=True,
            )
            for name, field, table, column, fixed in ways
        }  # fmt: skip
        path = f'node(id: "{encode("UserList", members)}") {{ ... on UserList {{ members(PAGE) BODY }} }}'
        found["UserList.members"] = self._walked(
            path, "list_members", "user_id", _other("User"), fixed={"list_id": members}, tie="user_id", unique=True
        )
        return found

    def _of_links(self) -> dict[str, Walked]:
        """What leads to posts, and what people have done about Ada."""
        ada = self.ada
        posts = {"seen": self.seen_posts, "hidden": self.hidden_posts, "unique": True}
        told = {"user_id": ada, "type": "comment", "title": "Hi"}
        return {
            "Viewer.bookmarks": self._walked(
                "viewer { bookmarks(PAGE) BODY }", "post_interactions", "post_id", _other("Post"),
                fixed={"user_id": ada, "type": "bookmark"}, **posts,
            ),
            "User.reposts": self._walked(
                'user(username: "dora") { reposts(PAGE) BODY }', "reposts", "post_id", _other("Post"),
                fixed={"user_id": self.dora}, **posts,
            ),
            "Viewer.notifications": self._walked(
                "viewer { notifications(PAGE) BODY }", "notifications", "actor_id", _own("Notification"), fixed=told
            ),
            "Viewer.followRequests": self._walked(
                "viewer { followRequests(PAGE) BODY }", "app.follow_requests", "requester_id", _own("FollowRequest"),
                fixed={"target_id": ada}, unique=True,
            ),
            "Viewer.sentFollowRequests": self._walked(
                "viewer { sentFollowRequests(PAGE) BODY }", "app.follow_requests", "target_id", _own("FollowRequest"),
                fixed={"requester_id": ada}, unique=True,
            ),
            "Viewer.muted": self._walked(
                "viewer { muted(PAGE) BODY }", "app.user_mutes", "muted_id", _other("User"),
                fixed={"muter_id": self.ada}, tie="muted_id", unique=True,
                seen=[self.make.user(f"muted{n}") for n in range(SEEN)],
            ),
        }  # fmt: skip

    def _of_feeds(self) -> dict[str, Walked]:
        """Posts of people whom Ada follows, who write nothing else, and those of one."""
        authors = [self.make.user(f"author{n}", status="suspended" if n > 2 else "active") for n in range(6)]
        for author in authors:
            self.make.follow(self.ada, author)
        feed = self.make.insert(
            "custom_feeds", user_id=self.ada, name="Recent",
            algorithm_config=Jsonb({"sort": "RECENT", "scope": "FOLLOWING"}),
        )  # fmt: skip
        text = {"type": "text_short", "content": "Hello", "tags": ["walk"]}
        shared: dict[str, Any] = {
            "fixed": text, "seen": authors[:3], "hidden": authors[3:], "at": ("created_at", "published_at")
        }  # fmt: skip
        rows: dict[int, Row] = {}  # which all of them share
        writer = self.make.user("writer")
        own = {**shared, "fixed": {"type": "text_short", "content": "Hello"}, "seen": [writer], "hidden": []}
        paths = {
            "Query.homeFeed": "homeFeed(PAGE) BODY",
            "Feed.posts": f'node(id: "{encode("Feed", feed)}") {{ ... on Feed {{ posts(PAGE) BODY }} }}',
            "FeedPreview.posts": "previewFeed(rules: {scope: FOLLOWING, groups: []}) { posts(PAGE) BODY }",
            "Tag.posts": 'tag(name: "walk") { posts(PAGE) BODY }',
        }
        found = {
            name: self._walked(path, "posts", "user_id", _own("Post"), rows=rows, stops=name == "Tag.posts", **shared)
            for name, path in paths.items()
        }
        path = 'user(username: "writer") { posts(PAGE) BODY }'
        return {**found, "User.posts": self._walked(path, "posts", "user_id", _own("Post"), **own)}

    def _of_viewer(self) -> dict[str, Walked]:
        """What Ada has written and nobody else sees, and her conversation with Ben."""
        own = {"type": "text_short", "content": "Hello"}
        mine: dict[str, Any] = {"seen": [self.ada], "hidden": [], "stops": False}

        def posts(field: str, **given: Any) -> Walked:
            path = f"viewer {{ {field}(PAGE) BODY }}"
            fixed = {**own, **given.pop("fixed")}
            return self._walked(path, "posts", "user_id", _own("Post"), fixed=fixed, **{**mine, **given})

        talk = self.make.insert("conversations", kind="direct", participant_ids=[self.ada, self.ben])
        for who in (self.ada, self.ben):
            self.make.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=who)
        path = f'node(id: "{encode("Conversation", talk)}") {{ ... on Conversation {{ messages(PAGE) BODY }} }}'
        return {
            "Viewer.drafts": posts("drafts", fixed={"status": "draft"}, at=("updated_at",)),
            "Viewer.scheduled": posts(
                "scheduled", fixed={"status": "scheduled"}, at=("scheduled_for",), rank=operator.neg,
                start=self.now + timedelta(days=1),
            ),
            "Viewer.deletedPosts": posts("deletedPosts", fixed={"status": "deleted"}, at=("deleted_at",)),
            "Viewer.lists": self._walked(
                "viewer { lists(PAGE) BODY }", "user_lists", "user_id", _own("UserList"), name="name", **mine
            ),
            "Conversation.messages": self._walked(
                path, "messages", "sender_id", _own("Message"), fixed={"conversation_id": talk, "content": "Hi"},
                **{**mine, "seen": [self.ada, self.ben], "stops": True},
            ),
        }  # fmt: skip


def _own(type_: str) -> Callable[[int, int], str]:
    """The row is what the list shows."""
    return lambda tie, _: encode(type_, tie)


def _other(type_: str) -> Callable[[int, int], str]:
    """The list shows what the row leads to."""
    return lambda _, other: encode(type_, other)
