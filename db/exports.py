"""All that the database holds of one person, part by part, as lines of JSON.

A part is read by keyset, a batch at a time, with no transaction and, between two batches, no connection held: a client
that reads slowly delays nobody. What is written meanwhile may be in it or not.

An export shows what the API shows to the same person (docs/adr/0018), whatever the status of the account.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import LiteralString, NamedTuple

from psycopg import sql

from db.pool import Database

BATCH = 500


class Owners(NamedTuple):
    """A table with a user_id that the rows of a part belong to, and the order in which its rows are walked.

    The last column of `key` is the id.
    """

    table: str
    key: tuple[str, ...]


class Part(NamedTuple):
    """What goes into a file of an export: the rows of a table that belong to a person, or to something of theirs.

    Parts of one name, which stand one after the other, go into one file.
    `owner` is the column that says whose a row is, or which of the person's `through` it belongs to. `key` orders the
    rows, is unique within one owner, and is served by an index that begins with the owner; below `through` it consists
    of integers from 0. `where` is constant in that index.
    `seen` is a column and the function of what the person may see by that id, `shown` another condition: a row for
    which they do not hold is left out, as the API leaves it out.
    `secret` are columns that nobody is told, `blank` those that are NULL once the row is deleted.
    """

    name: str
    table: str
    owner: str = "user_id"
    key: tuple[str, ...] = ("id",)
    through: Owners | None = None
    where: LiteralString | None = None
    seen: tuple[str, str] | None = None
    shown: LiteralString | None = None
    secret: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


_USERS, _POSTS = "app.visible_users", "app.visible_posts"
_TIME, _PLACE = ("created_at", "id"), ("display_order", "id")
_SECTIONS = Owners("public.profile_sections", _PLACE)
_FEEDS = Owners("public.custom_feeds", _PLACE)
_LISTS = Owners("public.user_lists", _TIME)

PARTS = (
    Part("account", "public.users", "id", secret=("password_hash",)),
    Part("profile", "public.user_profiles", key=("user_id",)),
    Part("settings", "app.user_settings", key=("user_id",)),
    Part("sessions", "app.sessions", shown="t.revoked_at IS NULL AND t.expires_at > now()", secret=("token_hash",)),
    Part("letters", "app.verification_tokens", secret=("token_hash",)),
    Part("audit_log", "app.audit_log", key=_TIME),
    Part("storage", "public.storage_usage", key=("user_id",)),
    Part("subscriptions", "public.user_subscriptions", key=_TIME),
    # A post moves towards the end of this order, so that one that moves meanwhile may be there twice and is not missed.
    Part("posts", "public.posts", key=_TIME, where="t.status = 'draft'"),
    Part("posts", "public.posts", key=_TIME, where="t.status = 'scheduled'"),
    Part("posts", "public.posts", key=_TIME, where="t.status = 'published'"),
    Part("media", "public.post_media", secret=("object_key",)),
    Part("uploads", "app.pending_uploads", secret=("object_key",)),
    Part(
        "comments", "public.comments", key=_TIME, seen=("id", "app.visible_comments"), blank=("content", "content_html")
    ),
    Part("reposts", "public.reposts", key=_TIME, seen=("post_id", _POSTS)),
    Part("interactions", "public.post_interactions", key=("post_id", "type"), seen=("post_id", _POSTS)),
    Part("following", "public.user_follows", "follower_id", ("following_id",), seen=("following_id", _USERS)),
    Part(
        "followers", "public.user_follows", "following_id", ("created_at", "follower_id"), seen=("follower_id", _USERS)
    ),
    Part("friends", "public.friendships", "user_id_1", ("user_id_2",), seen=("user_id_2", _USERS)),
    Part("friends", "public.friendships", "user_id_2", ("created_at", "user_id_1"), seen=("user_id_1", _USERS)),
    Part(
        "blocked",
        "app.user_blocks",
        "blocker_id",
        ("blocked_id",),
        shown="EXISTS (SELECT FROM public.users AS u WHERE u.id = t.blocked_id AND u.status = 'active')",
    ),
    Part("muted", "app.user_mutes", "muter_id", ("muted_id",), seen=("muted_id", _USERS)),
    Part("sections", "public.profile_sections", key=_PLACE),
    Part("section_content", "public.section_content", "section_id", _PLACE, _SECTIONS),
    Part("feeds", "public.custom_feeds", key=_PLACE),
    Part("feed_filters", "public.feed_filters", "feed_id", ("group_id", "display_order"), _FEEDS),
    Part("lists", "public.user_lists", key=_TIME),
    Part("list_members", "public.list_members", "list_id", ("user_id",), _LISTS, seen=("user_id", _USERS)),
    # A new message moves a conversation towards the end, where it is read again.
    Part(
        "conversations",
        "app.conversation_members",
        key=("last_message_at", "conversation_id"),
        shown="t.left_at IS NULL",
    ),
    Part("messages", "public.messages", "sender_id", seen=("id", "app.visible_messages"), blank=("content",)),
    Part("notifications", "public.notifications", key=_TIME, seen=("id", "app.visible_notifications")),
)

# What refers to a person and is not the person's to have.
NOT_THEIRS = {
    "app.user_blocks.blocked_id": "Who blocks somebody does not want them to know.",
    "app.user_mutes.muted_id": "Who mutes somebody does not want them to know.",
    "public.list_members.user_id": "A list is its owner's, and may be private.",
    "public.notifications.actor_id": "It is what another person was told.",
}


class _Line(NamedTuple):
    """A row as JSON, or None if it is not shown, and its key as the texts of its columns."""

    key: list[str]
    line: str | None


def statement(part: Part, after: Sequence[str] = ()) -> sql.Composed:
    """The next rows of a part: the first ones, or those after this key.

    The limit counts rows that are not shown, too: what a batch costs does not depend on how many those are.
    """
    columns = [sql.Identifier("t", column) for column in part.key]
    conditions: list[sql.Composable] = [] if part.where is None else [sql.SQL(part.where)]
    if part.through is None:
        conditions.append(sql.SQL("{} = %(user_id)s").format(sql.Identifier("t", part.owner)))
        if after:
            conditions.append(_after(columns, [sql.Literal(value) for value in after]))
        key, rows = columns, _rows(part, conditions, columns)
    else:
        owners, inner = after[: len(part.through.key)], after[len(part.through.key) :]
        conditions.append(sql.SQL("{} = o.id").format(sql.Identifier("t", part.owner)))
        if after:
            # Behind the owner that the last batch ended in, rows are read from their first.
            begin: list[sql.Composable] = [
                sql.SQL("CASE WHEN o.id = {} THEN {}::bigint ELSE -1 END").format(
                    sql.Literal(int(owners[-1])), sql.Literal(int(value))
                )
                for value in inner
            ]
            conditions.append(_after(columns, begin))
        outer = [sql.Identifier("o", column) for column in part.through.key]
        begins: list[sql.Composable] = [sql.SQL("o.user_id = %(user_id)s")]
        if after:
            begins.append(_after(outer, [sql.Literal(value) for value in owners], including=True))
        key, rows = (
            [*outer, *columns],
            sql.SQL(
                "(SELECT o.* FROM {table} AS o WHERE {begins} ORDER BY {order}) AS o CROSS JOIN LATERAL {rows}"
            ).format(
                table=_table(part.through.table),
                begins=sql.SQL(" AND ").join(begins),
                order=sql.SQL(", ").join(outer),
                rows=_rows(part, conditions, columns),
            ),
        )
    return sql.SQL(
        "SELECT ARRAY[{texts}] AS key, CASE WHEN {shown} THEN ({line})::text END AS line FROM {rows}"
        " ORDER BY {key} LIMIT %(limit)s"
    ).format(
        texts=sql.SQL(", ").join(sql.SQL("{}::text").format(column) for column in key),
        shown=_shown(part),
        line=_line(part),
        rows=rows,
        key=sql.SQL(", ").join(key),
    )


def _rows(part: Part, conditions: Sequence[sql.Composable], key: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL("(SELECT t.* FROM {table} AS t WHERE {conditions} ORDER BY {key} LIMIT %(limit)s) AS t").format(
        table=_table(part.table),
        conditions=sql.SQL(" AND ").join(conditions),
        key=sql.SQL(", ").join(key),
    )


def _after(
    columns: Sequence[sql.Composable], values: Sequence[sql.Composable], *, including: bool = False
) -> sql.Composed:
    return sql.SQL("({}) {} ({})").format(
        sql.SQL(", ").join(columns), sql.SQL(">=" if including else ">"), sql.SQL(", ").join(values)
    )


def _shown(part: Part) -> sql.Composable:
    conditions: list[sql.Composable] = [sql.SQL("TRUE") if part.shown is None else sql.SQL(part.shown)]
    if part.seen is not None:
        column, function = part.seen
        # One by one: OFFSET keeps the planner from reading all that may be seen first.
        conditions.append(
            sql.SQL("EXISTS (SELECT FROM {}(%(user_id)s) AS seen WHERE seen.id = {} OFFSET 0)").format(
                _table(function), sql.Identifier("t", column)
            )
        )
    return sql.SQL(" AND ").join(conditions)


def _line(part: Part) -> sql.Composed:
    line = sql.SQL("to_jsonb(t) - {}::text[]").format(sql.Literal(list(part.secret)))
    if not part.blank:
        return line
    blank = sql.SQL(", ").join(sql.SQL("{}, NULL").format(sql.Literal(column)) for column in part.blank)
    return sql.SQL(
        "({line}) || CASE WHEN t.deleted_at IS NULL THEN '{{}}'::jsonb ELSE jsonb_build_object({blank}) END"
    ).format(line=line, blank=blank)


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


async def lines(database: Database, user_id: int, part: Part) -> AsyncGenerator[list[str]]:
    """The rows of one part in the order of their keys, each as a line of JSON, some at a time, or none."""
    after = list[str]()
    while True:
        parameters: dict[str, object] = {"user_id": user_id, "limit": BATCH}
        found = await database.fetch_composed(f"export_{part.name}", statement(part, after), parameters, _Line)
        await database.release()
        if found:
            yield [row.line for row in found if row.line is not None]
        if len(found) < BATCH:
            return
        after = found[-1].key
