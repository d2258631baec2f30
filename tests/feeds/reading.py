"""What the rules of a feed mean, read in plain Python over a small world: the oracle for the statement."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import assert_never

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
    Relation,
    TagFilter,
    TextFilter,
    TextPlace,
)
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, FilterGroup, Join, Match, ScoreWeights
from db.enums import PostStatus, PostType, Visibility
from db.feeds.other_feeds import OpenedFilter


@dataclass(frozen=True)
class Author:
    id: int
    is_active: bool
    visibility: Visibility
    username: str
    display_name: str | None


@dataclass(frozen=True)
class Post:
    id: int
    user_id: int
    type: PostType
    status: PostStatus
    visibility: Visibility
    title: str | None
    content: str | None
    tags: tuple[str, ...]
    likes: int
    comments: int
    reposts: int
    created_at: datetime
    language: str | None
    pictures: tuple[str | None, ...]  # the alternative text of each, which are all files that there are

    @property
    def engagement(self) -> int:
        return self.likes + self.comments + self.reposts


@dataclass(frozen=True)
class People:
    """A list of people: who made it, whether others may use it, who is on it."""

    owner: int
    is_public: bool
    members: frozenset[int]


@dataclass(frozen=True)
class MuteWord:
    user_id: int
    word: str
    whole_word: bool
    except_followed: bool
    until: datetime | None


@dataclass(frozen=True)
class World:
    now: datetime
    authors: dict[int, Author]
    posts: tuple[Post, ...]
    follows: frozenset[tuple[int, int]]
    blocks: frozenset[tuple[int, int]]
    mutes: frozenset[tuple[int, int]]
    mute_words: tuple[MuteWord, ...]  # the newest first
    lists: dict[int, People]
    discreet: frozenset[int]  # who hides whom they know
    seen: dict[tuple[int, int], int]  # who has seen which post, with the number of the mark
    pins: dict[int, tuple[int, ...]]  # the posts above feeds, which are not in them
    opted_out: frozenset[int]  # who wants to be in no feed of people who do not follow them


STRICTNESS = [Visibility.PUBLIC, Visibility.FOLLOWERS, Visibility.PRIVATE]


def read(
    world: World,
    rules: FeedRules,
    viewer: int | None,
    me: int | None,
    mark: int | None = None,
    pins_of: int | None = None,
) -> list[Post]:
    """The whole feed, in its order; as it was when the viewer's latest mark was this one."""
    shown = [
        post
        for post in world.posts
        if is_reachable(world, post, viewer)
        and not muted_words(world, post, viewer)
        and (rules.scope is FeedScope.EVERYONE or post.user_id in known(world, Relation.FOLLOWING, viewer, me))
        and holds(world, rules, post, viewer, me)
        and not is_pinned(world, post, pins_of)
    ]
    ordered = sorted(shown, key=lambda post: sort_key(rules, post), reverse=True)
    limited = _within_author_limit(rules.max_per_author_per_day, ordered)
    return [post for post in limited if not (rules.unseen_only and is_seen(world, post, viewer, mark))]


def is_pinned(world: World, post: Post, pins_of: int | None) -> bool:
    return post.id in world.pins.get(pins_of or 0, ())


def pinned(world: World, viewer: int | None, pins_of: int) -> list[int]:
    """What stands above a feed, in its order: what could be in a feed of the viewer, whatever its rules."""
    posts = {post.id: post for post in read(world, FeedRules(), viewer, viewer)}
    return [id_ for id_ in world.pins.get(pins_of, ()) if id_ in posts]


def is_seen(world: World, post: Post, viewer: int | None, mark: int | None = None) -> bool:
    found = world.seen.get((viewer or 0, post.id))
    return found is not None and (mark is None or found <= mark)


def _within_author_limit(limit: int | None, ordered: list[Post]) -> list[Post]:
    if limit is None:
        return ordered
    found: list[Post] = []
    earlier: Counter[tuple[int, date]] = Counter()
    for post in ordered:
        day = (post.user_id, post.created_at.astimezone(UTC).date())
        if earlier[day] < limit:
            found.append(post)
        earlier[day] += 1
    return found


def sort_key(rules: FeedRules, post: Post) -> tuple[int | datetime, ...]:
    match rules.sort:
        case FeedSort.RECENT:
            return (post.created_at, post.id)
        case FeedSort.POPULAR:
            return (post.likes, post.created_at, post.id)
        case FeedSort.ENGAGEMENT:
            return (post.engagement, post.created_at, post.id)
        case FeedSort.SCORE:
            return (score(rules.score or ScoreWeights(), post), post.created_at, post.id)


def score(weights: ScoreWeights, post: Post) -> int:
    """In the order of (1 + worth) * 0.5 ^ (age / half-life), at any moment."""
    worth = 1 + weights.like * post.likes + weights.comment * post.comments + weights.repost * post.reposts
    half_lives = post.created_at.timestamp() / (weights.half_life_hours * 3_600)
    return math.floor(1_000_000 * (math.log(worth) / math.log(2) + half_lives))


def is_reachable(world: World, post: Post, viewer: int | None) -> bool:
    """What feeds reach: public posts and posts of the followed, as far as they can be seen, and not of the muted."""
    if (viewer, post.user_id) in world.mutes or not is_visible(world, post, viewer):
        return False
    if (viewer, post.user_id) in world.follows:
        return True
    return post.visibility is Visibility.PUBLIC and (post.user_id == viewer or post.user_id not in world.opted_out)


def muted_words(world: World, post: Post, viewer: int | None) -> list[MuteWord]:
    """The words of the viewer that keep a post out of feeds, in their order."""
    if post.user_id == viewer:
        return []
    texts = [post.title or "", post.content or "", *(text or "" for text in post.pictures)]
    texts += [f"#{tag}" for tag in post.tags]
    return [
        one
        for one in world.mute_words
        if one.user_id == viewer
        and (one.until is None or one.until > world.now)
        and not (one.except_followed and (viewer, post.user_id) in world.follows)
        and any(contains(text, one.word, whole_word=one.whole_word) for text in texts)
    ]


def is_visible(world: World, post: Post, viewer: int | None) -> bool:
    author = world.authors[post.user_id]
    if post.status is not PostStatus.PUBLISHED or not (author.is_active or author.id == viewer):
        return False
    if (viewer, author.id) in world.blocks or (author.id, viewer) in world.blocks:
        return False
    follows = (viewer, author.id) in world.follows
    if author.id == viewer:
        return True
    strictest = max(post.visibility, author.visibility, key=STRICTNESS.index)
    return strictest is Visibility.PUBLIC or (strictest is Visibility.FOLLOWERS and follows)


def holds(world: World, rules: FeedRules, post: Post, viewer: int | None, me: int | None) -> bool:
    groups = [group_holds(world, group, post, viewer, me) for group in rules.groups]
    return all(groups) if rules.join is Join.ALL else any(groups)


def group_holds(world: World, group: FilterGroup, post: Post, viewer: int | None, me: int | None) -> bool:
    held = [filter_holds(world, one, post, viewer, me) for one in group.filters]
    match group.match:
        case Match.ALL:
            return all(held)
        case Match.ANY:
            return any(held)
        case Match.NONE:
            return not any(held)


def filter_holds(world: World, one: FeedFilter, post: Post, viewer: int | None, me: int | None) -> bool:
    match one:
        case PostTypeFilter():
            held = post.type in one.post_types
        case AuthorFilter():
            held = post.user_id in named_authors(world, one, viewer, me)
        case TagFilter():
            held = one.tag in post.tags
        case DateRangeFilter():
            held = is_in_range(world, one, post.created_at)
        case EngagementFilter():
            held = is_within_bound(one, post)
        case TextFilter():
            held = any(
                contains(text, one.contains, whole_word=one.whole_word)
                for place in one.places
                for text in texts_of(world, post, place)
            )
        case LanguageFilter():
            held = is_in_language(one, post.language)
        case HasMediaFilter() | HasLinkFilter() | AltTextFilter():
            held = is_as_said(one, post)
        case OtherFeedFilter():
            held = is_let_through(world, one, post, viewer, me)
        case _:
            assert_never(one)
    return held


def is_let_through(world: World, one: OtherFeedFilter, post: Post, viewer: int | None, me: int | None) -> bool:
    """By the scope and the groups of another feed, if the viewer may open it and it names none itself."""
    assert isinstance(one, OpenedFilter)
    if one.rules is None:
        return False
    if one.rules.scope is FeedScope.FOLLOWING and post.user_id not in known(world, Relation.FOLLOWING, viewer, me):
        return False
    return holds(world, one.rules, post, viewer, me)


def is_as_said(one: HasMediaFilter | HasLinkFilter | AltTextFilter, post: Post) -> bool:
    match one:
        case HasMediaFilter():
            return bool(post.pictures) is one.has_media
        case HasLinkFilter():
            return bool(re.search(r"https?://\S", post.content or "", re.IGNORECASE)) is one.has_link
        case AltTextFilter():
            return all(post.pictures) is one.with_alt_text


def texts_of(world: World, post: Post, place: TextPlace) -> list[str]:
    author = world.authors[post.user_id]
    texts = {
        TextPlace.TITLE: [post.title],
        TextPlace.TEXT: [post.content],
        TextPlace.ALT_TEXT: post.pictures,
        TextPlace.TAGS: post.tags,
        TextPlace.AUTHOR: [author.username, author.display_name],
    }[place]
    return [text for text in texts if text is not None]


def contains(text: str, part: str, *, whole_word: bool) -> bool:
    wanted, given = folded(part), folded(text)
    if not whole_word:
        return wanted in given
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", given) is not None


def is_in_language(one: LanguageFilter, language: str | None) -> bool:
    if language is None:
        return one.or_unknown
    return any(language == tag or language.startswith(f"{tag}-") for tag in one.any_of)


def named_authors(world: World, one: AuthorFilter, viewer: int | None, me: int | None) -> set[int]:
    if one.users:
        return set(one.users)
    if one.list_id is not None:
        people = world.lists.get(one.list_id)
        return set(people.members) if people and shows_list(world, people, viewer) else set()
    assert one.relation is not None
    return known(world, one.relation, viewer, me)


def shows_list(world: World, people: People, viewer: int | None) -> bool:
    owner = world.authors[people.owner]
    if owner.id == viewer:
        return True
    if not people.is_public or not owner.is_active:
        return False
    if (viewer, owner.id) in world.blocks or (owner.id, viewer) in world.blocks:
        return False
    return owner.visibility is Visibility.PUBLIC or (
        owner.visibility is Visibility.FOLLOWERS and (viewer, owner.id) in world.follows
    )


def known(world: World, relation: Relation, viewer: int | None, me: int | None) -> set[int]:
    """Who is this to `me`, as far as `viewer` may know."""
    if relation is Relation.ME:
        return {me} - {None}  # pyright: ignore[reportReturnType]
    if viewer != me and not shows_whom_it_knows(world, me, viewer):
        return set()
    followed = {other for follower, other in world.follows if follower == me}
    followers = {follower for follower, other in world.follows if other == me}
    return {
        Relation.FOLLOWING: followed,
        Relation.FOLLOWERS: followers,
        Relation.FRIENDS: followed & followers,
    }[relation]


def shows_whom_it_knows(world: World, person: int | None, viewer: int | None) -> bool:
    author = world.authors.get(person or 0)
    if author is None or not author.is_active or author.id in world.discreet:
        return False
    if (viewer, author.id) in world.blocks or (author.id, viewer) in world.blocks:
        return False
    return author.visibility is Visibility.PUBLIC or (
        author.visibility is Visibility.FOLLOWERS and (viewer, author.id) in world.follows
    )


def is_in_range(world: World, one: DateRangeFilter, at: datetime) -> bool:
    if one.published_within is not None:
        return at >= world.now - one.published_within.length
    return (one.since is None or at >= one.since) and (one.until is None or at <= one.until)


def is_within_bound(one: EngagementFilter, post: Post) -> bool:
    counts = {
        Metric.LIKES: post.likes,
        Metric.COMMENTS: post.comments,
        Metric.REPOSTS: post.reposts,
        Metric.TOTAL: post.engagement,
    }
    count = counts[one.metric]
    return (one.at_least is None or count >= one.at_least) and (one.at_most is None or count <= one.at_most)


def folded(text: str) -> str:
    """Lower case letter by letter, as the database has it: an İ stays one letter."""
    return "".join(letter.lower()[0] for letter in text)
