"""What the rules of a feed mean, read in plain Python over a small world: the oracle for the statement."""

import math
from collections import Counter
from datetime import UTC, date, datetime

from db.documents.feed_filters import Relation
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, ScoreWeights
from db.enums import PostStatus, Visibility
from tests.feeds.filtering import STRICTNESS, contains, holds, known
from tests.feeds.model import MuteWord, Post, World


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
