"""What filters of feeds keep of posts, in plain Python."""

import re
from datetime import datetime
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
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Join, Match
from db.enums import Visibility
from db.feeds.other_feeds import OpenedFilter
from tests.feeds.model import People, Post, World

STRICTNESS = [Visibility.PUBLIC, Visibility.FOLLOWERS, Visibility.PRIVATE]


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
