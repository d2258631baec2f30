"""The Following feed, which everybody has: it can be moved and made the default, and nothing else."""

from api.context import Info
from api.gql.ids import decode
from db.errors import InvalidInputError
from db.queries import feeds


def stored_feed_id(info: Info, given: str) -> int:
    """The key of a feed that can be changed; BAD_USER_INPUT for the viewer's Following feed."""
    feed_id = decode(given, "Feed")
    if feed_id == feeds.following_feed_id(info.context.signed_in):
        raise InvalidInputError(
            "The Following feed can be moved and made the default; it cannot be changed, shared or deleted.",
            field=("feed_id",),
        )
    return feed_id
