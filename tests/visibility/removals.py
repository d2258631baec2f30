"""Every predicate of visibility, found by what it looks like, to be removed one at a time.

In SQL they are found by pattern, at every place where they stand: a new one is here by itself, and has to be missed by
the matrix when it is gone, or to say in redundant.py why nobody can miss it. Those of Python are written out.
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
from tests.visibility.redundant import ASKED_BEFORE, OF_SCALE, OF_TIME, OTHERS, REDUNDANT

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
