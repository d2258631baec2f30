"""A feed as somebody reads it, explained for operators: its rules, the scan that they lead to, and what a page took."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg
from pydantic import ValidationError

from api.cli.commands import opened, read_settings, require_head
from api.cli.feed_report import STOPPED, node_lines, notice_lines, plan_lines, rules_lines, scan_lines
from api.gql.errors import BadUserInputError
from api.gql.ids import decode
from api.loaders import Loaders
from api.loaders.feed_budget import OWN_MS, VISIT_MS
from api.loaders.feed_masks import masked
from api.loaders.feed_notices import notices_of
from api.loaders.feeds import rules_of
from api.loaders.mute_words import mute_patterns
from db.documents.feed_rules import FeedRules
from db.errors import DatabaseError
from db.feeds import FeedPage, MutePatterns, compile_feed
from db.feeds.notices import Notice
from db.feeds.rows import InconsistentFeedError
from db.feeds.scans import scan_summary
from db.plans import explain_reading, plan_of
from db.pool import Database, Pool, connection_options
from db.queries import accounts, feeds, operator_feeds, seen_posts
from db.queries.feeds import FOLLOWING_FEEDS, FeedRow
from db.queries.sessions import SessionRow
from db.settings import DatabaseSettings, OperatorError
from db.statements import Bound, composed


class _Reader(NamedTuple):
    """Who reads, without a session."""

    viewer_id: int
    database: Database

    async def session(self) -> SessionRow | None:
        return None


class _Reading(NamedTuple):
    """A feed with its rules, and all that its statement depends on of who reads it."""

    feed: FeedRow
    rules: FeedRules
    viewer: int
    name: str
    can_open: bool
    words: MutePatterns | None
    mark: int | None
    notices: list[Notice]


def explained(feed: str, viewer: str | None, first: int, *, backward: bool, plan: bool) -> Iterator[list[str]]:
    """Lines, first what there is to say without running the statement, then what it took."""
    number = _number(feed)
    settings = read_settings().database
    with opened(settings) as (url, _):
        require_head(url)
        reading = asyncio.run(_over(url, settings, number, viewer))
        yield _before(reading, backward=backward)
        page = FeedPage(first + 1, backward=backward, mark=reading.mark)
        yield ["", "What it took", *_took(url, settings, reading, page, whole=plan)]


def _number(feed: str) -> int:
    try:
        number = int(feed) if re.fullmatch("[0-9]{1,19}", feed) else decode(feed, "Feed")
    except BadUserInputError:
        number = 0
    if FOLLOWING_FEEDS < number < 2 * FOLLOWING_FEEDS:
        raise OperatorError("A Following feed has no rules: it is read by the one statement of the home feed.")
    if not 0 < number < FOLLOWING_FEEDS:
        raise OperatorError(f"{feed} is no id of a feed.")
    return number


async def _over(url: str, settings: DatabaseSettings, number: int, viewer: str | None) -> _Reading:
    pool = Pool(url, settings.model_copy(update={"pool_min_size": 1, "pool_max_size": 1}))
    await pool.open()
    try:
        async with pool.operation() as database:
            return await _reading(database, number, viewer)
    except DatabaseError as error:
        raise OperatorError(f"Stopped ({error.code}): {error.message}") from error
    finally:
        await pool.close()


async def _reading(database: Database, number: int, viewer: str | None) -> _Reading:
    feed = await operator_feeds.feed_by_id(database, number)
    if feed is None:
        raise OperatorError(f"There is no feed {number}.")
    reader, name = feed.user_id, "its owner"
    if viewer is not None:
        account = await accounts.account_by_username(database, viewer)
        if account is None:
            raise OperatorError(f"There is no account {viewer}.")
        reader, name = account.id, account.username
    sight = _Reader(reader, database)
    loaders = Loaders(sight)
    try:
        (rules,) = await rules_of(loaders, [feed])
    except (InconsistentFeedError, ValidationError):
        raise OperatorError(f"The stored rules of feed {number} are none that this version can read.") from None
    (notices,) = await notices_of(sight, loaders, await masked(sight, loaders, [feed], [rules]))
    return _Reading(
        feed,
        rules,
        reader,
        name,
        can_open=bool(await feeds.feeds_by_ids(database, reader, [number])),
        words=await mute_patterns(loaders),
        mark=await seen_posts.latest_mark(database, reader) if rules.unseen_only else None,
        notices=notices,
    )


def _before(reading: _Reading, *, backward: bool) -> list[str]:
    """What there is to say before the statement runs."""
    page = "the last page" if backward else "the first page"
    lines = [f"Feed {reading.feed.id}, {page} as {reading.name} reads it on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."]
    if not reading.can_open:
        lines.append(f"Clients do not get it: {reading.name} may not open this feed now.")
    if reading.words is not None:
        lines.append("Posts with words that the reader mutes are left out, after all other rules.")
    return [
        *lines,
        *rules_lines(reading.rules),
        *scan_lines(scan_summary(reading.rules, backward=backward)),
        *notice_lines(reading.notices),
    ]


def _took(url: str, settings: DatabaseSettings, reading: _Reading, page: FeedPage, *, whole: bool) -> list[str]:
    """As the API runs it: with its settings, its time-out, and the values in the statement."""
    one = compile_feed(
        reading.rules, page, viewer=reading.viewer, me=reading.viewer, words=reading.words, pins_of=reading.feed.id
    )
    query = composed(one.name, one.query.as_bytes(), one.parameters).numbered
    bound = Bound(OWN_MS if reading.viewer == reading.feed.user_id else VISIT_MS)
    options = connection_options(settings)
    options["application_name"] = "vrss feeds explain"
    with psycopg.connect(url, **options) as connection:
        try:
            if whole:
                return plan_lines(explain_reading(connection, query, bound, as_text=True), reading.words)
            plan = plan_of(explain_reading(connection, query, bound))
            return node_lines(plan, scan_summary(reading.rules, backward=page.backward))
        except psycopg.errors.QueryCanceled:
            lines = [f"  {STOPPED.format(bound.timeout_ms)}"]
            if whole:
                planned = explain_reading(connection, query, bound, runs=False, as_text=True)
                lines += ["  The plan without a run:", *plan_lines(planned, reading.words)]
            return lines
        except psycopg.errors.LockNotAvailable:
            raise OperatorError("Stopped: somebody locks what the feed reads. Run it again.") from None
        except psycopg.Error as error:
            raise OperatorError(f"Stopped: {str(error).splitlines()[0]}.") from None
