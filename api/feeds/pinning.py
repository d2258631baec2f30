"""The posts that an owner puts above a feed."""

from collections.abc import Sequence

from api.context import Info
from api.gql.ids import decode
from db.errors import InvalidInputError, NotFoundError
from db.queries import feed_pins

MOST_PINS = 3
_UNREACHED = (
    "There is no such post, or none that your feeds may contain: by somebody you follow, or public and by somebody who "
    "does not keep their posts out of such feeds."
)


async def pin_posts(info: Info, feed_id: int, posts: Sequence[str]) -> None:
    """Put these posts above a locked feed of the viewer, instead of those that are there."""
    viewer, database, loaders = info.context.signed_in, info.context.database, info.context.loaders
    ids = [decode(one, "Post") for one in posts]
    if len(set(ids)) < len(ids):
        raise InvalidInputError("Name each post once.", field=("pinned_post_ids",))
    (pins,) = await loaders.pins_by_feed_id.column([feed_id])
    loaders.pins_by_feed_id.forget(feed_id)
    if ids == [pin.post_id for pin in pins]:
        return
    written = await feed_pins.replace_pins(database, viewer, feed_id, ids)
    for place, one in enumerate(ids):
        if one not in written:
            raise NotFoundError(_UNREACHED, field=("pinned_post_ids", str(place)))
