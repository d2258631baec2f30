"""The small worlds as rows of a database, and filters that tell their posts apart."""

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from hypothesis import strategies as st
from psycopg.rows import class_row

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
    PostTypeFilter,
    PostTypeGroup,
    Relation,
    Span,
    TagFilter,
    TextFilter,
    TextPlace,
    TimeUnit,
)
from db.documents.feed_rules import FeedRules
from db.enums import PostType
from db.feeds import BOUNDS, Bounds, FeedPage, FeedPost, MutePatterns, compile_feed
from db.feeds.other_feeds import OpenedFilter
from db.statements import load
from tests.documents.strategies import rules_of
from tests.feeds.model import MuteWord, World
from tests.feeds.worlds import AGES, FEEDS, PEOPLE, TAGS, WORDS

TEXTS = ("ärger", "É", "ß", "%", "_", "\\", "\\s", "i", "'; ", "--", "nowhere", *WORDS)


@dataclass(frozen=True)
class Stage:
    """A world and the connection that it was written through; its transaction keeps now() where it is."""

    world: World
    connection: psycopg.Connection

    def words(self, viewer: int | None) -> MutePatterns | None:
        statement = load("mute_words")["mute_patterns"].sql
        with self.connection.cursor(row_factory=class_row(MutePatterns)) as cursor:
            return cursor.execute(statement, {"viewer": viewer}).fetchone()

    @property
    def word_ids(self) -> dict[MuteWord, int]:
        rows = self.connection.execute("SELECT user_id, word, id FROM app.mute_words").fetchall()
        ids = {(user_id, word): id_ for user_id, word, id_ in rows}
        return {one: ids[one.user_id, one.word] for one in self.world.mute_words}

    def run(
        self,
        rules: FeedRules,
        page: FeedPage,
        viewer: int | None,
        me: int | None,
        bounds: Bounds = BOUNDS,
        pins_of: int | None = None,
    ) -> list[FeedPost]:
        words = self.words(viewer)
        statement = compile_feed(rules, page, viewer=viewer, me=me, words=words, pins_of=pins_of, bounds=bounds)
        with self.connection.cursor(row_factory=class_row(FeedPost)) as cursor:
            return cursor.execute(statement.query, statement.parameters).fetchall()


people = st.integers(1, PEOPLE + 1)  # the last one does not exist
pinning = st.none() | st.sampled_from([*FEEDS, 99])
hours = st.sampled_from(AGES)
languages = st.sampled_from(["en", "EN-gb", "pt", "pt-PT", "eng"])


def filters_in(stage: Stage) -> st.SearchStrategy[FeedFilter]:
    """Filters that hold for some posts of this world and not for others."""
    now = stage.world.now

    def between(ages: list[int]) -> DateRangeFilter:
        return DateRangeFilter(since=now - timedelta(hours=max(ages)), until=now - timedelta(hours=min(ages)))

    def one_sided(age: int, side: str) -> DateRangeFilter:
        return DateRangeFilter.model_validate({side: now - timedelta(hours=age)})

    def bounded(metric: Metric, bound: str, count: int) -> EngagementFilter:
        return EngagementFilter.model_validate({"metric": metric, bound: count})

    own = st.one_of(
        st.builds(PostTypeFilter, types=st.lists(st.sampled_from(PostType), min_size=1, max_size=3)),
        st.builds(PostTypeFilter, groups=st.lists(st.sampled_from(PostTypeGroup), min_size=1, max_size=2)),
        st.builds(AuthorFilter, users=st.lists(people, min_size=1, max_size=4)),
        st.builds(AuthorFilter, list_id=st.integers(1, 5)),
        st.builds(AuthorFilter, relation=st.sampled_from(Relation)),
        st.builds(TagFilter, tag=st.sampled_from([*TAGS, "unused"])),
        st.builds(
            DateRangeFilter,
            published_within=st.builds(Span, amount=st.sampled_from([1, 2, 24]), unit=st.sampled_from(TimeUnit)),
        ),
        st.builds(between, st.lists(hours, min_size=2, max_size=2)),
        st.builds(one_sided, hours, st.sampled_from(["since", "until"])),
        st.builds(bounded, st.sampled_from(Metric), st.sampled_from(["at_least", "at_most"]), st.integers(0, 9)),
        st.builds(
            TextFilter,
            contains=st.sampled_from(TEXTS),
            whole_word=st.booleans(),
            places=st.lists(st.sampled_from(TextPlace), min_size=1, max_size=3),
        ),
        st.builds(HasMediaFilter, has_media=st.booleans()),
        st.builds(HasLinkFilter, has_link=st.booleans()),
        st.builds(AltTextFilter, with_alt_text=st.booleans()),
        st.builds(LanguageFilter, any_of=st.lists(languages, min_size=1, max_size=3), or_unknown=st.booleans()),
    )
    # Twice, since there are so many others.
    feeds = st.builds(OpenedFilter, feed_id=st.integers(1, 3), rules=st.none() | rules_of(own))
    return st.one_of(own, feeds, feeds)
