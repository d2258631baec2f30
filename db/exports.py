"""All that the database holds of one person, part by part, as lines of JSON.

Parts are read a batch at a time, each by its key, with no transaction and, between two batches, no connection held: who
fetches slowly keeps nobody waiting. What is written meanwhile may be in it or not.
"""

from collections.abc import AsyncGenerator
from typing import NamedTuple

from psycopg import sql

from db.pool import Database

BATCH = 500


class Part(NamedTuple):
    """What goes into a file of an export: the rows of a table that belong to somebody, or to something of theirs.

    Parts of one name, which stand one after the other, go into one file.
    `owner` is the column that says whose a row is, or what of theirs it belongs to by `through`, a table with a
    user_id; `key` orders the rows and is not the same in two of them, `secret` are columns that nobody is told.
    `seen` is a column and the function of what the person may see by that id: rows that name anything else are left
    out, as the API leaves them out.
    """

    name: str
    table: str
    owner: str = "user_id"
    key: tuple[str, ...] = ("id",)
    through: str | None = None
    secret: tuple[str, ...] = ()
    seen: tuple[str, str] | None = None


_USERS, _POSTS = "app.visible_users", "app.visible_posts"

PARTS = (
    Part("account", "public.users", owner="id", secret=("password_hash",)),
    Part("profile", "public.user_profiles", key=("user_id",)),
    Part("settings", "app.user_settings", key=("user_id",)),
    Part("sessions", "app.sessions", secret=("token_hash",)),
    Part("letters", "app.verification_tokens", secret=("token_hash",)),
    Part("audit_log", "app.audit_log"),
    Part("storage", "public.storage_usage", key=("user_id",)),
    Part("subscriptions", "public.user_subscriptions"),
    Part("posts", "public.posts"),
    Part("media", "public.post_media", secret=("object_key",)),
    Part("uploads", "app.pending_uploads", secret=("object_key",)),
    Part("comments", "public.comments"),
    Part("reposts", "public.reposts", seen=("post_id", _POSTS)),
    Part("interactions", "public.post_interactions", seen=("post_id", _POSTS)),
    Part("following", "public.user_follows", owner="follower_id", key=("following_id",), seen=("following_id", _USERS)),
    Part("followers", "public.user_follows", owner="following_id", key=("follower_id",), seen=("follower_id", _USERS)),
    Part("friends", "public.friendships", owner="user_id_1", key=("user_id_2",), seen=("user_id_2", _USERS)),
    Part("friends", "public.friendships", owner="user_id_2", key=("user_id_1",), seen=("user_id_1", _USERS)),
    Part("blocked", "app.user_blocks", owner="blocker_id", key=("blocked_id",)),
    Part("muted", "app.user_mutes", owner="muter_id", key=("muted_id",)),
    Part("sections", "public.profile_sections"),
    Part("section_content", "public.section_content", owner="section_id", through="public.profile_sections"),
    Part("feeds", "public.custom_feeds"),
    Part("feed_filters", "public.feed_filters", owner="feed_id", through="public.custom_feeds"),
    Part("lists", "public.user_lists"),
    Part(
        "list_members",
        "public.list_members",
        "list_id",
        ("list_id", "user_id"),
        "public.user_lists",
        seen=("user_id", _USERS),
    ),
    Part("conversations", "app.conversation_members", key=("conversation_id",)),
    Part("messages", "public.messages", owner="sender_id"),
    Part("notifications", "public.notifications", seen=("id", "app.visible_notifications")),
)

# What refers to a person and is not the person's to have.
NOT_THEIRS = {
    "app.user_blocks.blocked_id": "Who blocks somebody does not want them to know.",
    "app.user_mutes.muted_id": "Who mutes somebody does not want them to know.",
    "public.list_members.user_id": "A list is its owner's, and may be private.",
    "public.notifications.actor_id": "It is what another person was told.",
}


class _Line(NamedTuple):
    key: list[int]
    line: str


def _statement(part: Part, after: list[int]) -> sql.Composed:
    """The next rows of a part: its first ones, or those after this key."""
    owner = sql.Identifier("t", part.owner)
    key = sql.SQL(", ").join(sql.Identifier("t", column) for column in part.key)
    theirs = sql.SQL("{} = %(user_id)s").format(owner)
    if part.through is not None:
        theirs = sql.SQL("{} IN (SELECT o.id FROM {} AS o WHERE o.user_id = %(user_id)s)").format(
            owner, _table(part.through)
        )
    conditions: list[sql.Composable] = [theirs]
    if part.seen is not None:
        column, function = part.seen
        # One by one: OFFSET keeps the planner from reading all that may be seen first.
        conditions.append(
            sql.SQL("EXISTS (SELECT FROM {}(%(user_id)s) AS seen WHERE seen.id = {} OFFSET 0)").format(
                _table(function), sql.Identifier("t", column)
            )
        )
    if after:
        last = sql.SQL(", ").join(map(sql.Literal, after))
        conditions.append(sql.SQL("({key}) > ({last})").format(key=key, last=last))
    return sql.SQL(
        "SELECT ARRAY[{key}] AS key, (to_jsonb(t) - {secret}::text[])::text AS line FROM {table} AS t"
        " WHERE {conditions} ORDER BY {key} LIMIT %(limit)s"
    ).format(
        key=key,
        secret=sql.Literal(list(part.secret)),
        table=_table(part.table),
        conditions=sql.SQL(" AND ").join(conditions),
    )


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


async def lines(database: Database, user_id: int, part: Part) -> AsyncGenerator[list[str]]:
    """The rows of one part in the order of their keys, each as a line of JSON, some at a time."""
    after = list[int]()
    while True:
        parameters: dict[str, object] = {"user_id": user_id, "limit": BATCH}
        found = await database.fetch_composed(f"export_{part.name}", _statement(part, after), parameters, _Line)
        await database.release()
        if found:
            yield [row.line for row in found]
        if len(found) < BATCH:
            return
        after = found[-1].key
