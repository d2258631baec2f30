"""What feeds are sorted by."""

from psycopg import sql

from db.documents.feed_rules import FeedRules, FeedSort
from db.feeds.conditions import ENGAGEMENT
from db.feeds.parameters import Parameters

# What a feed is sorted by before time and id.
_SCORES: dict[FeedSort, sql.Composable | None] = {
    FeedSort.RECENT: None,
    FeedSort.POPULAR: sql.SQL("post.likes_count"),
    FeedSort.ENGAGEMENT: ENGAGEMENT,
}
# log2 of what the engagement is worth, plus the time in half-lives, in millionths: the order of the worth that halves
# with each half-life, at any moment. So a cursor stays right as time passes.
_OWN_SCORE = sql.SQL(
    "floor(1000000 * (ln(1 + {like}::float8 * post.likes_count + {comment}::float8 * post.comments_count "
    "+ {repost}::float8 * post.reposts_count) / ln(2::float8) "
    "+ extract(epoch FROM post.created_at)::float8 / {half_life}::float8))::bigint"
)


def sort_key_of(rules: FeedRules, parameters: Parameters) -> tuple[sql.Composable, ...]:
    """The expressions that a feed is ordered by, all in one direction."""
    time = (sql.SQL("post.created_at"), sql.SQL("post.id"))
    if rules.weights is None:
        score = _SCORES[rules.sort]
        return time if score is None else (score, *time)
    weights = rules.weights.model_dump(exclude={"half_life_hours"})
    given = {name: parameters.add(weight) for name, weight in weights.items()}
    half_life = parameters.add(rules.weights.half_life_seconds)
    return (_OWN_SCORE.format(half_life=half_life, **given), *time)
