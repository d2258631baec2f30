"""Every predicate of visibility, found by what it looks like, to be removed one at a time.

In SQL they are found by pattern, at every place where they stand: a new one is here by itself, and has to be missed by
the matrix when it is gone, or to say in REDUNDANT why nobody can miss it. Those of Python are written out.
"""

import importlib
import re
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import psycopg

from db.migrations.replaceable import SQL
from db.statements import QUERIES, _statement, load  # pyright: ignore[reportPrivateUsage]

FUNCTIONS = SQL / "functions" / "visibility.sql"

# What each function is a part of: read instead of it, the part becomes the whole.
WHOLE: Mapping[str, str] = {
    "visible_users": "public.users",
    "visible_profiles": "public.user_profiles",
    "visible_circles": "public.user_profiles",
    "open_posts": "public.posts",
    "visible_posts": "public.posts",
    "open_comments": "public.comments",
    "visible_comments": "public.comments",
    "memberships": "app.conversation_members",
    "open_messages": "public.messages",
    "visible_messages": "public.messages",
    "visible_notifications": "public.notifications",
    "visible_lists": "public.user_lists",
    "visible_feeds": "public.custom_feeds",
}
_VIEWER = r"(?:viewer\b|%\(viewer\)s)"
_OWNER = r"(?:user_id|blocker_id|muter_id|requester_id|target_id)"
PATTERNS: Mapping[str, str] = {
    r"app\.(?P<function>visible_\w+|open_\w+|memberships)\([^)]*\)s?\)?": "",
    r"app\.blocks_between\([^)]*\)": "(SELECT WHERE FALSE)",
    rf"\bb\.block(?:er|ed)_id = {_VIEWER}(?! AND)": "FALSE",
    r"\bb\.blocker_id = (?:one|other)(?= AND)": "FALSE",
    rf"\b(?:m|mute)\.muter_id = {_VIEWER}": "FALSE",
    rf"\b(?!b\.|m\.muter|mute\.)\w+\.{_OWNER} = {_VIEWER}(?! THEN| AS|\n    OR)": "TRUE",
    rf"\bb\.blocker_id = {_VIEWER}(?= AND)": "TRUE",
    rf"\bf\.follow(?:er|ing)_id = {_VIEWER}": "TRUE",
    r"\bf\.following_id = (?:p|profile|u|o)\.(?:user_id|id)": "TRUE",
    r"\b\w+\.status (?:= '\w+'|IN \([^)]*\))": "TRUE",
    r"\b\w+\.sharing (?:=|<>) '\w+'": "TRUE",
    r"\bt\.purpose = '\w+'": "TRUE",
    r"\b\w+\.left_at IS NULL": "TRUE",
    r"\b\w+\.is_(?:public|visible)(?= OR|\n        AND)": "TRUE",
    r"\bNOT \w+\.show_followers": "FALSE",
    r"\b\w+\.id > \w+\.hidden_before_message_id": "TRUE",
    r", m\.hidden_before_message_id(?=\))": "",
    r"CASE WHEN (?P<row>\w+)\.deleted_at IS NULL THEN \w+\.content END": "{row}.content",
    r"\b(?:comment|g|c)\.deleted_at IS NULL(?! THEN)(?: OR c\.replies_count > 0)?": "TRUE",
    r"(?<=THEN )EXISTS (?=\()": "TRUE OR EXISTS ",
    r"\bELSE FALSE\n": "ELSE TRUE\n",
}
_READING = "Shown in tests/api/test_reading_conversations."
_LIVE = "Shown in tests/live/test_delivery."
# What nothing shows the loss of, and why it is there.
REDUNDANT: Mapping[str, str] = {
    "feeds_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "lock_feed: f.user_id = %(viewer)s": "It only locks; what follows asks whose feed it is.",
    "create_feed: f.user_id = %(viewer)s": "Shown in tests/api/test_feeds.",
    "delete_filters: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "insert_filters: f.user_id = %(viewer)s": "The feed is locked or new, as one of the viewer's.",
    "delete_pins: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "insert_pins: f.user_id = %(viewer)s": "The feed is locked or new, as one of the viewer's.",
    "lock_profile_documents: f.user_id = %(viewer)s": "Shown in tests/api/test_profile_changes.",
    "insert_pins: post.user_id = %(viewer)s": "Shown in tests/api/test_pinned_posts.",
    **{
        f"{name}: {predicate}": "Shown in tests/api/test_withdrawn_notifications."
        for name, predicates in {
            "withdraw_like": ("l.user_id = %(viewer)s", "c.deleted_at IS NULL"),
            "withdraw_comment_like": ("i.user_id = %(viewer)s", "l.user_id = %(viewer)s", "c.deleted_at IS NULL"),
        }.items()
        for predicate in predicates
    },
    "reader_token_owners_by_token_hashes: t.purpose = 'reader'": "The feed itself is looked up with it once more.",
    "reader_token_owners_by_token_hashes: u.status = 'active'": "The feed itself is looked up with it once more.",
    "feed_by_reader_token: t.purpose = 'reader'": "Shown in tests/api/test_feed_readers.",
    "feed_by_reader_token: owner.status = 'active'": "Shown in tests/api/test_feed_readers.",
    "insert_feed_token: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "mute_words_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "uploads_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "uploads_by_ids: m.user_id = %(viewer)s": "Shown in tests/api/test_uploads.",
    "reserve_upload: s.user_id = %(viewer)s": "Shown in tests/api/test_uploads.",
    "lock_upload: p.user_id = %(viewer)s": "The upload was looked up, as one of the viewer's.",
    "set_feed_marker: app.visible_feeds(%(viewer)s)": "The feed was looked up, as one that the viewer may open.",
    "set_feed_marker: other.user_id = %(viewer)s": "It counts: test_an_account_has_a_thousand_markers.",
    "delete_lost_markers: app.visible_feeds(%(viewer)s)": "Only at that number: the same test.",
    "delete_lost_markers: m.user_id = %(viewer)s": "Only at that number: the same test.",
    "delete_feed_tokens: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "free_feed_name: f.user_id = %(viewer)s": "Shown in tests/api/test_feed_documents.",
    "feed_by_token: f.sharing <> 'private'": "The token is deleted in the transaction that makes the feed private.",
    "feeds_by_names: app.visible_feeds(%(viewer)s)": "Shown in tests/api/test_feeds_in_feeds.",
    "lists_by_names: app.visible_lists(%(viewer)s)": "Shown in tests/api/test_feed_documents.",
    "order_feeds: f.user_id = %(viewer)s": "The ids are those of the viewer's feeds.",
    "feed_ids_of_user: f.user_id = %(viewer)s": "Shown in tests/api/test_feeds.",
    "object_of_idempotency_key: k.user_id = %(viewer)s": "tests/api/test_idempotency.py has it: it takes a known key.",
    "notifications_by_user_ids: own.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "unread_notifications_by_user_ids: news.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "unread_notification_counts_by_user_ids: unread.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "posts_by_user_ids: shared.status = 'published'": "For the index: open_posts asks the same.",
    "posts_by_user_ids: own.status = 'published'": "For the index: open_posts asks the same.",
    "conversations_by_user_ids: cm.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "blocked_users_by_user_ids: ub.blocker_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "muted_by_user_ids: um.muter_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "follow_requests_by_user_ids: own.target_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "follow_request_counts_by_user_ids: own.target_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "sent_follow_requests_by_user_ids: own.requester_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    **{
        f"{write}: app.visible_posts(%(viewer)s)": "The answer reads the post again, and undoes all if it is not open."
        for write in ("repost", "like_post", "bookmark_post", "share_post")
    },
    "version_documents_by_ids: v.user_id = %(viewer)s": "Only a version that is seen leads to it.",
    "profile_versions_by_user_ids: v.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "profile_drafts_by_user_ids: v.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "delete_old_versions: every.user_id = %(viewer)s": "Shown in tests/api/test_profile_versions.",
    "delete_old_versions: v.user_id = %(viewer)s": "Shown in tests/api/test_profile_versions.",
    "own_pieces: s.user_id = %(viewer)s": "Shown in tests/api/test_section_content.",
    "own_sources: f.user_id = %(viewer)s": "Shown in tests/api/test_sections.",
    "own_sources: l.user_id = %(viewer)s": "Shown in tests/api/test_sections.",
    **{
        f"{write}: s.user_id = %(viewer)s": "The ids are those of the viewer's sections and pieces."
        for write in ("update_sections", "delete_pieces", "update_pieces", "insert_pieces")
    },
    "latest_mark: m.user_id = %(viewer)s": "Shown in tests/api/test_seen_posts.",
    "mark_seen: s.user_id = %(viewer)s": "Shown in tests/api/test_seen_posts.",
    "mark_seen: s.user_id = %(viewer)s (2)": "Shown in tests/api/test_seen_posts.",
    "add_views: p.status = 'published'": "Shown in tests/api/test_views.",
    "request_follow: app.visible_users(%(viewer)s)": "The answer reads the user, and undoes all if there is none.",
    "approve_follow_request: app.visible_users(%(viewer)s)": "The request that it is given was seen.",
    "reject_follow_request: app.visible_users(%(viewer)s)": "The request that it is given was seen.",
    "members_by_list_ids: app.visible_lists(%(viewer)s)": "Only a list that is seen leads to it.",
    "add_members: app.visible_users(%(viewer)s)": "Shown in tests/api/test_lists.",
    "add_members: l.user_id = %(viewer)s": "The list was created in this transaction.",
    "count_lists: l.user_id = %(viewer)s": "Shown in tests/api/test_lists.",
    "add_member: app.visible_users(%(viewer)s)": "The person was seen before.",
    "add_member: l.user_id = %(viewer)s": "The list was locked as the viewer's before.",
    "remove_member: l.user_id = %(viewer)s": "The list was locked as the viewer's before.",
    "bookmarks_by_user_ids: i.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "media_by_user_ids: pm.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "drafts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "scheduled_posts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "deleted_posts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "deleted_posts_by_user_ids: own.status = 'deleted'": "For the index: nothing else has been deleted at any time.",
    "scheduled_posts_by_user_ids: own.status = 'scheduled'": "Shown in tests/api/test_post_status.",
    "insert_revision: p.user_id = %(viewer)s": "The post is locked, as one of the viewer's.",
    "feeds_with_reader_tokens: t.purpose = 'reader'": "Shown in tests/api/test_feed_readers.",
    "lock_own_media: m.user_id = %(viewer)s": "Shown in tests/api/test_ownership.",
    "attach_media: m.user_id = %(viewer)s": "The files are locked, as the viewer's.",
    "revisions_by_post_ids: own.user_id = %(viewer)s": "The type asks whose post it is, too.",
    **{
        f"posts_by_{way}: {row}.user_id = %(viewer)s": "For the pages of others: visible_posts asks the same."
        for way in ("search", "rank")
        for row in ("latest", "s")
    },
    "popular_posts: posts.status = 'published'": "For the index: visible_posts asks the same.",
    "posts_of_circle: shared.status = 'published'": "For the index: visible_posts asks the same.",
    "posts_of_circle: app.visible_circles(%(viewer)s)": "Shown in tests/api/test_discovery.",
    "users_by_names: app.visible_users(%(viewer)s)": "Shown in tests/api/test_authoring.",
    "notify_mentions: app.visible_posts(m.user_id)": "Shown in tests/api/test_authoring.",
    "notify_comment_mentions: app.visible_comments(u.id)": "Shown in tests/api/test_comment_mentions.",
    "lock_own_post: p.user_id = %(viewer)s": "It only locks; what follows asks whose post it is.",
    "due_posts: p.status = 'scheduled'": "Shown in tests/api/test_scheduled_posts.",
    "due_posts: author.status = 'active'": "Shown in tests/api/test_scheduled_posts.",
    "lock_due_post: p.status = 'scheduled'": "Shown in tests/api/test_scheduled_posts.",
    "lock_due_post: author.status = 'active'": "Shown in tests/api/test_scheduled_posts.",
    "profile_documents_by_user_ids: app.visible_profiles(%(viewer)s)": "Only a profile that is seen leads to it.",
    "home_feed: posts.status = 'published'": "For the index: visible_posts asks the same.",
    "open_comments: c.deleted_at IS NULL OR c.replies_count > 0": "Pages ask the same, for their index.",
    "insert_comment: app.visible_posts(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "like_comment: app.visible_comments(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "like_comment: c.deleted_at IS NULL": "The answer reads it again, and undoes all if it is deleted.",
    "edit_comment: app.visible_comments(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "notify_repost: r.user_id = %(viewer)s": "Shown in tests/api/test_reposts.",
    "notify_repost: app.visible_profiles(p.user_id)": "Shown in tests/api/test_reposts.",
    "delete_unread_notifications_by: n.user_id = %(viewer)s": "Shown in tests/api/test_privacy.",
    "mute_of_user: m.muter_id = %(viewer)s": "Shown in tests/api/test_payloads.",
    "mark_conversation_read: m.user_id = %(viewer)s": "Shown in tests/api/test_reading_conversations.",
    "mark_conversation_read: m.left_at IS NULL": "The answer reads it again, and undoes all if there is none.",
    "latest_message_of_others: app.memberships(%(viewer)s)": "What is marked is the viewer's membership alone.",
    "latest_message_of_others: app.open_messages(%(viewer)s)": "Shown in tests/api/test_messages.",
    "latest_message_of_others: said.id > m.hidden_before_message_id": "Shown in tests/api/test_messages.",
    "mark_conversation_unread_from: m.user_id = %(viewer)s": "Shown in tests/api/test_messages.",
    "set_conversation_muted: m.user_id = %(viewer)s": "Shown in tests/api/test_messages.",
    "hide_conversation: m.user_id = %(viewer)s": "Shown in tests/api/test_hidden_conversations.",
    **{
        f"{name}: m.left_at IS NULL": "The answer reads it again, and undoes all if there is none."
        for name in ("mark_conversation_unread_from", "set_conversation_muted", "hide_conversation")
    },
    **{f"read_notifications_of_conversation: {row}.user_id = %(viewer)s": _READING for row in "nm"},
    "reply_to_message: g.deleted_at IS NULL": "Shown in tests/api/test_replies_to_messages.",
    "own_membership: app.memberships(%(viewer)s)": "Shown in tests/api/test_groups_at_once.",
    "messages_since: app.visible_messages(%(viewer)s)": _LIVE,
    "messages_since: app.memberships(%(viewer)s)": "What may be seen asks for the membership, too.",
    "notifications_since: app.visible_notifications(%(viewer)s)": _LIVE,
    "notifications_since: n.user_id = %(viewer)s": "What may be seen asks for it, too.",
    "watches_with_messages: app.memberships(w.viewer)": "It only wakes who then reads by messages_since.",
    "recipients_by_ids: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "create_group: p.user_id = %(viewer)s": "Shown in tests/api/test_groups.",
    "size_of_group: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "leave_group: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "set_admin: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "other_admin: m.left_at IS NULL": "Who leaves is no admin any more.",
    "pass_on_groups: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "pass_on_groups: m.left_at IS NULL (2)": "Who leaves is no admin any more.",
    "end_deserted_groups: m.left_at IS NULL": "Shown in tests/jobs/test_groups.",
    "edit_message: app.visible_messages(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "delete_message: app.visible_messages(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "mark_conversation_read_to: m.user_id = %(viewer)s": "Shown in tests/api/test_reading_conversations.",
    "mark_conversation_read_to: m.left_at IS NULL": "The message that it is given was seen, so its conversation was.",
    "lock_post_of_media: m.user_id = %(viewer)s": "It only locks; what follows asks whose file it is.",
    "follow_user: app.visible_users(%(viewer)s)": "The answer reads the user again, and undoes all if there is none.",
    "mute_user: app.visible_users(%(viewer)s)": "The answer reads the user again, and undoes all if there is none.",
}
# What the world of the matrix is too small for, and tests/plans/test_home_feed.py misses.
OF_SCALE = "home_feed: app.open_posts(%(viewer)s)"
# Without it the answer is the same, and takes a statement more: time enough to tell.
OF_TIME = "user_id_by_username: app.visible_users(%(viewer)s)"
# What mutations ask before they write, beside what they write by.
ASKED_BEFORE = {"recipients_by_ids", "own_membership", "blocked_in_conversation", "blocked_users_by_ids"}
# Statements of operators and jobs, and of accounts, whose rows are found by a secret or by the account's own id.
OTHERS = {
    *("counters", "storage", "user_counts", "accounts", "audit", "sessions", "verification", "jobs"),
    *("purges", "account_parts", "account_purges", "trending"),
}


WRITES = ASKED_BEFORE | {
    name
    for file in QUERIES.glob("*.sql")
    for name, statement in load(file.stem).items()
    if not statement.reads and file.stem not in OTHERS
}


class Removal(NamedTuple):
    """A predicate in the text of a function or statement, and what is left without it."""

    noun: str  # visibility for the functions
    name: str
    before: str
    after: str
    nth: int  # of the same text in this function or statement

    def __str__(self) -> str:
        return f"{self.name}: {' '.join(self.before.split())}{f' ({self.nth + 1})' if self.nth else ''}"

    @property
    def guards_a_write(self) -> bool:
        """Whether it decides what a mutation may do, and not what is read."""
        return self.noun != "visibility" and self.name in WRITES

    def applied(self, text: str) -> str:
        parts = text.split(self.before)
        assert len(parts) > self.nth + 1, self
        head, tail = self.before.join(parts[: self.nth + 1]), self.before.join(parts[self.nth + 1 :])
        return head + self.after + tail


def texts() -> Iterator[tuple[str, str, str]]:
    """Every function and statement: its noun, name and text."""
    for chunk in re.split(
        r"(?=^CREATE OR REPLACE FUNCTION )", FUNCTIONS.read_text(encoding="utf-8"), flags=re.MULTILINE
    )[1:]:
        name = re.match(r"CREATE OR REPLACE FUNCTION app\.(\w+)", chunk)
        assert name is not None
        yield "visibility", name[1], chunk.partition("$$;")[0] + "$$;"
    for file in sorted(QUERIES.glob("*.sql")):
        if file.stem not in OTHERS:
            yield from _statements(file)


def _statements(file: Path) -> Iterator[tuple[str, str, str]]:
    pieces = re.split(r"^-- name: (\w+)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for name, text in zip(pieces[::2], pieces[1::2], strict=True):
        yield file.stem, name, text


def _found(noun: str, name: str, text: str) -> Iterator[Removal]:
    body = text.partition("$$")[2] if noun == "visibility" else text
    for pattern, after in PATTERNS.items():
        for match in re.finditer(pattern, body):
            groups = match.groupdict()
            left = WHOLE[groups["function"]] if "function" in groups else after.format(**groups)
            yield Removal(noun, name, match[0], left, body.count(match[0], 0, match.start()))


def run_by(one: Removal) -> set[str]:
    """The names of the statements whose text has the predicate in it, itself or in a function that it reads."""
    if one.noun != "visibility":
        return {one.name}
    found = {one.name}
    while True:
        calls = re.compile(rf"\bapp\.(?:{'|'.join(found)})\(")
        names = {name for noun, name, text in texts() if noun == "visibility" and calls.search(text)}
        if names <= found:
            return {name for noun, name, text in texts() if noun != "visibility" and calls.search(text)}
        found |= names


FOUND = [one for noun, name, text in texts() for one in _found(noun, name, text)]
REMOVALS = [one for one in FOUND if str(one) not in {*REDUNDANT, OF_SCALE, OF_TIME}]


@contextmanager
def removed(one: Removal, connection: psycopg.Connection) -> Generator[None]:
    """The functions of this database, or the statements of this process, without the predicate."""
    (text,) = (text for noun, name, text in texts() if (noun, name) == (one.noun, one.name))
    if one.noun == "visibility":
        head, mark, body = text.partition("$$")
        connection.execute((head + mark + one.applied(body)).encode())
        try:
            yield
        finally:
            connection.execute(text.encode())
    else:
        statements = load(one.noun)
        whole = statements[one.name]
        statements[one.name] = _statement(one.name, one.applied(text))
        try:
            yield
        finally:
            statements[one.name] = whole


class Fault(NamedTuple):
    """A rule of Python: the module and the name that holds it, its text, and what is left without it."""

    module: str
    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}: {' '.join(self.before.split())}"


FAULTS = [
    Fault("api.gql.visibility", "owned", "row.user_id == sight.viewer_id", "True"),
    Fault(
        "api.gql.visibility", "authors", "comment.user_id if comment.deleted_at is None else None", "comment.user_id"
    ),
    Fault("api.gql.visibility", "profile", "user is None or user.visibility is None", "user is None"),
    Fault("api.gql.visibility", "speaker", "feed.user_id if as_owner else sight.viewer_id", "sight.viewer_id"),
    Fault("db.feeds.conditions", "REACHABLE", "(post.visibility = 'public' AND (", "(TRUE OR ("),
    Fault("db.feeds.conditions", "REACHABLE", "opt_out.user_id = post.user_id", "FALSE"),
    Fault("db.feeds.conditions", "AUTHOR_NOT_MUTED", "mute.muter_id = %(viewer)s::bigint", "FALSE"),
    Fault("db.feeds.tiers", "GATE", "app.visible_posts(%(viewer)s::bigint)", "public.posts"),
    Fault("db.feeds.seen", "_UNSEEN", "seen.user_id = (SELECT %(viewer)s::bigint)", "TRUE"),
    Fault("db.feeds.conditions", "_LIST", "app.visible_lists(%(viewer)s::bigint)", "public.user_lists"),
    Fault("db.feeds.conditions", "_SHOWN", " AND EXISTS", " AND TRUE OR EXISTS"),
    Fault("api.loaders", "Loaders.node", "_NODES.get(type_name)", '_NODES.get(type_name.replace("Post", "Comment"))'),
]


def text_of(fault: Fault) -> str:
    """The text of the module, in which the fault has its place."""
    source = Path(str(importlib.import_module(fault.module).__file__)).read_text(encoding="utf-8")
    assert source.count(fault.before) == 1, fault
    return source


@contextmanager
def planted(fault: Fault) -> Generator[None]:
    """The fault in the function that has the name, or in the constant, in every module that has imported it."""
    module = importlib.import_module(fault.module)
    source = text_of(fault)
    altered: dict[str, Any] = dict(vars(module))
    exec(compile(source.replace(fault.before, fault.after), str(module.__file__), "exec"), altered)
    holder: Any = module
    other: dict[str, Any] = altered
    *way, name = fault.name.split(".")
    for step in way:
        holder, other = getattr(holder, step), dict(vars(cast("type", other[step])))
    whole: Any = getattr(holder, name)
    code: Any = getattr(whole, "__code__", None)
    if code is not None:
        whole.__code__ = other[name].__code__
        try:
            yield
        finally:
            whole.__code__ = code
    else:
        holders = [one for one in sys.modules.values() if getattr(one, name, None) is whole]
        for one in holders:
            setattr(one, name, other[name])
        try:
            yield
        finally:
            for one in holders:
                setattr(one, name, whole)
