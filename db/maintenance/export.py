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

    The last column of `key` is the id. `where` is constant in the index.
    """

    table: str
    key: tuple[str, ...]
    where: LiteralString | None = None


class Part(NamedTuple):
    """What a file of an export contains: the rows of a table that belong to a person, or to something of theirs.

    Parts of one name, which stand one after the other, go into one file.
    `owner` is the column that says whose a row is, or which of the person's `through` it belongs to. `key` orders the
    rows, is unique within one owner, and is served by an index that begins with the owner, and by no other: where one
    has the rows of all people in this order, the planner may look there for those of one person. `where` is constant in
    the index.
    `seen` is a column and the function of what the person may see by that id, `shown` another condition: a row for
    which they do not hold is left out, as the API leaves it out.
    `secret` are columns that are not exported, `blank` those that are NULL once the row is deleted.
    """

    name: str
    table: str
    owner: str = "user_id"
    key: tuple[str, ...] = ("created_at", "id")
    through: Owners | None = None
    where: LiteralString | None = None
    seen: tuple[str, str] | None = None
    shown: LiteralString | None = None
    secret: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


def _with(column: str) -> tuple[str, str]:
    return "created_at", column


_USERS, _POSTS = "app.visible_users", "app.visible_posts"
_TIME, _PLACE = ("created_at", "id"), ("display_order", "id")
_SECTIONS = Owners("public.profile_sections", _PLACE)
_FEEDS = Owners("public.custom_feeds", _PLACE)
_LISTS = Owners("public.user_lists", _TIME)

# The sub-select keeps the planner from looking for a person's posts in an index of everybody's.
_DRAFTS = Owners("public.posts", _TIME, "o.status = (SELECT 'draft'::public.post_status)")
_SCHEDULED = Owners("public.posts", _TIME, "o.status = (SELECT 'scheduled'::public.post_status)")
_PUBLISHED = Owners("public.posts", _TIME, "o.status = (SELECT 'published'::public.post_status)")
_REVISIONS = ("replaced_at", "id")

# The Following feed is not stored.
_OPEN_FEED: LiteralString = """(
    t.feed_id > 4611686018427387904
    OR EXISTS (SELECT FROM app.visible_feeds(%(user_id)s) AS seen WHERE seen.id = t.feed_id OFFSET 0)
)"""

PARTS = (
    Part("account", "public.users", "id", ("id",), secret=("password_hash",)),
    Part("profile", "public.user_profiles", key=("user_id",)),
    Part("settings", "app.user_settings", key=("user_id",)),
    Part("feed_opt_outs", "app.feed_opt_outs", key=("user_id",)),
    Part("sessions", "app.sessions", shown="t.revoked_at IS NULL AND t.expires_at > now()", secret=("token_hash",)),
    Part("email_tokens", "app.verification_tokens", secret=("token_hash",)),
    Part("audit_log", "app.audit_log"),
    Part("storage", "public.storage_usage", key=("user_id",)),
    Part("counts", "app.user_counts", key=("user_id",)),
    Part("subscriptions", "public.user_subscriptions"),
    # A post moves towards the end of this order, so that one that moves meanwhile may be there twice and is not missed.
    Part("posts", "public.posts", where="t.status = (SELECT 'draft'::public.post_status)"),
    Part("posts", "public.posts", where="t.status = (SELECT 'scheduled'::public.post_status)"),
    Part("posts", "public.posts", where="t.status = (SELECT 'published'::public.post_status)"),
    Part("post_revisions", "app.post_revisions", "post_id", _REVISIONS, _DRAFTS),
    Part("post_revisions", "app.post_revisions", "post_id", _REVISIONS, _SCHEDULED),
    Part("post_revisions", "app.post_revisions", "post_id", _REVISIONS, _PUBLISHED),
    Part("media", "public.post_media", secret=("object_key",)),
    Part("uploads", "app.pending_uploads", secret=("object_key", "final_key")),
    Part("comments", "public.comments", seen=("id", "app.visible_comments"), blank=("content", "content_html")),
    Part("reposts", "public.reposts", seen=("post_id", _POSTS)),
    Part("interactions", "public.post_interactions", where="t.type = 'like'", seen=("post_id", _POSTS)),
    Part("interactions", "public.post_interactions", where="t.type = 'bookmark'", seen=("post_id", _POSTS)),
    Part("interactions", "public.post_interactions", where="t.type = 'share'", seen=("post_id", _POSTS)),
    Part("seen_posts", "app.seen_posts", key=("mark",), seen=("post_id", _POSTS)),
    Part("comment_likes", "app.comment_likes", key=("comment_id",), seen=("comment_id", "app.visible_comments")),
    Part("following", "public.user_follows", "follower_id", _with("following_id"), seen=("following_id", _USERS)),
    Part("followers", "public.user_follows", "following_id", _with("follower_id"), seen=("follower_id", _USERS)),
    Part("friends", "public.friendships", "user_id_1", _with("user_id_2"), seen=("user_id_2", _USERS)),
    Part("friends", "public.friendships", "user_id_2", _with("user_id_1"), seen=("user_id_1", _USERS)),
    Part("sent_follow_requests", "app.follow_requests", "requester_id", _with("id"), seen=("target_id", _USERS)),
    Part("follow_requests", "app.follow_requests", "target_id", _with("id"), seen=("requester_id", _USERS)),
    Part(
        "blocked",
        "app.user_blocks",
        "blocker_id",
        _with("blocked_id"),
        shown="EXISTS (SELECT FROM public.users AS u WHERE u.id = t.blocked_id AND u.status = 'active' OFFSET 0)",
    ),
    Part("muted", "app.user_mutes", "muter_id", _with("muted_id"), seen=("muted_id", _USERS)),
    Part("mute_words", "app.mute_words"),
    Part("sections", "public.profile_sections", key=_PLACE),
    Part("section_content", "public.section_content", "section_id", _PLACE, _SECTIONS),
    Part("profile_versions", "app.profile_versions", key=("number",)),
    Part("feeds", "public.custom_feeds", key=_PLACE),
    Part("feed_filters", "public.feed_filters", "feed_id", ("group_id", "display_order"), _FEEDS),
    Part("feed_pins", "app.feed_pins", "feed_id", ("place",), _FEEDS, seen=("post_id", _POSTS)),
    Part("feed_markers", "app.feed_markers", key=("feed_id",), shown=_OPEN_FEED),
    Part("lists", "public.user_lists"),
    Part("list_members", "public.list_members", "list_id", _with("user_id"), _LISTS, seen=("user_id", _USERS)),
    # A new message moves a conversation towards the end, where it is read again.
    Part(
        "conversations",
        "app.conversation_members",
        key=("last_message_at", "conversation_id"),
        shown="t.left_at IS NULL",
    ),
    Part("messages", "public.messages", "sender_id", seen=("id", "app.visible_messages"), blank=("content",)),
    # What was withdrawn is not shown.
    Part(
        "notifications",
        "public.notifications",
        seen=("id", "app.visible_notifications"),
        secret=("withdrawn_at",),
    ),
)

# What refers to a person and is not the person's to have.
NOT_THEIRS = {
    "app.user_blocks.blocked_id": "Who blocks somebody does not want them to know.",
    "app.idempotency_keys.user_id": "Keys of a client, forgotten after a day; what they created is exported.",
    "app.seen_marks.user_id": "The number of the latest of the seen posts, which are exported.",
    "app.user_mutes.muted_id": "Who mutes somebody does not want them to know.",
    "app.post_mentions.user_id": "It belongs to another person's post.",
    "app.user_search.user_id": "What search reads: a copy of their names, which are exported.",
    "public.list_members.user_id": "A list is its owner's, and may be private.",
    "public.notifications.actor_id": "It belongs to another person's notification.",
}


class _Line(NamedTuple):
    """A row as JSON, or None if it is not shown, and its key as the texts of its columns."""

    key: list[str]
    line: str | None


def statement(part: Part, after: Sequence[str] = (), *, within: bool = False) -> sql.Composed:
    """The next rows of a part: the first ones, or those after this key.

    Below `through` those are the rows of the owners after the one in this key, or `within` it the rest of its own: for
    one owner by itself the planner knows whether it has few rows or many.
    The limit counts rows that are not shown, too: what a batch costs does not depend on how many those are.
    """
    columns = [sql.Identifier("t", column) for column in part.key]
    theirs = sql.Identifier("t", part.owner)
    if part.through is None:
        conditions = [*_first(part, theirs, sql.SQL("%(user_id)s")), *_after(columns, after)]
        return _batch(part, columns, columns, _rows(part, conditions))
    owners, inner = after[: len(part.through.key)], after[len(part.through.key) :]
    table = _table(part.through.table)
    if within:
        owner = sql.Literal(owners[-1])
        still = sql.SQL("EXISTS (SELECT FROM {} AS o WHERE o.id = {} AND {})").format(
            table, owner, _owners(part.through)
        )
        conditions = [*_first(part, theirs, owner), still, *_after(columns, inner)]
        return _batch(part, [*map(sql.Literal, owners), *columns], columns, _rows(part, conditions))
    outer = [sql.Identifier("o", column) for column in part.through.key]
    rows = sql.SQL("(SELECT o.* FROM {} AS o WHERE {} ORDER BY {}) AS o CROSS JOIN LATERAL {}").format(
        table,
        sql.SQL(" AND ").join([_owners(part.through), *_after(outer, owners)]),
        sql.SQL(", ").join(outer),
        _rows(part, _first(part, theirs, sql.SQL("o.id"))),
    )
    return _batch(part, [*outer, *columns], [*outer, *columns], rows)


def _owners(through: Owners) -> sql.Composable:
    return sql.SQL(
        "o.user_id = %(user_id)s" if through.where is None else f"o.user_id = %(user_id)s AND {through.where}"
    )


def _batch(
    part: Part, key: Sequence[sql.Composable], order: Sequence[sql.Composable], rows: sql.Composable
) -> sql.Composed:
    return sql.SQL(
        "SELECT ARRAY[{key}] AS key, CASE WHEN {shown} THEN ({line})::text END AS line FROM {rows}"
        " ORDER BY {order} LIMIT %(limit)s"
    ).format(
        key=sql.SQL(", ").join(sql.SQL("{}::text").format(column) for column in key),
        shown=_shown(part),
        line=_line(part),
        rows=rows,
        order=sql.SQL(", ").join(order),
    )


def _rows(part: Part, conditions: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL("(SELECT t.* FROM {table} AS t WHERE {conditions} ORDER BY {key} LIMIT %(limit)s) AS t").format(
        table=_table(part.table),
        conditions=sql.SQL(" AND ").join(conditions),
        key=sql.SQL(", ").join(sql.Identifier("t", column) for column in part.key),
    )


def _first(part: Part, theirs: sql.Composable, owner: sql.Composable) -> list[sql.Composable]:
    conditions: list[sql.Composable] = [sql.SQL("{} = {}").format(theirs, owner)]
    return conditions if part.where is None else [*conditions, sql.SQL(part.where)]


def _after(columns: Sequence[sql.Composable], values: Sequence[str]) -> list[sql.Composable]:
    if not values:
        return []
    last = sql.SQL(", ").join(map(sql.Literal, values))
    return [sql.SQL("({}) > ({})").format(sql.SQL(", ").join(columns), last)]


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
    after, within = list[str](), False
    while True:
        parameters: dict[str, object] = {"user_id": user_id, "limit": BATCH}
        query = statement(part, after, within=within)
        found = await database.fetch_composed(f"export_{part.name}", query, parameters, _Line)
        await database.release()
        if found:
            yield [row.line for row in found if row.line is not None]
        if len(found) == BATCH:
            after, within = found[-1].key, part.through is not None
        elif within:
            within = False
        else:
            return
