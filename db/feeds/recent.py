"""A page of a feed by time: tiers of which each begins only where those before it did not fill the page.

1. **near**: the newest posts of all, `near` of them. What many posts match is found among them.
2. **far**: the posts that an index finds, month by month, as many as `reach`; or those of chosen people, some of each;
   or, where nothing narrows the rules down, the newest `middle` posts.

Each tier, but that of people, reads a bounded number of rows in the order of the feed. Where the last one has looked
at all that it may, there is a stop, which the viewer may see: the page is short, and its cursor goes on from there. The
rules of each candidate are asked before whether the viewer may see it, and both in the order of the page, so that they
end with it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import sql

from db.feeds.conditions import PERSON_REACHABLE
from db.feeds.tiers import GATE, Bounds, Pieces


class Source(NamedTuple):
    """Where all that the rules can match is found: among the posts of people, in the index, in the upper buckets.

    Of several, the first that is given; without any, among all posts.
    """

    people: sql.Composable | None = None
    found: sql.Composable | None = None
    bucket: int | None = None


class Times(NamedTuple):
    """Between which moments all posts of the page lie."""

    lows: Sequence[sql.Composable]
    highs: Sequence[sql.Composable]


_TIERS = sql.SQL(
    "WITH near AS MATERIALIZED ("
    "SELECT post.id, post.created_at FROM ("
    "SELECT post.* FROM public.posts AS post WHERE post.status = 'published' AND {keys} "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {near}"
    ") AS post WHERE {holds} AND {unseen} AND {gate} "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {limit}"
    "), enough AS MATERIALIZED ("
    # A page, or all that there is.
    "SELECT (SELECT count(*) FROM near) >= {limit} OR NOT EXISTS ("
    "SELECT FROM public.posts AS post WHERE post.status = 'published' AND {keys} "
    "ORDER BY post.created_at {direction}, post.id {direction} OFFSET {near}) AS is_so"
    "), {far} "
    "SELECT feed.id, feed.created_at, NULL::bigint AS score, feed.is_stop FROM ("
    "SELECT near.id, near.created_at, FALSE AS is_stop FROM near WHERE (SELECT is_so FROM enough) "
    "UNION ALL SELECT far.id, far.created_at, FALSE AS is_stop FROM far WHERE NOT far.is_stop "
    "UNION ALL SELECT stop.id, stop.created_at, TRUE AS is_stop FROM ({stop}) AS stop"
    ") AS feed ORDER BY feed.created_at {direction}, feed.id {direction} LIMIT {limit}"
)

_FOUND = sql.SQL(
    "SELECT found.id, found.created_at FROM ("
    "SELECT span.first_week, span.mark FROM ("
    "SELECT greatest({lows}) AS low, least({highs}) AS high "
    ") AS ends CROSS JOIN LATERAL app.search_spans(ends.low, ends.high) AS span "
    "WHERE NOT (SELECT is_so FROM enough) ORDER BY span.first_week {direction}"
    ") AS span CROSS JOIN LATERAL ("
    "SELECT post.id, post.created_at FROM ("
    "SELECT found.post_id AS id, found.created_at FROM app.post_search AS found "
    "WHERE found.document @@ span.mark AND {found} "
    # What feeds reach of it, so that what only followers see of somebody moves no stop for others.
    "AND (found.visibility = 'public' OR found.visibility = 'followers' AND found.user_id IN ("
    "SELECT following_id FROM public.user_follows WHERE follower_id = %(viewer)s::bigint)) OFFSET 0"
    ") AS post WHERE {keys} ORDER BY post.created_at {direction}, post.id {direction} LIMIT {reach}"
    ") AS found ORDER BY span.first_week {direction}, found.created_at {direction}, found.id {direction} LIMIT {reach}"
)

_BUSY = sql.SQL(
    "SELECT post.id, post.created_at FROM public.posts AS post "
    "WHERE post.status = 'published' AND post.engagement_bucket >= {bucket} AND {keys} "
    "AND NOT (SELECT is_so FROM enough) ORDER BY post.created_at {direction}, post.id {direction} LIMIT {reach}"
)

_FAR_OF_CANDIDATES = sql.SQL(
    "candidates AS MATERIALIZED ({candidates}), far AS MATERIALIZED ("
    "SELECT candidate.id, candidate.created_at, candidate.is_last AS is_stop FROM ("
    "SELECT id, created_at, row_number() OVER (ORDER BY created_at {direction}, id {direction}) = {reach} AS is_last "
    "FROM candidates"
    ") AS candidate WHERE candidate.is_last OR EXISTS ("
    "SELECT FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE post.id = candidate.id AND {holds} AND {unseen} OFFSET 0"
    ") ORDER BY candidate.created_at {direction}, candidate.id {direction} LIMIT {limit})"
)

_FAR_OF_PEOPLE = sql.SQL(
    "far AS MATERIALIZED ("
    "SELECT post.id, post.created_at, FALSE AS is_stop "
    "FROM (SELECT DISTINCT author.user_id FROM ({people}) AS author) AS person CROSS JOIN LATERAL ("
    "SELECT post.id, post.created_at FROM public.posts AS post "
    "WHERE post.user_id = person.user_id AND post.status = 'published' AND {keys} "
    "AND NOT (SELECT is_so FROM enough) AND {holds} AND {unseen} AND {gate} "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {limit}"
    ") AS post WHERE {person} ORDER BY post.created_at {direction}, post.id {direction} LIMIT {limit})"
)

_FAR_OF_ALL = sql.SQL(
    "far AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.is_last AS is_stop FROM ("
    "SELECT post.*, "
    "row_number() OVER (ORDER BY post.created_at {direction}, post.id {direction}) = {middle} AS is_last "
    "FROM (SELECT post.* FROM public.posts AS post "
    "WHERE post.status = 'published' AND {keys} AND NOT (SELECT is_so FROM enough) "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {middle}) AS post"
    # What is not known is false: else AND goes on to ask whether the post may be seen.
    ") AS post WHERE post.is_last OR (({holds}) IS TRUE AND {unseen} AND {gate}) "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {limit})"
)

# A stop may be hidden from the viewer, and then its key is not for them: the page ends with the next post that they may
# see, whatever it is, since nothing between the two is theirs. Without such a post it is the end of the feed.
_STOP = sql.SQL(
    "SELECT shown.id, shown.created_at FROM far CROSS JOIN LATERAL ("
    "SELECT post.id, post.created_at FROM ("
    "SELECT post.*, "
    "row_number() OVER (ORDER BY post.created_at {direction}, post.id {direction}) = {hidden} AS is_last "
    "FROM (SELECT post.* FROM public.posts AS post WHERE post.status = 'published' AND {keys} "
    "AND (post.created_at, post.id) {beyond} (far.created_at, far.id) "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT {hidden}) AS post"
    ") AS post WHERE post.is_last OR {gate} "
    "ORDER BY post.created_at {direction}, post.id {direction} LIMIT 1"
    ") AS shown WHERE far.is_stop"
)

_OLDEST = sql.SQL("(SELECT min(known.created_at) FROM app.post_search AS known)")
_NEWEST = sql.SQL("(SELECT max(known.created_at) FROM app.post_search AS known)")


def recent_page(pieces: Pieces, source: Source, times: Times, bounds: Bounds, *, backward: bool) -> sql.Composed:
    """The statement of a page by time. Between `times` lies all that it can contain."""
    shared = pieces._asdict()
    reach = sql.Literal(bounds.reach)
    if source.people is not None:
        far = _FAR_OF_PEOPLE.format(people=source.people, person=PERSON_REACHABLE, gate=GATE, **shared)
    elif source.found is not None or source.bucket is not None:
        if source.found is None:
            candidates = _BUSY.format(bucket=sql.Literal(source.bucket), reach=reach, **shared)
        else:
            lows, highs = (sql.SQL(", ").join(moments) for moments in ([_OLDEST, *times.lows], [_NEWEST, *times.highs]))
            candidates = _FOUND.format(found=source.found, lows=lows, highs=highs, reach=reach, **shared)
        far = _FAR_OF_CANDIDATES.format(candidates=candidates, reach=reach, **shared)
    else:
        far = _FAR_OF_ALL.format(middle=sql.Literal(bounds.middle), gate=GATE, **shared)
    beyond, hidden = sql.SQL(">=" if backward else "<="), sql.Literal(bounds.hidden)
    stop = _STOP.format(beyond=beyond, hidden=hidden, gate=GATE, **shared)
    return _TIERS.format(near=sql.Literal(bounds.near), far=far, stop=stop, gate=GATE, **shared)
