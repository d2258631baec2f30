"""The scan of a feed in words: why it was chosen, and which tiers read the posts of a page, each within a bound."""

from typing import NamedTuple

from db.documents.feed_rules import FeedRules, FeedSort
from db.feeds.choice import Choice, Scan, choose
from db.feeds.parameters import Parameters
from db.feeds.sets import time_bounds
from db.feeds.tiers import BOUNDS, LEAST_BUSY, Bounds


class Tier(NamedTuple):
    """`part` of the statement reads the posts; None: all of the statement does, and there is no other tier."""

    name: str
    posts: str
    part: str | None


class ScanSummary(NamedTuple):
    order: str
    scan: str
    reasons: tuple[str, ...]
    tiers: tuple[Tier, ...]


_ORDERS = {
    FeedSort.RECENT: "by time",
    FeedSort.POPULAR: "by likes",
    FeedSort.ENGAGEMENT: "by likes, comments and reposts",
    FeedSort.SCORE: "by a score that falls with time",
}


def scan_summary(rules: FeedRules, *, backward: bool, bounds: Bounds = BOUNDS) -> ScanSummary:
    """What `compile_feed` chooses for these rules."""
    parameters = Parameters(viewer=None, me=None)
    choice = choose(rules, parameters)
    dates = ("No tier goes beyond the dates that the rules always ask for.",)
    reasons = (_reason(rules, choice), *(dates if any(time_bounds(rules, parameters)) else ()))
    if rules.sort is FeedSort.RECENT:
        tiers = _by_time(choice, bounds, "oldest" if backward else "newest")
    elif choice.scan is Scan.PEOPLE:
        tiers = (Tier("all", "all posts of these people, sorted; the time-out is the only bound", None),)
    else:
        tiers = _by_score(rules, choice, bounds, backward=backward)
    return ScanSummary(_ORDERS[rules.sort], _name(choice), reasons, tiers)


def _name(choice: Choice) -> str:
    return f"{choice.scan} ({', '.join(sorted(choice.kinds))})" if choice.kinds else str(choice.scan)


def _reason(rules: FeedRules, choice: Choice) -> str:
    match choice.scan:
        case Scan.PEOPLE:
            return "All that the rules can match is by certain people, whose posts are found by their author."
        case Scan.INDEX:
            return "All that the rules can match is in the index of app.post_search, under what they ask for."
        case Scan.ENGAGEMENT:
            return f"All that the rules can match has an engagement of {_least(choice)} or more."
        case Scan.EVERYTHING if rules.groups:
            return "Neither people nor an index narrow the rules down enough: posts are read in the feed's order."
        case Scan.EVERYTHING:
            return "There are no filters, so posts are read in the order of the feed."


def _least(choice: Choice) -> int:
    return (1 << (choice.source.bucket or 0)) - 1


def _by_time(choice: Choice, bounds: Bounds, newest: str) -> tuple[Tier, ...]:
    near = Tier("near", f"the {newest} {bounds.near:,} posts", "near")
    match choice.scan:
        case Scan.PEOPLE:
            far = f"the {newest} of each of these people, until the page is full; the time-out is the only bound"
            return near, Tier("far", far, "far")
        case Scan.INDEX:
            far = f"what the index has, month by month: {bounds.reach:,} candidates"
            return near, Tier("far", far, "candidates")
        case Scan.ENGAGEMENT:
            far = f"the {newest} with an engagement of {_least(choice)} or more: {bounds.reach:,} candidates"
            return near, Tier("far", far, "candidates")
        case Scan.EVERYTHING:
            return near, Tier("far", f"the {newest} {bounds.middle:,} posts", "far")


def _by_score(rules: FeedRules, choice: Choice, bounds: Bounds, *, backward: bool) -> tuple[Tier, ...]:
    found, weighed = choice.scan is Scan.INDEX, rules.sort is FeedSort.SCORE
    walk = f"{_walk(rules)}; the time-out is the only bound"
    if not found and not weighed:
        return (Tier("walk", walk, None),)
    newest, late = ("oldest", "early") if backward else ("newest", "late")
    tiers = [Tier("near", f"the {newest} {bounds.per_bucket:,} of each power of two of engagement", "cut")]
    if weighed:
        reached = f"of each power of two those {late} enough for the page, {bounds.middle:,} at most"
        tiers.append(Tier("middle", reached, "reached"))
    elif not backward:
        tiers.append(Tier("few", f"what the index has, sorted, if that is {bounds.reach:,} posts at most", "few"))
        tiers.append(Tier("middle", f"the {bounds.top:,} posts with most engagement", "top"))
    if found:
        tiers.append(
            Tier("far", f"what the index has, sorted, if that is {bounds.most_sorted:,} posts at most", "found")
        )
    return *tiers, Tier("walk", walk, "walk")


def _walk(rules: FeedRules) -> str:
    if rules.sort is FeedSort.SCORE:
        return "all posts, sorted"
    idle = f", those below {(1 << LEAST_BUSY) - 1} at once" if rules.groups else ""
    return f"one power of two of engagement after another{idle}"
