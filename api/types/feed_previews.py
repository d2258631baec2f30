"""What rules would give, without saving them."""

from asyncio import Future, ensure_future
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import strawberry

from api.context import Context, Info
from api.execution.columns import relation
from api.gql.connections import After, Before, First, Last
from api.gql.errors import CostLimitError
from api.gql.feed_enums import FeedCheck, FeedGroupMatch
from api.gql.pagination import Relay
from api.gql.user_errors import UserError
from api.loaders.feed_notices import notices_of
from api.loaders.feed_pages import FeedPostPage, Reading, counts_of, own_reading, rules_page
from api.types.feed_notices import FeedNotice
from api.types.feed_outcomes import FeedPostConnection
from api.types.feed_rules import FeedFilter, FeedRules
from db.documents import feed_filters, feed_rules
from db.feeds import FeedCounts
from db.feeds.dropping import dropping
from db.feeds.notices import Notice, NoticeCode, in_order
from db.feeds.other_feeds import versions_of


class Preview:
    """Rules that are valid, or why they are not."""

    def __init__(self, rules: feed_rules.FeedRules | None, user_errors: list[UserError]) -> None:
        self.rules = rules
        self.user_errors = user_errors
        self._reading: Future[Reading] | None = None
        self._counts: Future[FeedCounts] | None = None

    async def reading(self, context: Context) -> Reading:
        """The viewer's, looked up once for the posts and their counts."""
        self._reading = self._reading or ensure_future(own_reading(context, context.loaders))
        return await self._reading

    async def counts(self, context: Context) -> FeedCounts | None:
        """What the rules keep and drop, asked for once, whoever wants to know."""
        if self.rules is None:
            return None
        self._counts = self._counts or ensure_future(self._count(context, self.rules))
        return await self._counts

    async def _count(self, context: Context, rules: feed_rules.FeedRules) -> FeedCounts:
        return await counts_of(await self.reading(context), rules)


class FilterCount(NamedTuple):
    group_index: int
    filter_index: int
    filter: feed_filters.FeedFilter
    kept: int
    dropped: int


class CheckCount(NamedTuple):
    check: FeedCheck
    dropped: int


class Counts(NamedTuple):
    candidates: int
    since: datetime | None
    kept: int
    filters: list[FilterCount]
    checks: list[CheckCount]


@strawberry.type(description="What one filter does to the candidates, alone.")
class FeedFilterCount:
    group_index: int = strawberry.field(description="The position of its group in the rules, from 0.")
    filter_index: int = strawberry.field(description="The position of the filter in its group, from 0.")
    filter: FeedFilter = strawberry.field(description="The filter.")
    kept: int = strawberry.field(
        description="How many candidates it lets through; in a NONE group those for which it does not hold."
    )
    dropped: int = strawberry.field(description="How many candidates it keeps out.")


@strawberry.type(description="What a check that all feeds make does to the candidates, alone.")
class FeedCheckCount:
    check: FeedCheck = strawberry.field(description="The check.")
    dropped: int = strawberry.field(description="How many candidates it keeps out.")


@strawberry.type(description="What rules keep and drop of the most recent candidates.")
class FeedPreviewCounts:
    candidates: int = strawberry.field(
        description="How many of the most recent posts that the viewer may see were looked at; at most 1,000."
    )
    since: datetime | None = strawberry.field(
        description="When the oldest of them was published; null when there is none."
    )
    kept: int = strawberry.field(description="How many of them the feed would contain.")
    filters: list[FeedFilterCount] = strawberry.field(
        description="What each filter does alone, in the order of the rules."
    )
    checks: list[FeedCheckCount] = strawberry.field(description="What each check does alone, in the order of the enum.")


@strawberry.type(description="What rules would give, without saving them.")
class FeedPreview:
    rules: FeedRules | None = strawberry.field(
        description="The rules as they would be stored, tags folded; null when they are not valid."
    )

    @relation(graphql_type=FeedPostConnection | None, description="The posts, in order; null without valid rules.")
    @staticmethod
    async def posts(
        previews: Sequence[Preview],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[FeedPostPage | None]:
        context, relay = info.context, Relay(first, after, last, before)
        return [
            one.rules
            and await rules_page(await one.reading(context), context.loaders, _name(one.rules), one.rules, relay)
            for one in previews
        ]

    @relation(
        graphql_type=FeedPreviewCounts | None,
        description="How many recent candidates each filter keeps; null without valid rules.",
    )
    @staticmethod
    async def counts(previews: Sequence[Preview], info: Info) -> Sequence[Counts | None]:
        found = [await one.counts(info.context) for one in previews]
        return [
            None if one.rules is None or counts is None else _counts(one.rules, counts)
            for one, counts in zip(previews, found, strict=True)
        ]

    @relation(
        graphql_type=list[FeedNotice],
        description="What weakens the rules: contradictions, authors who are gone, filters that drop all of the latest "
        "posts, costly ones. Empty without valid rules.",
    )
    @staticmethod
    async def notices(previews: Sequence[Preview], info: Info) -> Sequence[list[Notice]]:
        valid = [(one, one.rules) for one in previews if one.rules is not None]
        found = iter(await notices_of(info.context, info.context.loaders, [rules for _, rules in valid]))
        noted = {one: [*next(found), *await _dropping(info.context, one, rules)] for one, rules in valid}
        return [_one_of_each_filter(noted.get(one, [])) for one in previews]

    user_errors: list[UserError] = strawberry.field(
        description="What makes the rules not valid: the errors that saving them would give. Paths start at `rules`."
    )


async def _dropping(context: Context, preview: Preview, rules: feed_rules.FeedRules) -> list[Notice]:
    try:
        counts = await preview.counts(context)
    except CostLimitError:  # which the counts themselves say
        return []
    return [] if counts is None else list(dropping(rules, counts))


def _one_of_each_filter(notices: list[Notice]) -> list[Notice]:
    """In the order of the filters, without DROPS_ALMOST_ALL where another one says why."""
    explained = {one.path for one in notices if one.code is not NoticeCode.DROPS_ALMOST_ALL}
    return in_order(one for one in notices if one.code is not NoticeCode.DROPS_ALMOST_ALL or one.path not in explained)


def _name(rules: feed_rules.FeedRules) -> str:
    """Binds cursors to these very rules: to others they mean nothing."""
    digest = blake2b(rules.model_dump_json().encode(), digest_size=9).hexdigest()
    return f"preview.{rules.sort}.{digest}{versions_of(rules)}"


def _counts(rules: feed_rules.FeedRules, found: FeedCounts) -> Counts:
    held, total = iter(found.held), found.candidates
    filters: list[FilterCount] = []
    for number, group in enumerate(rules.groups):
        for place, one in enumerate(group.filters):
            count = next(held)
            kept = total - count if group.match is FeedGroupMatch.NONE else count
            filters.append(FilterCount(number, place, one, kept, total - kept))
    checks = [
        CheckCount(FeedCheck.REACHABLE, total - found.reachable),
        CheckCount(FeedCheck.IN_SCOPE, total - found.in_scope),
        CheckCount(FeedCheck.AUTHOR_NOT_MUTED, total - found.not_muted),
        CheckCount(FeedCheck.NO_MUTED_WORD, total - found.without_muted_word),
        CheckCount(FeedCheck.WITHIN_AUTHOR_LIMIT, total - found.within_limit),
        CheckCount(FeedCheck.UNSEEN, total - found.unseen),
        CheckCount(FeedCheck.NOT_PINNED, 0),  # of no feed yet
    ]
    return Counts(total, found.since, found.kept, filters, checks)
