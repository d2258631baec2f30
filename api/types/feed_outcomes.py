"""Why a feed contains a post, or why not: the outcome of each filter and of each check that all feeds make."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import PageInfo
from api.gql.feed_enums import FeedCheck, FeedGroupMatch, FeedJoin
from api.loaders.feed_pages import FeedPostEdge as FeedPostEdgeSource
from api.types.feed_rules import FeedFilter
from api.types.mute_words import MuteWord
from api.types.posts import Post
from db.documents import feed_filters as documents
from db.documents.feed_rules import FeedRules, ScoreWeights
from db.feeds import FeedOutcome, are_satisfied, is_satisfied
from db.queries.mute_words import MuteWordRow
from db.queries.posts import PostRow


class FilterOutcome(NamedTuple):
    group_index: int
    filter_index: int
    filter: documents.FeedFilter
    held: bool


class GroupOutcome(NamedTuple):
    group_index: int
    match: FeedGroupMatch
    satisfied: bool
    filters: list[FilterOutcome]


class CheckOutcome(NamedTuple):
    check: FeedCheck
    passed: bool
    message: str
    mute_word: MuteWordRow | None


class Match(NamedTuple):
    filters: list[FilterOutcome]
    groups: list[GroupOutcome]


class Score(NamedTuple):
    total: float
    likes: float
    comments: float
    reposts: float
    age_factor: float


class Explanation(NamedTuple):
    post: PostRow
    is_included: bool
    join: FeedJoin
    groups: list[GroupOutcome]
    checks: list[CheckOutcome]
    score: Score | None


_SENTENCES = {
    FeedCheck.REACHABLE: (
        "The post is public, or by somebody you follow.",
        "Feeds contain only posts of people you follow, and public posts of others who allow it; this is neither.",
    ),
    FeedCheck.IN_SCOPE: (
        "The post is where the feed looks.",
        "The feed looks only at people you follow, and you do not follow the author.",
    ),
    FeedCheck.AUTHOR_NOT_MUTED: ("You have not muted the author.", "You have muted the author."),
    FeedCheck.NO_MUTED_WORD: ("The post has no word that you mute.", "The post has a word that you mute."),
    FeedCheck.WITHIN_AUTHOR_LIMIT: (
        "The feed has room for it among the posts that its author published that day.",
        "The feed has as many posts before it as it lets in of one author and day.",
    ),
    FeedCheck.UNSEEN: (
        "You have not seen it, or the feed does not ask.",
        "The feed leaves out what you have seen, and you have seen this.",
    ),
    FeedCheck.NOT_PINNED: (
        "The post is not pinned to the feed.",
        "The post is pinned to the feed, so it stands above the list and not in it.",
    ),
}


def group_outcomes(rules: FeedRules, outcome: FeedOutcome) -> list[GroupOutcome]:
    """Every group with every filter, in the order of the rules."""
    held = iter(outcome.held)
    return [_group(number, rules, held) for number in range(len(rules.groups))]


def _group(number: int, rules: FeedRules, held: Iterator[bool]) -> GroupOutcome:
    group = rules.groups[number]
    filters = [
        FilterOutcome(number, place, one, holds)
        for place, (one, holds) in enumerate(zip(group.filters, islice(held, len(group.filters)), strict=True))
    ]
    return GroupOutcome(number, group.match, is_satisfied(group, [one.held for one in filters]), filters)


def match_of(rules: FeedRules, outcome: FeedOutcome) -> Match:
    groups = group_outcomes(rules, outcome)
    reasons = [group for group in groups if group.satisfied and group.match is not FeedGroupMatch.NONE]
    return Match([one for group in reasons for one in group.filters if one.held], groups)


def explanation(rules: FeedRules, outcome: FeedOutcome, post: PostRow, mute_word: MuteWordRow | None) -> Explanation:
    """`mute_word` is the one that the outcome names."""
    passed = {
        FeedCheck.REACHABLE: outcome.is_reachable,
        FeedCheck.IN_SCOPE: outcome.is_in_scope,
        FeedCheck.AUTHOR_NOT_MUTED: outcome.is_not_muted,
        FeedCheck.NO_MUTED_WORD: outcome.muted_word_id is None,
        FeedCheck.WITHIN_AUTHOR_LIMIT: outcome.is_within_limit,
        FeedCheck.UNSEEN: outcome.is_unseen,
        FeedCheck.NOT_PINNED: outcome.is_not_pinned,
    }
    groups = group_outcomes(rules, outcome)
    included = all(passed.values()) and are_satisfied(rules, [group.satisfied for group in groups])
    words = {FeedCheck.NO_MUTED_WORD: mute_word}
    checks = [
        CheckOutcome(check, found, _SENTENCES[check][not found], words.get(check)) for check, found in passed.items()
    ]
    score = None if rules.weights is None else score_of(rules.weights, post, datetime.now(UTC))
    return Explanation(post, included, rules.join, groups, checks, score)


def score_of(weights: ScoreWeights, post: PostRow, now: datetime) -> Score:
    """What the post is worth at this moment; one that is dated later than that is not worth more for it."""
    likes, comments = weights.like * post.likes_count, weights.comment * post.comments_count
    reposts = weights.repost * post.reposts_count
    age = max((now - post.created_at).total_seconds(), 0)
    age_factor: float = 0.5 ** (age / weights.half_life_seconds)
    return Score((1 + likes + comments + reposts) * age_factor, likes, comments, reposts, age_factor)


@strawberry.type(description="The outcome of one filter for one post.")
class FeedFilterResult:
    group_index: int = strawberry.field(description="The position of its group in the rules, from 0.")
    filter_index: int = strawberry.field(description="The position of the filter in its group, from 0.")
    filter: FeedFilter = strawberry.field(description="The filter.")
    held: bool = strawberry.field(
        description="Whether it holds for the post. In a NONE group the post is let through when it does not."
    )


@strawberry.type(description="The outcome of a group of filters for one post.")
class FeedGroupResult:
    group_index: int = strawberry.field(description="The position of the group in the rules, from 0.")
    match: FeedGroupMatch = strawberry.field(description="How its filters are combined.")
    satisfied: bool = strawberry.field(description="Whether the post satisfies the group.")
    filters: list[FeedFilterResult] = strawberry.field(description="Every filter of the group with its outcome.")


@strawberry.type(description="Why a feed contains a post.")
class FeedMatch:
    filters: list[FeedFilterResult] = strawberry.field(
        description="The short answer: the filters that hold for the post, of the ALL and ANY groups that it "
        "satisfies, in the order of the rules. Empty where the rules only leave posts out."
    )
    groups: list[FeedGroupResult] = strawberry.field(
        description="The full answer: every group with its outcome, in the order of the rules."
    )


@strawberry.type(description="The outcome, for one post, of a check that all feeds make.")
class FeedCheckResult:
    check: FeedCheck = strawberry.field(description="The check.")
    passed: bool = strawberry.field(description="Whether the post passed it.")
    message: str = strawberry.field(description="The outcome in one English sentence.")
    mute_word: MuteWordRow | None = strawberry.field(
        graphql_type=MuteWord | None,
        description="The word that keeps the post out, the newest of several; null for other checks and when passed.",
    )


@strawberry.type(
    description="The parts of a post's score at the time of reading: (1 + likes + comments + reposts) * ageFactor."
)
class FeedScore:
    total: float = strawberry.field(description="The score.")
    likes: float = strawberry.field(description="The share of likes, before ageing.")
    comments: float = strawberry.field(description="The share of comments, before ageing.")
    reposts: float = strawberry.field(description="The share of reposts, before ageing.")
    age_factor: float = strawberry.field(description="By what the sum is multiplied for its age: 0 to 1.")


@strawberry.type(description="Why a feed contains a post, or why not.")
class FeedExplanation:
    post: PostRow = strawberry.field(graphql_type=Post, description="The post.")
    is_included: bool = strawberry.field(
        description="Whether the feed contains the post: all checks passed, and the groups are satisfied as `join` "
        "demands."
    )
    join: FeedJoin = strawberry.field(description="How the groups are combined.")
    groups: list[FeedGroupResult] = strawberry.field(
        description="Every group with every filter and its outcome, in the order of the rules."
    )
    checks: list[FeedCheckResult] = strawberry.field(
        description="Every check with its outcome, in the order of the enum."
    )
    score: FeedScore | None = strawberry.field(
        description="How the score comes about; null unless the feed is sorted by SCORE."
    )


@strawberry.type(description="One post of a feed.")
class FeedPostEdge:
    cursor: str = strawberry.field(description="Marks this place in the list: pass it as `after` or `before`.")
    node: PostRow = strawberry.field(graphql_type=Post, description="The post.")

    @relation(
        graphql_type=FeedMatch | None,
        description="Why the feed contains the post, as it is at the time of reading; null when it has gone meanwhile.",
    )
    @staticmethod
    async def matched_by(edges: Sequence[FeedPostEdgeSource], _info: Info) -> Sequence[Match | None]:
        asked = {id(edge.outcomes): edge.outcomes for edge in edges}
        found = dict(zip(asked, await asyncio.gather(*(one.by_id() for one in asked.values())), strict=True))
        outcomes = [found[id(edge.outcomes)].get(edge.node.id) for edge in edges]
        return [
            outcome and match_of(edge.outcomes.rules, outcome) for edge, outcome in zip(edges, outcomes, strict=True)
        ]


@strawberry.type(description="One page of a feed, in its order.")
class FeedPostConnection:
    edges: list[FeedPostEdge] = strawberry.field(description="The posts of this page with their places.")
    nodes: list[Post] = strawberry.field(description="The posts of `edges`, in the same order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
