"""What rules say by themselves, without a look at any post: contradictions, repetitions and what is costly."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from db.documents.feed_filters import FeedFilter, OtherFeedFilter, TextFilter
from db.documents.feed_rules import FeedRules, FilterGroup, Join, Match
from db.feeds.extents import Extent, cut, extent, is_hidden
from db.feeds.notices import Notice, NoticeCode, NoticeSeverity, Place, in_order, places
from db.feeds.other_feeds import borrowed_filters, inner_filters
from db.feeds.sets import INDEXED_PLACES, is_indexed, is_narrow

MANY_FILTERS = 10


def lint(rules: FeedRules, now: datetime) -> list[Notice]:
    """What weakens the rules, in the order of `in_order`."""
    found = [*_contradictions(rules, now), *_repetitions(rules), *_costly(rules)]
    return in_order([*_as_a_whole(rules, found), *found])


def _as_a_whole(rules: FeedRules, found: Sequence[Notice]) -> Iterator[Notice]:
    impossible = {notice.path[1] for notice in found if notice.code is NoticeCode.CONTRADICTION}
    if rules.join is Join.ANY and not rules.groups:
        yield Notice(
            NoticeCode.NEVER_MATCHES,
            NoticeSeverity.SERIOUS,
            "No post satisfies at least one of no groups, so the feed is always empty.",
            "Add a group, or join the groups by ALL.",
        )
    elif rules.join is Join.ANY and len(impossible) == len(rules.groups):
        yield Notice(
            NoticeCode.NEVER_MATCHES,
            NoticeSeverity.SERIOUS,
            "No group can be satisfied, so the feed is always empty.",
            "Change the filters that contradict each other.",
        )
    if rules.groups and all(group.match is Match.NONE for group in rules.groups):
        yield Notice(
            NoticeCode.ONLY_EXCLUDES,
            NoticeSeverity.INFO,
            "The filters only leave posts out: the feed contains all others.",
            "Add a group that says what you want to see, if that is too much.",
        )
    if len(places(rules)) + len(borrowed_filters(rules)) > MANY_FILTERS:
        yield Notice(
            NoticeCode.TOO_MANY_FILTERS,
            NoticeSeverity.INFO,
            f"There are more than {MANY_FILTERS} filters, those of other feeds among them, which is hard to overlook "
            "and takes longer.",
            "Put people into a list, or split the feed.",
        )


def _parts(rules: FeedRules) -> list[list[tuple[int, FilterGroup]]]:
    """The groups that must hold together."""
    groups = list(enumerate(rules.groups))
    return [groups] if rules.join is Join.ALL else [[one] for one in groups]


def _contradictions(rules: FeedRules, now: datetime) -> Iterator[Notice]:
    severity = NoticeSeverity.SERIOUS if rules.join is Join.ALL or len(rules.groups) == 1 else NoticeSeverity.WARNING
    for part in _parts(rules):
        required, forbidden, choices = _sides(part)
        for place in chain(_excluded(required, now), _forbidden(required, forbidden, now)):
            yield place.notice(
                NoticeCode.CONTRADICTION,
                severity,
                "No post can satisfy this filter and the others that must hold with it.",
                "Remove one of them, or put those of which one suffices into a group with ANY.",
            )
        for choice in choices:
            if all(_names(forbidden, place.filter) for place in choice):
                yield choice[0].notice(
                    NoticeCode.CONTRADICTION,
                    severity,
                    "All that this group asks for is left out by another group.",
                    "Remove its filters from one of the two groups.",
                )


def _sides(part: Iterable[tuple[int, FilterGroup]]) -> tuple[list[Place], list[Place], list[list[Place]]]:
    """The filters that must hold, those that must not, and those of which one must, group by group."""
    required, forbidden, choices = list[Place](), list[Place](), list[list[Place]]()
    for number, group in part:
        found = [Place(number, index, one) for index, one in enumerate(group.filters)]
        if group.match is Match.NONE:
            forbidden += found
        elif group.match is Match.ALL or len(found) == 1:
            required += found
        else:
            choices.append(found)
    return required, forbidden, choices


def _excluded(required: Iterable[Place], now: datetime) -> Iterator[Place]:
    """The filters that leave nothing of what those before them do."""
    left: dict[str, Extent] = {}
    for place in required:
        if found := extent(place.filter, now):
            kind, own = found
            rest = cut(left.get(kind, own), own)
            if rest is None:
                yield place
            else:
                left[kind] = rest


def _forbidden(required: Sequence[Place], forbidden: Iterable[Place], now: datetime) -> Iterator[Place]:
    """The filters that must not hold and that leave nothing of what must."""
    wanted: dict[str, frozenset[object]] = {}
    for place in required:
        match extent(place.filter, now):
            case kind, frozenset() as own:
                wanted[kind] = wanted.get(kind, own) & own
            case _:
                pass
    for place in forbidden:
        if _names(required, place.filter):
            yield place
            continue
        match extent(place.filter, now):
            case kind, frozenset() as own if wanted.get(kind):
                wanted[kind] -= own
                if not wanted[kind]:
                    yield place
            case _:
                pass


def _names(among: Iterable[Place], one: FeedFilter) -> bool:
    return not is_hidden(one) and any(place.filter == one for place in among)


def _repetitions(rules: FeedRules) -> Iterator[Notice]:
    """Filters that stand in the same group once more, or must hold or must not hold once more."""
    for part in _parts(rules):
        required, forbidden, choices = _sides(part)
        for side in (required, forbidden, *choices):
            for number, place in enumerate(side):
                if _names(side[:number], place.filter):
                    yield place.notice(
                        NoticeCode.REDUNDANT,
                        NoticeSeverity.INFO,
                        "The same filter stands before this one, which changes nothing.",
                        "Remove one of the two.",
                    )


def _costly(rules: FeedRules) -> Iterator[Notice]:
    """Texts that no index finds, where nothing else of the rules is found by one."""
    found = [place for place in places(rules) if any(map(_is_slow, (place.filter, *inner_filters(place.filter))))]
    if not found or is_narrow(rules):
        return
    for place in found:
        if rules.groups[place.group].match is not Match.NONE:
            yield place.notice(
                NoticeCode.COSTLY,
                NoticeSeverity.WARNING,
                f"No index finds {_slow_text(place.filter)}, so posts are read one by one: it knows three letters or "
                "digits in a row, in titles, texts and tags.",
                _cure_of_costly(place.filter),
            )


def _is_slow(one: FeedFilter) -> bool:
    return isinstance(one, TextFilter) and not is_indexed(one)


def _slow_text(one: FeedFilter) -> str:
    return "a text that this feed looks for" if isinstance(one, OtherFeedFilter) else "this text"


def _cure_of_costly(one: FeedFilter) -> str:
    if isinstance(one, OtherFeedFilter):
        return "Add a filter on a tag, on authors or on time."
    if isinstance(one, TextFilter) and INDEXED_PLACES.issuperset(one.places):
        return "Look for a longer text or a tag, or add a filter on authors or on time."
    return "Look in titles, texts and tags alone, or add a filter on a tag, on authors or on time."
