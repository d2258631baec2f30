"""What a power of two of engagement says about the scores of its posts, and so which of them need not be read."""

from typing import NamedTuple

from psycopg import sql

from db.documents.feed_rules import FeedSort, ScoreWeights

# What a post of a bucket can have that was not read: of likes and engagement.
_MOST = sql.SQL("(2::bigint << bucket.number) - 2")
_LEAST: dict[FeedSort, sql.SQL] = {
    FeedSort.ENGAGEMENT: sql.SQL("(1::bigint << bucket.number) - 1"),
    FeedSort.POPULAR: sql.SQL("0::bigint"),
}
# By score, two logarithms: of the most and of the least that engagement of the bucket is worth. The score of a post is
# such a logarithm plus its time in half-lives, in millionths.
_WORTH_MOST = sql.SQL("(ln(1 + {weight}::float8 * (2::float8 ^ (bucket.number + 1) - 2)) / ln(2::float8))")
_WORTH_LEAST = sql.SQL("(ln(1 + {weight}::float8 * (2::float8 ^ bucket.number - 1)) / ln(2::float8))")
_SCORE_EDGE = sql.SQL(
    "floor(1000000 * ({worth} + extract(epoch FROM bucket.created_at)::float8 / {half_life}::float8))::bigint "
    "{rounding}"
)
# A cursor may hold any number: the moment is one that there can be.
_TIME_EDGE = sql.SQL(
    "post.created_at {side} to_timestamp(least(greatest("
    "{half_life}::float8 * ({score} / 1000000::float8 - {worth}) {rounding}, -2e11::float8), 9e12::float8))"
)


_OLDER_IN_BUCKET = sql.SQL(
    "post.created_at <= CASE WHEN bucket.number = {bucket} THEN {moment} ELSE 'infinity'::timestamptz END"
)


class Scored(NamedTuple):
    """A page by score. `low` and `high` are the buckets that it can reach; `is_whole`: there are no filters.

    `follows` is the score of the post that the page follows in its direction, and `moment` when that was published;
    `weights` are those of SCORE.
    """

    sort: FeedSort
    score: sql.Composable
    low: int
    high: int
    backward: bool
    is_whole: bool
    weights: ScoreWeights | None
    follows: int | None
    moment: sql.Composable | None


def bucket_edges(scored: Scored) -> dict[str, sql.Composable]:
    """What is known of the posts of a bucket behind those that were read, and of those that need not be read.

    `skipped` leaves out posts that lie before the page, `reached` those that lie behind its floor.
    """
    weights, backward = scored.weights, scored.backward
    if weights is None:
        return {"edge": _LEAST[scored.sort] if backward else _MOST, "skipped": _older(scored)}
    every = (weights.like, weights.comment, weights.repost)
    most = _WORTH_MOST.format(weight=sql.Literal(max(every)))
    least = _WORTH_LEAST.format(weight=sql.Literal(min(every)))
    half_life = sql.Literal(weights.half_life_seconds)
    ahead, behind = (most, least) if backward else (least, most)

    def time_edge(side: str, score: sql.Composable, worth: sql.Composable, rounding: str) -> sql.Composed:
        return _TIME_EDGE.format(
            side=sql.SQL(side),  # pyright: ignore[reportArgumentType]
            half_life=half_life,
            score=score,
            worth=worth,
            rounding=sql.SQL(rounding),  # pyright: ignore[reportArgumentType]
        )

    later, earlier = (">=", "- 1"), ("<=", "+ 1")
    before, after = (later, earlier) if backward else (earlier, later)
    floor = sql.SQL("floor.score")
    follows = None if scored.follows is None else sql.Literal(scored.follows)
    return {
        "edge": _SCORE_EDGE.format(
            worth=behind, half_life=half_life, rounding=sql.SQL("- 1") if backward else sql.SQL("+ 1")
        ),
        "skipped": sql.SQL("TRUE") if follows is None else time_edge(before[0], follows, ahead, before[1]),
        "reached": time_edge(after[0], floor, behind, after[1]),
    }


def _older(scored: Scored) -> sql.Composable:
    """Where the last post had the least that its bucket allows, no newer post of the bucket follows it."""
    if scored.backward or scored.follows is None or scored.moment is None:
        return sql.SQL("TRUE")
    if scored.follows == 0:
        return sql.SQL("post.created_at <= {}").format(scored.moment)
    if scored.sort is FeedSort.ENGAGEMENT and scored.follows + 1 == 1 << scored.high:
        return _OLDER_IN_BUCKET.format(bucket=sql.Literal(scored.high), moment=scored.moment)
    return sql.SQL("TRUE")
