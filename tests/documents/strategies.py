"""Documents at random: every value that these strategies draw is one that a document accepts."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from db.documents.background import BackgroundConfig, BackgroundPosition
from db.documents.feed_filters import (
    AltTextFilter,
    AuthorFilter,
    DateRangeFilter,
    EngagementFilter,
    FeedFilter,
    HasLinkFilter,
    HasMediaFilter,
    LanguageFilter,
    Metric,
    OtherFeedFilter,
    PostTypeFilter,
    PostTypeGroup,
    Relation,
    Span,
    TagFilter,
    TextFilter,
    TextPlace,
    TimeUnit,
)
from db.documents.feed_rules import (
    OTHER_FEEDS_PER_FEED,
    FeedRules,
    FeedScope,
    FeedSort,
    FilterGroup,
    Join,
    Match,
    ScoreWeights,
)
from db.documents.layout import LayoutConfig, LayoutHeader, LayoutSpacing, LayoutWidth
from db.documents.media_urls import MediaCopy, MediaUrls
from db.documents.music import MusicConfig
from db.documents.style import FontFamily, StyleColors, StyleConfig, StyleFonts, StyleSizes
from db.enums import MediaType, PostType

ids = st.integers(1, 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
colors = st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)
urls = st.from_regex(
    r"https?://[a-z]{1,8}\.example(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~%-]{0,9}){0,3}", fullmatch=True
) | st.from_regex(r"/media(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,8}){1,4}", fullmatch=True)

backgrounds = st.builds(
    BackgroundConfig, type=st.just("color"), value=colors, position=st.sampled_from(BackgroundPosition)
) | st.builds(BackgroundConfig, type=st.sampled_from(["image", "video"]), value=urls)
musics = st.builds(MusicConfig, url=st.none() | urls, volume=st.integers(0, 100), loop=st.booleans())
styles = st.builds(
    StyleConfig,
    fonts=st.builds(StyleFonts, heading=st.sampled_from(FontFamily), body=st.sampled_from(FontFamily)),
    colors=st.builds(StyleColors, text=colors, background=colors, accent=colors, link=colors),
    sizes=st.builds(StyleSizes, text=st.integers(12, 24), radius=st.integers(0, 32)),
)
layouts = st.builds(
    LayoutConfig,
    columns=st.integers(1, 3),
    width=st.sampled_from(LayoutWidth),
    spacing=st.sampled_from(LayoutSpacing),
    header=st.sampled_from(LayoutHeader),
)
media = st.builds(
    MediaUrls,
    st.lists(
        st.builds(
            MediaCopy,
            id=ids,
            type=st.sampled_from(MediaType),
            url=urls,
            width=st.none() | st.integers(1, 10_000),
            alt_text=st.none() | texts,
        ),
        max_size=10,
    ),
)

author_filters = (
    st.builds(AuthorFilter, users=st.lists(ids, min_size=1, max_size=5))
    | st.builds(AuthorFilter, list_id=ids)
    | st.builds(AuthorFilter, relation=st.sampled_from(Relation))
)


def _between(moments: list[datetime]) -> DateRangeFilter:
    return DateRangeFilter(since=min(moments), until=max(moments))


def _bounded(metric: Metric, bound: str, count: int) -> EngagementFilter:
    return EngagementFilter.model_validate({"metric": metric, bound: count})


moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.timezones())  # noqa: DTZ001
date_filters = st.builds(
    DateRangeFilter,
    published_within=st.builds(Span, amount=st.integers(1, 1000), unit=st.sampled_from(TimeUnit)),
) | st.builds(_between, st.lists(moments, min_size=1, max_size=2))
engagement_filters = st.builds(
    _bounded, st.sampled_from(Metric), st.sampled_from(["at_least", "at_most"]), st.integers(0, 2**31 - 1)
)
filters: st.SearchStrategy[FeedFilter] = st.one_of(
    st.builds(
        PostTypeFilter,
        types=st.lists(st.sampled_from(PostType), min_size=1, max_size=4),
        groups=st.lists(st.sampled_from(PostTypeGroup), max_size=2),
    ),
    author_filters,
    st.builds(TagFilter, tag=st.from_regex(r"[a-z0-9éß][a-z0-9éß_]{0,19}", fullmatch=True)),
    date_filters,
    engagement_filters,
    st.builds(
        TextFilter,
        contains=texts,
        whole_word=st.booleans(),
        places=st.lists(st.sampled_from(TextPlace), min_size=1, max_size=3),
    ),
    st.builds(HasMediaFilter, has_media=st.booleans()),
    st.builds(HasLinkFilter, has_link=st.booleans()),
    st.builds(AltTextFilter, with_alt_text=st.booleans()),
    st.builds(
        LanguageFilter,
        any_of=st.lists(st.sampled_from(["en", "pt-BR"]), min_size=1, max_size=20),
        or_unknown=st.booleans(),
    ),
    st.builds(OtherFeedFilter, feed_id=ids),
)


def rules_of(filters: st.SearchStrategy[FeedFilter]) -> st.SearchStrategy[FeedRules]:
    """Rules whose groups are made of these filters."""
    weights = st.sampled_from([0.0, 0.5, 1.0, 7.25, 100.0])
    scores = st.builds(
        ScoreWeights,
        like=weights,
        comment=weights,
        repost=weights,
        half_life_hours=st.sampled_from([1.0, 24.0, 8_760.0]),
    )
    return st.builds(
        _rules,
        join=st.sampled_from(Join),
        groups=st.lists(
            st.builds(FilterGroup, match=st.sampled_from(Match), filters=st.lists(filters, min_size=1, max_size=4)),
            max_size=4,
        ),
        sort=st.sampled_from(FeedSort),
        scope=st.sampled_from(FeedScope),
        score=st.none() | scores,
        max_per_author_per_day=st.none() | st.integers(1, 3),
        unseen_only=st.booleans(),
    )


def _rules(sort: FeedSort, score: ScoreWeights | None, groups: list[FilterGroup], **others: Any) -> FeedRules:
    """With tags in place of filters on other feeds beyond those that there may be."""
    left = iter(range(OTHER_FEEDS_PER_FEED))

    def kept(one: FeedFilter) -> FeedFilter:
        return TagFilter(tag="jazz") if isinstance(one, OtherFeedFilter) and next(left, None) is None else one

    few = [FilterGroup(match=group.match, filters=tuple(map(kept, group.filters))) for group in groups]
    return FeedRules(sort=sort, score=score if sort is FeedSort.SCORE else None, groups=tuple(few), **others)


rules = rules_of(filters)
