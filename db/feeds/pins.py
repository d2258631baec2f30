"""That a post does not stand above the feed, where its owner has pinned it."""

from psycopg import sql

from db.feeds.parameters import Parameters

# An array, which is read once for the statement.
_NOT_PINNED = sql.SQL(
    "post.id <> ALL (ARRAY(SELECT pin.post_id FROM app.feed_pins AS pin WHERE pin.feed_id = {}::bigint))"
)
_EVERYTHING = sql.SQL("TRUE")


def not_pinned(feed_id: int | None, parameters: Parameters) -> sql.Composable:
    """That nobody has pinned the post to this feed; None stands for rules that are read without pinned posts."""
    return _EVERYTHING if feed_id is None else _NOT_PINNED.format(parameters.add(feed_id))
