"""A page of a feed by likes, engagement or a score of one's own, from posts.engagement_bucket and its index.

engagement_bucket is floor(log2(engagement + 1)). No index holds likes, but who has so many has at least as much
engagement: those of a bucket are in it or above.

- **near**: the newest posts of each bucket. A post behind those that were read of a bucket has at most the score that
  its bucket allows: if the last post of the page has more, the page is right.
- **few**, by likes and engagement: what an index finds, where that is little; it is sorted.
- **middle**, by likes and engagement: the posts of the highest buckets, as many as that are; the same bound holds. By
  a score that falls with time: each bucket as far back as a post of it can still reach the page.
- **far**: where an index finds all that the rules can match, and that is not too much, these are sorted.
- **walk**: one bucket after another, until the page is full; by a score of one's own, all posts.
"""

from psycopg import sql

from db.documents.feed_rules import FeedSort
from db.feeds.buckets import Scored, bucket_edges
from db.feeds.seen import ANYTHING
from db.feeds.tiers import GATE, LEAST_BUSY, Bounds, Pieces

HIGHEST_BUCKET = 33  # three counters below 2^31

# The limit is part of the text: with a parameter, a cached plan reckons with a tenth of all posts and sorts them.
PAGE = sql.SQL(
    "SELECT post.id, post.created_at, {score}::bigint AS score "
    "FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE {conditions} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} "
    "LIMIT {limit}"
)

# Seen posts are left out in the order of the page, so that those are looked up which lie before its end, and no others.
_UNSEEN_PAGE = sql.SQL(
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score "
    "FROM app.visible_posts(%(viewer)s::bigint) AS post "
    "WHERE {conditions} "
    "ORDER BY {score}::bigint {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post WHERE {unseen} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit}"
)

_WALK = sql.SQL(
    "SELECT feed.id, feed.created_at, feed.score FROM ("
    "SELECT number FROM generate_series({low}::integer, least({high}::integer, ("
    "SELECT max(engagement_bucket) FROM public.posts WHERE status = 'published'"
    "))) AS number ORDER BY number {direction}"
    ") AS bucket CROSS JOIN LATERAL ({page}) AS feed "
    "ORDER BY bucket.number {direction}, feed.score {direction}, feed.created_at {direction}, feed.id {direction} "
    "LIMIT {limit}"
)
# Both bounds are always written: of a range that it does not know, the planner expects few posts.
_IN_BUCKET: dict[FeedSort, sql.SQL] = {
    FeedSort.ENGAGEMENT: sql.SQL("post.engagement_bucket BETWEEN bucket.number AND bucket.number"),
    FeedSort.POPULAR: sql.SQL(
        "post.engagement_bucket BETWEEN bucket.number AND 33 AND "
        "post.likes_count BETWEEN (1::bigint << bucket.number) - 1 AND (2::bigint << bucket.number) - 2"
    ),
}
_IDLE: dict[FeedSort, sql.SQL] = {
    FeedSort.ENGAGEMENT: sql.SQL("post.engagement_bucket < 3"),
    FeedSort.POPULAR: sql.SQL("post.likes_count < 7"),
}
_TWO = sql.SQL(
    "WITH first AS MATERIALIZED ({first}) "
    "SELECT feed.id, feed.created_at, feed.score FROM ("
    "SELECT id, created_at, score FROM first UNION ALL "
    "SELECT id, created_at, score FROM ({second}) AS second WHERE (SELECT count(*) FROM first) < {limit}"
    ") AS feed "
    "ORDER BY feed.score {direction}, feed.created_at {direction}, feed.id {direction} "
    "LIMIT {limit}"
)

_NEAR = sql.SQL(
    "WITH cut AS MATERIALIZED ("
    "SELECT bucket.number, post.*, "
    "row_number() OVER (PARTITION BY bucket.number ORDER BY post.created_at {direction}, post.id {direction}) AS place "
    "FROM generate_series({low}::integer, {high}::integer) AS bucket (number) CROSS JOIN LATERAL ("
    "SELECT post.* FROM public.posts AS post "
    "WHERE post.status = 'published' AND post.engagement_bucket = bucket.number AND {keys} AND {skipped} "
    "AND {unseen} ORDER BY post.created_at {direction}, post.id {direction} LIMIT {per_bucket}) AS post"
    "), bound AS MATERIALIZED ("
    "SELECT {worst}({edge}) AS score FROM cut AS bucket WHERE bucket.place = {per_bucket}"
    "), near AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score FROM cut AS post WHERE {holds} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post WHERE {gate} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit}"
    "), sure AS MATERIALIZED ("
    "SELECT near.id, near.created_at, near.score FROM near CROSS JOIN bound "
    "WHERE bound.score IS NULL OR near.score {beyond} bound.score"
    "), enough AS MATERIALIZED ("
    "SELECT (SELECT count(*) FROM sure) >= {limit} OR (SELECT bound.score FROM bound) IS NULL AS is_so)"
)
_FEW = sql.SQL(
    ", few AS MATERIALIZED ("
    "SELECT found.post_id AS id FROM app.post_search AS found "
    "WHERE NOT (SELECT is_so FROM enough) AND {found} LIMIT {reach} + 1"
    "), rare AS MATERIALIZED ("
    "SELECT NOT (SELECT is_so FROM enough) AND (SELECT count(*) FROM few) <= {reach} AS is_so"
    "), sorted AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score FROM few CROSS JOIN LATERAL ("
    "SELECT one.* FROM public.posts AS one WHERE one.id = few.id AND one.status = 'published' LIMIT 1"
    ") AS post WHERE (SELECT is_so FROM rare) AND {keys} AND {holds} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post WHERE {unseen} AND {gate} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit})"
)
# Posts are left out by their place only after they were counted, or there would be no bound on what is read.
_MIDDLE_BY_BUCKET = sql.SQL(
    ", top AS MATERIALIZED ("
    "SELECT post.engagement_bucket AS number, post.* FROM public.posts AS post "
    "WHERE post.status = 'published' AND post.engagement_bucket BETWEEN {low}::integer AND {high}::integer "
    "AND NOT {is_done} AND {unseen} "
    "ORDER BY post.engagement_bucket {direction}, post.created_at {direction}, post.id {direction} LIMIT {top}"
    "), edge AS MATERIALIZED ("
    "SELECT {worst}({edge}) AS score FROM ("
    "SELECT {least}(top.number) AS number, count(*) AS posts FROM top"
    ") AS bucket WHERE bucket.posts = {top}"
    "), middle AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score FROM top AS post WHERE {keys} AND {holds} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post CROSS JOIN edge WHERE (edge.score IS NULL OR post.score {beyond} edge.score) AND {gate} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit}"
    "), settled AS MATERIALIZED ("
    "SELECT NOT {is_done} AND ("
    "(SELECT count(*) FROM middle) >= {limit} OR (SELECT edge.score FROM edge) IS NULL) AS is_so)"
)
# The last post of near is a floor: whatever belongs before it was published late enough for its bucket.
_MIDDLE_BY_TIME = sql.SQL(
    ", floor AS MATERIALIZED ("
    "SELECT {least}(near.score) AS score FROM near WHERE NOT (SELECT is_so FROM enough) HAVING count(*) >= {limit}"
    "), reached AS MATERIALIZED ("
    "SELECT bucket.number, post.* FROM floor "
    "CROSS JOIN generate_series({low}::integer, {high}::integer) AS bucket (number) CROSS JOIN LATERAL ("
    "SELECT post.* FROM public.posts AS post "
    "WHERE post.status = 'published' AND post.engagement_bucket = bucket.number AND {keys} AND {skipped} AND {reached} "
    "AND {unseen} ORDER BY post.created_at {direction}, post.id {direction} LIMIT {middle}) AS post"
    "), middle AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score FROM reached AS post WHERE {holds} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post WHERE {gate} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit}"
    "), settled AS MATERIALIZED ("
    "SELECT EXISTS (SELECT FROM floor) AND NOT EXISTS ("
    "SELECT FROM reached GROUP BY reached.number HAVING count(*) >= {middle}) AS is_so)"
)
_FAR = sql.SQL(
    ", found AS MATERIALIZED ("
    "SELECT found.post_id AS id FROM app.post_search AS found WHERE NOT {is_done} AND {found} LIMIT {most} + 1"
    "), far AS MATERIALIZED ("
    "SELECT post.id, post.created_at, post.score FROM ("
    "SELECT post.id, post.created_at, {score}::bigint AS score FROM found CROSS JOIN LATERAL ("
    "SELECT one.* FROM public.posts AS one WHERE one.id = found.id AND one.status = 'published' LIMIT 1"
    ") AS post WHERE (SELECT count(*) FROM found) <= {most} AND {keys} AND {holds} "
    "ORDER BY {score} {direction}, post.created_at {direction}, post.id {direction} OFFSET 0"
    ") AS post WHERE {unseen} AND {gate} "
    "ORDER BY post.score {direction}, post.created_at {direction}, post.id {direction} LIMIT {limit})"
)
_TIERS = sql.SQL(
    "{tiers}, walk AS MATERIALIZED ("
    "SELECT walk.id, walk.created_at, walk.score FROM ({walk}) AS walk WHERE {is_common}"
    ") SELECT feed.id, feed.created_at, feed.score FROM ("
    "SELECT * FROM sure WHERE (SELECT is_so FROM enough) UNION ALL {others} UNION ALL SELECT * FROM walk"
    ") AS feed ORDER BY feed.score {direction}, feed.created_at {direction}, feed.id {direction} LIMIT {limit}"
)
_OF_MIDDLE = sql.SQL("SELECT * FROM middle WHERE (SELECT is_so FROM settled)")
_OF_FAR = sql.SQL("SELECT * FROM far")
_OF_FEW = sql.SQL("SELECT * FROM sorted")
_ENOUGH = sql.SQL("(SELECT is_so FROM enough)")
_RARE = sql.SQL("((SELECT is_so FROM enough) OR (SELECT is_so FROM rare))")
_SETTLED = sql.SQL("({} OR (SELECT is_so FROM settled))")
_TOO_MANY = sql.SQL("(SELECT count(*) FROM found) > {}")


def of_people(scored: Scored, pieces: Pieces) -> sql.Composed:
    """All posts are by certain people: they are read once and sorted, bucket or not."""
    return _page(scored, pieces)


def scored_page(scored: Scored, pieces: Pieces, found: sql.Composable | None, bounds: Bounds) -> sql.Composed:
    """The statement of a page by score, whose posts are all `found` in the index if that is given."""
    walk = _walk(scored, pieces) if scored.weights is None else _page(scored, pieces)
    if found is None and scored.weights is None:
        return walk
    backward = scored.backward
    given = {
        "low": sql.Literal(scored.low),
        # Whoever has so many likes has as much engagement or more, so likes bound a bucket from below alone.
        "high": sql.Literal(HIGHEST_BUCKET if scored.sort is FeedSort.POPULAR else scored.high),
        "per_bucket": sql.Literal(bounds.per_bucket),
        "middle": sql.Literal(bounds.middle),
        "top": sql.Literal(bounds.top),
        "reach": sql.Literal(bounds.reach),
        "most": sql.Literal(bounds.most_sorted),
        "gate": GATE,
        "score": scored.score,
        "worst": sql.SQL("min" if backward else "max"),
        "least": sql.SQL("max" if backward else "min"),
        "beyond": sql.SQL("<" if backward else ">"),
        **bucket_edges(scored),
        **pieces._asdict(),
    }
    tiers, others, is_done = [_NEAR.format(**given)], list[sql.Composable](), _ENOUGH
    if scored.weights is not None:
        tiers.append(_MIDDLE_BY_TIME.format(**given))
        others.append(_OF_MIDDLE)
        is_done = _SETTLED.format(is_done)
    elif not backward:  # backward, the least that a bucket allows proves nothing
        tiers += [_FEW.format(found=found, **given), _MIDDLE_BY_BUCKET.format(is_done=_RARE, **given)]
        others += [_OF_FEW, _OF_MIDDLE]
        is_done = _SETTLED.format(_RARE)
    is_common: sql.Composable = sql.SQL("NOT {}").format(is_done)
    if found is not None:
        tiers.append(_FAR.format(found=found, is_done=is_done, **given))
        others.append(_OF_FAR)
        is_common = _TOO_MANY.format(given["most"])
    return _TIERS.format(
        tiers=sql.SQL("").join(tiers),
        walk=walk,
        is_common=is_common,
        others=sql.SQL(" UNION ALL ").join(others),
        direction=pieces.direction,
        limit=pieces.limit,
    )


# A feed with filters looks at the idle posts at once, with a plan of its own that knows how many they are and how rare
# what it looks for is, and only where the page is not full without them. (Backward, they come first.)
def _walk(scored: Scored, pieces: Pieces) -> sql.Composed:
    has_idle = not scored.is_whole and scored.low < LEAST_BUSY
    query = _WALK.format(
        low=sql.Literal(LEAST_BUSY if has_idle else scored.low),
        high=sql.Literal(scored.high),
        page=_page(scored, pieces, _IN_BUCKET[scored.sort]),
        direction=pieces.direction,
        limit=pieces.limit,
    )
    if not has_idle:
        return query
    halves = (query, _page(scored, pieces, _IDLE[scored.sort]))
    first, second = reversed(halves) if scored.backward else halves
    return _TWO.format(first=first, second=second, direction=pieces.direction, limit=pieces.limit)


def _page(scored: Scored, pieces: Pieces, *where: sql.SQL) -> sql.Composed:
    conditions = sql.SQL(" AND ").join([*where, pieces.keys, pieces.holds])
    return (PAGE if pieces.unseen == ANYTHING else _UNSEEN_PAGE).format(
        score=scored.score,
        conditions=conditions,
        unseen=pieces.unseen,
        direction=pieces.direction,
        limit=pieces.limit,
    )
