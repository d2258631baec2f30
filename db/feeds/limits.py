"""At most so many posts by one author of one day: the first ones in the order of the feed.

That depends on the post alone and not on where a page began, so pages neither skip nor repeat anything. A day is one of
UTC.
"""

from collections.abc import Sequence

from psycopg import sql

# Inside, `post` is the other post, about which the same conditions speak. Who may see its author is the same question
# for all posts of one author.
_WITHIN_LIMIT = sql.SQL(
    "(SELECT count(*) FROM (SELECT FROM app.open_posts(%(viewer)s::bigint) AS other "
    "CROSS JOIN LATERAL (SELECT {scores} FROM (SELECT other.*) AS post) AS place "
    "WHERE other.user_id = post.user_id "
    "AND other.created_at >= date_trunc('day', post.created_at, 'UTC') "
    "AND other.created_at < date_trunc('day', post.created_at, 'UTC') + interval '24 hours' "
    "AND (place.score, other.created_at, other.id) > ({score}, post.created_at, post.id) "
    "AND EXISTS (SELECT FROM (SELECT other.*) AS post WHERE {holds} OFFSET 0) "
    "LIMIT {limit}) AS earlier) < {limit}"
)
_NO_LIMIT = sql.SQL("TRUE")


def within_author_limit(limit: int | None, sort_key: Sequence[sql.Composable], holds: sql.Composable) -> sql.Composable:
    """That fewer than `limit` of the author's posts of that day which hold come before this one in the feed."""
    if limit is None:
        return _NO_LIMIT
    score = sort_key[0] if len(sort_key) > 2 else sql.SQL("0")  # noqa: PLR2004  # beside time and id
    scores = sql.SQL("{} AS score").format(score)
    return _WITHIN_LIMIT.format(scores=scores, score=score, holds=holds, limit=sql.Literal(limit))
