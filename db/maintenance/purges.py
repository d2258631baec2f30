"""What is deleted when its time has come: expired sessions and tokens, and for good what was deleted long ago.

Each purge works in small transactions, beside other writers and beside itself: two that run at once wait for each
other's rows and find them gone. All may be interrupted at any point and started again.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from db.maintenance.transactions import OF_THE_ROW, in_transaction
from db.pool import Database
from db.queries import account_parts, account_purges, audit, groups, jobs, purges
from db.queries.accounts import DELETION_GRACE
from db.queries.audit import Action
from db.queries.posts import POST_GRACE
from db.queries.purges import BlockRow

FAILED_JOB_AGE = timedelta(days=7)
"""How long a job that failed for good can be seen, and tried again."""

_BATCH = 500
_GROUPS = 50
_COMMENTS = 100
"""How many comments go at once: each takes a statement for each foreign key that leads to it, while whoever likes or
comments on its post waits."""

Batch = Callable[[], Awaitable[int]]
"""Does a piece of work, and says how many rows it was."""

log = logging.getLogger("vrss.jobs")


async def purge_sessions(database: Database) -> int:
    """Delete sessions that are over; how many."""
    return await _in_batches(database, lambda: purges.purge_sessions(database, _BATCH))


async def purge_tokens(database: Database) -> int:
    """Delete the tokens from e-mails that have expired or been used; how many."""
    return await _in_batches(database, lambda: purges.purge_tokens(database, _BATCH))


async def purge_idempotency_keys(database: Database) -> int:
    """Delete the keys of retries that are no longer remembered; how many."""
    return await _in_batches(database, lambda: purges.purge_idempotency_keys(database, _BATCH))


async def purge_notifications(database: Database) -> int:
    """Delete the notifications that their readers can never see, since one has blocked the other; how many."""
    purged = await _in_batches(database, lambda: purges.purge_notifications_without_actor(database, _BATCH))
    after = BlockRow(0, 0)
    while blocks := await purges.blocks_after(database, after, _BATCH):
        purge = partial(purges.purge_notifications_across_blocks, database, after, blocks[-1], _BATCH)
        purged += await _in_batches(database, purge)
        after = blocks[-1]
    return purged


async def purge_failed_jobs(database: Database) -> int:
    """Delete the jobs that failed for good long ago; how many."""
    return await _in_batches(database, lambda: jobs.purge_failed(database, FAILED_JOB_AGE, _BATCH))


async def purge_ended_conversations(database: Database) -> int:
    """Delete the groups that everybody has left, with all that was said in them; how many."""
    purged = 0
    while ids := await purges.ended_conversations(database, _GROUPS):
        for part in purges.PARTS_OF_CONVERSATIONS:
            await _in_batches(database, partial(part, database, ids, _BATCH))
        await in_transaction(database, partial(account_purges.delete_deserted_conversations, database, ids))
        purged += len(ids)
    return purged


async def _comments_on_posts(database: Database, ids: list[int], limit: int) -> int:
    """Their likes first, by themselves: what is deleted with comments is as little as a batch."""
    comments = await purges.comments_on_posts(database, ids, min(limit, _COMMENTS))
    likes = await purges.purge_likes_of_comments(database, comments, limit)
    return limit if likes else await _comments(database, comments, limit)


async def _comments_of_user(database: Database, user_id: int, limit: int) -> int:
    """Their likes first, and then who has answered them: what changes with comments is as little as a batch."""
    comments = await account_purges.comments_of_user(database, user_id, min(limit, _COMMENTS))
    likes = await purges.purge_likes_of_comments(database, comments, limit)
    if likes or await account_purges.part_replies(database, comments, limit):
        return limit
    return await _comments(database, comments, limit)


async def _comments(database: Database, ids: list[int], limit: int) -> int:
    """`limit` while there may be more, as of every other part."""
    deleted = await purges.purge_comments(database, ids)
    return deleted if len(ids) < min(limit, _COMMENTS) else limit


_PARTS_OF_POSTS = (*purges.PARTS_OF_POSTS, _comments_on_posts)


async def purge_posts(database: Database) -> int:
    """Delete for good the posts whose grace is over; how many."""
    left: set[int] = set()
    purged = 0
    while due := await purges.posts_to_purge(database, POST_GRACE, left, _BATCH):
        purged_now, kept = await _purge_posts_or_skip(database, due)
        left.update(kept)
        purged += purged_now
    return purged


async def _purge_posts_or_skip(database: Database, ids: list[int]) -> tuple[int, list[int]]:
    """How many of these posts were purged, and which are to be skipped.

    When they fail together, each is tried alone, so that one that cannot be purged does not block the others.
    """

    async def some(part: Callable[[Database, list[int], int], Awaitable[int]]) -> int:
        due = await purges.posts_still_to_purge(database, ids, POST_GRACE)
        return await part(database, due, _BATCH) if due else 0

    try:
        for part in _PARTS_OF_POSTS:
            await _in_batches(database, partial(some, part))
        purged_now = await in_transaction(database, lambda: purges.purge_posts(database, ids, POST_GRACE))
    except OF_THE_ROW:
        if len(ids) == 1:
            log.exception("the post %s was not purged; it is tried again next time", ids[0])
            return 0, ids
    else:
        return purged_now, ids if purged_now < len(ids) else []
    each = [await _purge_posts_or_skip(database, [post_id]) for post_id in ids]
    return sum(purged_now for purged_now, _ in each), [post_id for _, kept in each for post_id in kept]


async def purge_accounts(database: Database, grace: timedelta = DELETION_GRACE) -> int:
    """Delete for good the accounts whose grace is over; how many."""
    left: set[int] = set()
    purged = 0
    while due := await account_purges.accounts_to_purge(database, grace, left, _BATCH):
        for user_id in due:
            if await _purge_or_skip(database, user_id, grace):
                purged += 1
            else:
                left.add(user_id)
    return purged


async def _purge_or_skip(database: Database, user_id: int, grace: timedelta) -> bool:
    """Whether the account was purged. One that fails is skipped until the next run, and does not block the others."""
    try:
        return await purge_account(database, user_id, grace)
    except OF_THE_ROW:
        log.exception("the account %s was not purged; it is tried again next time", user_id)
        return False


async def purge_account(database: Database, user_id: int, grace: timedelta = DELETION_GRACE) -> bool:
    """Delete a deleted account for good, with all that is its own; False when it is not due any more.

    Its deletion is made final before any of its data is deleted: the lock excludes a concurrent cancellation. Messages
    to others remain, without the name: conversations get a nameless account in its place, and are deleted with their
    last member.
    """
    if not await in_transaction(database, partial(_begin_account_purge, database, user_id, grace)):
        return False
    due = partial(_while_due, database, user_id, grace)
    # In small pieces; what an account has few of is deleted with its row.
    for part in account_parts.PARTS_OF_USER:
        await _in_batches(database, due(partial(part, database, user_id, _BATCH)))
    while ids := await account_purges.posts_of_user(database, user_id, _BATCH):
        for part in _PARTS_OF_POSTS:
            await _in_batches(database, due(partial(part, database, ids, _BATCH)))
        if not await in_transaction(database, due(partial(account_purges.purge_posts_of_user, database, user_id, ids))):
            return False
    for part in (_comments_of_user, account_parts.purge_media_of_user):
        await _in_batches(database, due(partial(part, database, user_id, _BATCH)))
    if not await _leave_conversations(database, user_id, due):
        return False
    return await in_transaction(database, partial(_end_account_purge, database, user_id, grace))


def _while_due(database: Database, user_id: int, grace: timedelta, part: Batch) -> Batch:
    """A piece of the purge, which deletes nothing once the account is not deleted any more."""

    async def some() -> int:
        return await part() if await account_purges.lock_deleted_account(database, user_id, grace) else 0

    return some


async def _begin_account_purge(database: Database, user_id: int, grace: timedelta) -> bool:
    due = await account_purges.lock_deleted_account(database, user_id, grace)
    return due and await account_purges.begin_account_purge(database, user_id)


async def _leave_conversations(database: Database, user_id: int, due: Callable[[Batch], Batch]) -> bool:
    """Put a nameless account in the user's place, and delete the conversations that nobody is left of.

    A purge that was broken off goes on with another nameless account. False when the account is not due any more.
    """
    tombstone: int | None = None
    while ids := await account_purges.conversations_of_user(database, user_id, _BATCH):
        alone = partial(account_purges.purge_messages_without_others, database, user_id, ids, _BATCH)
        await _in_batches(database, due(alone))
        tombstone = await in_transaction(database, due(partial(_leave, database, user_id, ids, tombstone)))
        if not tombstone:
            return False
    return True


async def _leave(database: Database, user_id: int, ids: list[int], known: int | None) -> int:
    """The nameless account that stands in these conversations from now on."""
    await account_purges.lock_conversations(database, ids)
    tombstone = await account_purges.tombstone(database, known)
    await account_purges.replace_by_tombstone(database, user_id, tombstone, ids)
    await account_purges.delete_deserted_conversations(database, ids)
    await groups.settle_groups(database, ids)
    return tombstone


async def _end_account_purge(database: Database, user_id: int, grace: timedelta) -> bool:
    if not await account_purges.lock_deleted_account(database, user_id, grace):
        return False
    await jobs.drop_emails_of_user(database, user_id)
    await account_purges.delete_user(database, user_id)
    await audit.insert_entry(database, None, Action.ACCOUNT_PURGED, None)
    return True


async def _in_batches(database: Database, batch: Batch) -> int:
    """Repeat until less than one batch was done; the total."""
    total = 0
    while True:
        done = await in_transaction(database, batch)
        total += done
        if done < _BATCH:
            return total
