"""Custom feeds as people build them, for the crowd: first pages of what is common, what is rare and what is sorted."""

from collections.abc import Mapping

import psycopg

from bench.crowd import FOLLOWS_100, viewer
from bench.hot import PAGE
from db.documents.feed_filters import (
    AuthorFilter,
    EngagementFilter,
    FeedFilter,
    LanguageFilter,
    Metric,
    PostTypeFilter,
    TagFilter,
    TextFilter,
)
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Match
from db.enums import PostType
from db.feeds import FeedPage, compile_feed

RECENT, POPULAR, ENGAGEMENT, SCORE = FeedSort


def _feed(*filters: FeedFilter, sort: FeedSort = RECENT, match: Match = Match.ALL) -> FeedRules:
    return FeedRules(groups=(FilterGroup(match=match, filters=filters),) if filters else (), sort=sort)


# Nearly every fifth post has the first tag, one in six hundred the second, one in four thousand the third.
_COMMON, _RARE, _RARER, _NONE = (TagFilter(tag=tag) for tag in ("bread", "recipe2", "cargo5", "tag_x"))
_THREE = AuthorFilter(users=(116, 117, 118))  # who came first after the demo people, and write most
_VIDEOS = PostTypeFilter(types=(PostType.VIDEO_SHORT, PostType.VIDEO_LONG))

FEEDS: Mapping[str, FeedRules] = {
    "everything": _feed(),
    "everything, popular": _feed(sort=POPULAR),
    "everything, by engagement": _feed(sort=ENGAGEMENT),
    "everything, by score": _feed(sort=SCORE),
    "a common tag": _feed(_COMMON),
    "a common tag, popular": _feed(_COMMON, sort=POPULAR),
    "a common tag, by engagement": _feed(_COMMON, sort=ENGAGEMENT),
    "a common tag, by score": _feed(_COMMON, sort=SCORE),
    "a rare tag": _feed(_RARE),
    "a rare tag, popular": _feed(_RARE, sort=POPULAR),
    "a rare tag, by engagement": _feed(_RARE, sort=ENGAGEMENT),
    "a rare tag, by score": _feed(_RARE, sort=SCORE),
    "any of two rare tags": _feed(_RARE, _RARER, match=Match.ANY),
    "a tag that nobody uses": _feed(_NONE),
    "none of a common tag": _feed(_COMMON, match=Match.NONE),
    "three authors": _feed(_THREE),
    "three authors, popular": _feed(_THREE, sort=POPULAR),
    "100 followees, popular": FeedRules(scope=FeedScope.FOLLOWING, sort=POPULAR),
    "videos": _feed(_VIDEOS),
    "videos, popular": _feed(_VIDEOS, sort=POPULAR),
    "100 likes at least": _feed(EngagementFilter(metric=Metric.LIKES, at_least=100)),
    "a million likes at least": _feed(EngagementFilter(metric=Metric.LIKES, at_least=1_000_000)),
    "a text that most posts have": _feed(TextFilter(contains="the")),
    "a text that no post has": _feed(TextFilter(contains="no such words")),
    "a text that no post has, popular": _feed(TextFilter(contains="no such words"), sort=POPULAR),
    "a text that no post has, by score": _feed(TextFilter(contains="no such words"), sort=SCORE),
    "a text that a few posts have": _feed(TextFilter(contains="cargo5")),
    "two letters that no post has": _feed(TextFilter(contains="~~")),
    "two letters that no post has, popular": _feed(TextFilter(contains="~~"), sort=POPULAR),
    "a language that nobody writes": _feed(LanguageFilter(any_of=("tlh",))),
    "three authors, by score": _feed(_THREE, sort=SCORE),
}


def statement(connection: psycopg.Connection, rules: FeedRules) -> bytes:
    """The first page, with its values written into it as the API does."""
    me = viewer(connection, FOLLOWS_100)
    compiled = compile_feed(rules, FeedPage(PAGE), viewer=me, me=me)
    return psycopg.ClientCursor(connection).mogrify(compiled.query, compiled.parameters).encode()
