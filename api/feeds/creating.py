"""A new feed of the viewer, however its rules came about."""

from api.context import Info
from db.documents.feed_rules import FeedRules
from db.errors import InvalidInputError
from db.queries import feed_names, feeds

FEEDS_PER_USER = 50
NAME_LENGTH = 100
BUILT_IN_NAME = "Following"


async def create_feed(
    info: Info, name: str, description: str | None, rules: FeedRules, *, forked_from_id: int | None = None
) -> int:
    """The id of the new feed, the last of the viewer's. Takes the lock of the viewer's feeds."""
    viewer, database = info.context.signed_in, info.context.database
    await feeds.lock_feeds_of_user(database, viewer)
    created = await feeds.create_feed(database, viewer, name, description or None, rules, forked_from_id=forked_from_id)
    if created is None:
        raise InvalidInputError(f"You have {FEEDS_PER_USER} feeds already, which is the most.")
    return created


async def free_name(info: Info, wanted: str) -> str:
    """This name, or with the first number from 2 that makes it another than those of the viewer's feeds.

    Takes the lock of the viewer's feeds, so that nobody takes it in between.
    """
    viewer, database = info.context.signed_in, info.context.database
    await feeds.lock_feeds_of_user(database, viewer)
    numbered = [wanted, *(_numbered(wanted, number) for number in range(2, FEEDS_PER_USER + 2))]
    free = [name for name in numbered if name.lower() != BUILT_IN_NAME.lower()]
    return await feed_names.free_feed_name(database, viewer, free) or wanted


def _numbered(name: str, number: int) -> str:
    ending = f" {number}"
    return name[: NAME_LENGTH - len(ending)].rstrip() + ending
