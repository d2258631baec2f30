"""Rules of feeds in English: a filter is a phrase that says when a post satisfies it, such as `tag is jazz`."""

from datetime import UTC, datetime

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
    Span,
    TagFilter,
    TextFilter,
    TextPlace,
)
from db.documents.feed_rules import FeedRules, FeedScope, FeedSort, Join, Match
from db.enums import PostType

_TYPES = {
    PostType.TEXT_SHORT: "short text",
    PostType.TEXT_LONG: "long text",
    PostType.IMAGE: "image",
    PostType.IMAGE_GALLERY: "image gallery",
    PostType.GIF: "GIF",
    PostType.VIDEO_SHORT: "short video",
    PostType.VIDEO_LONG: "long video",
    PostType.SONG: "song",
    PostType.ALBUM: "album",
}
_RELATIONS = {
    Relation.ME: "author is the reader",
    Relation.FRIENDS: "author is a friend",
    Relation.FOLLOWING: "author is followed",
    Relation.FOLLOWERS: "author is a follower",
}
_METRICS = {
    Metric.LIKES: "likes",
    Metric.COMMENTS: "comments",
    Metric.REPOSTS: "reposts",
    Metric.TOTAL: "likes, comments and reposts together",
}
_PLACES = {
    TextPlace.TITLE: "title",
    TextPlace.TEXT: "text",
    TextPlace.ALT_TEXT: "alternative text",
    TextPlace.TAGS: "tags",
    TextPlace.AUTHOR: "author's name",
}

_MATCHES = {Match.ALL: "all of these hold", Match.ANY: "at least one of these holds", Match.NONE: "none of these holds"}
_SORTS = {
    FeedSort.RECENT: "the newest first",
    FeedSort.POPULAR: "the most liked first",
    FeedSort.ENGAGEMENT: "those with most likes, comments and reposts first",
}


def rules_summary(rules: FeedRules) -> list[str]:
    """All rules, line by line; the filters of a group are indented."""
    match rules.join, len(rules.groups):
        case Join.ALL, 0:
            lines = ["every post"]
        case Join.ANY, 0:
            lines = ["no post"]
        case join, _:
            lines = [f"posts that satisfy {'all' if join is Join.ALL else 'at least one'} of these groups:"]
    for group in rules.groups:
        lines += [f"- {_MATCHES[group.match]}:", *(f"    {summary(one)}" for one in group.filters)]
    if rules.scope is FeedScope.FOLLOWING:
        lines.append("only of people whom the reader follows")
    if rules.max_per_author_per_day is not None:
        lines.append(f"at most {rules.max_per_author_per_day} of an author and day")
    if rules.unseen_only:
        lines.append("only those that the reader has not seen")
    return [*lines, _sort(rules)]


def _sort(rules: FeedRules) -> str:
    if rules.weights is None:
        return _SORTS[rules.sort]
    like, comment, repost = rules.weights.like, rules.weights.comment, rules.weights.repost
    half_life = rules.weights.half_life_hours
    return (
        f"by a score of {like:g} for a like, {comment:g} a comment, {repost:g} a repost; halved in {half_life:g} hours"
    )


def summary(one: FeedFilter) -> str:
    match one:
        case HasMediaFilter() | HasLinkFilter() | AltTextFilter():
            return _yes_or_no(one)
        case TagFilter():
            return f"tag is {one.tag}"
        case OtherFeedFilter():  # without an id it is hidden from whoever reads the rules
            return "another feed lets it through" if one.feed_id else "a feed lets it through that you cannot see"
        case EngagementFilter():
            return f"{_METRICS[one.metric]}: {_bounds(one.at_least, one.at_most)}"
        case TextFilter():
            contains = "contains the whole word" if one.whole_word else "contains"
            return f"{_any_of([_PLACES[place] for place in one.places])} {contains} {_quoted(one.contains)}"
        case _:
            return _of_a_set(one)


def _of_a_set(one: PostTypeFilter | AuthorFilter | DateRangeFilter | LanguageFilter) -> str:
    match one:
        case PostTypeFilter():
            groups = [f"any kind of {group.value.lower()}" for group in one.groups]
            return f"type is {_any_of([*(_TYPES[kind] for kind in one.types), *groups])}"
        case AuthorFilter():
            return _author(one)
        case DateRangeFilter():
            return _published(one)
        case LanguageFilter():
            return f"language is {_any_of([*one.any_of, *(['unknown'] if one.or_unknown else [])])}"


def _yes_or_no(one: HasMediaFilter | HasLinkFilter | AltTextFilter) -> str:
    match one:
        case HasMediaFilter():
            return "has files" if one.has_media else "has no files"
        case HasLinkFilter():
            return "has a link" if one.has_link else "has no link"
        case AltTextFilter():
            return "all pictures have alternative text" if one.with_alt_text else "a picture has no alternative text"


def _author(one: AuthorFilter) -> str:
    if one.relation is not None:
        return _RELATIONS[one.relation]
    if one.list_id is not None:
        return "author is a member of the list"
    if not one.users:  # those who are named are hidden from whoever reads the rules
        return "author is somebody whom you cannot see"
    return "author is one person" if len(one.users) == 1 else f"author is one of {len(one.users)} people"


def _published(one: DateRangeFilter) -> str:
    if one.published_within is not None:
        return f"published within the last {_span(one.published_within)}"
    if one.since is None or one.until is None:
        return f"published since {_moment(one.since)}" if one.since else f"published until {_moment(one.until)}"
    return f"published from {_moment(one.since)} to {_moment(one.until)}"


def _span(span: Span) -> str:
    return span.unit.value if span.amount == 1 else f"{span.amount} {span.unit.value}s"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _bounds(least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return f"at least {least}" if most is None else f"at most {most}"
    return f"exactly {least}" if least == most else f"{least} to {most}"


def _any_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _quoted(text: str) -> str:
    """In quotation marks that it cannot leave: its own, and what has no shape or turns the direction, are escaped."""
    shown = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text.replace('"', '\\"'))
    return f'"{shown}"'
