"""The tasks that come back by themselves. Each works in small transactions, and leaves the rest to its next time."""

import logging

from anyio import to_thread

from api.authoring import publishing, texts
from api.jobs.tasks import MAINTENANCE, SCHEDULE, Tools, periodic
from api.media import uploading
from db.maintenance import counters, purges, trending

log = logging.getLogger("vrss.jobs")

_HOURLY = "{} * * * *"


@periodic("* * * * *", lane=MAINTENANCE, again=False)
async def render_old_texts(tools: Tools) -> str:
    """Of posts and comments from before their HTML was stored: five seconds of work a minute, until none is left."""
    return f"{await texts.render_old_texts(tools.database, 1000)} texts rendered"


@periodic(_HOURLY.format(1), lane=SCHEDULE)
async def purge_failed_jobs(tools: Tools) -> str:
    return f"{await purges.purge_failed_jobs(tools.database)} jobs deleted"


@periodic(_HOURLY.format(2), lane=MAINTENANCE)
async def purge_sessions(tools: Tools) -> str:
    return f"{await purges.purge_sessions(tools.database)} sessions deleted"


@periodic(_HOURLY.format(3), lane=MAINTENANCE)
async def purge_tokens(tools: Tools) -> str:
    return f"{await purges.purge_tokens(tools.database)} tokens deleted"


@periodic(_HOURLY.format(7), lane=MAINTENANCE)
async def purge_idempotency_keys(tools: Tools) -> str:
    return f"{await purges.purge_idempotency_keys(tools.database)} keys deleted"


@periodic(_HOURLY.format(4), lane=MAINTENANCE)
async def purge_notifications(tools: Tools) -> str:
    return f"{await purges.purge_notifications(tools.database)} notifications deleted"


@periodic(_HOURLY.format(5), lane=MAINTENANCE)
async def purge_posts(tools: Tools) -> str:
    return f"{await purges.purge_posts(tools.database)} posts deleted"


@periodic(_HOURLY.format(6), lane=MAINTENANCE)
async def purge_accounts(tools: Tools) -> str:
    return f"{await purges.purge_accounts(tools.database)} accounts deleted"


class _Silent:
    """Nobody watches how far it has come."""

    def begin(self, what: str, steps: int) -> None: ...

    def advance(self, steps: int) -> None: ...


@periodic("17 3 * * *", lane=MAINTENANCE)
async def reconcile_counters(tools: Tools) -> str:
    """Heal what differs from its recount. The triggers keep everything exact: whatever it finds is worth a look."""
    healed = 0
    async for drift in counters.repair(tools.database, _Silent()):
        log.warning(
            "%s %s %s had drifted: it was %s, and is %s now",
            drift.table, drift.id, drift.column, drift.stored, drift.counted,
        )  # fmt: skip
        healed += 1
    return f"{healed} values healed"


@periodic("* * * * *", lane=SCHEDULE, again=False)
async def publish_scheduled_posts(tools: Tools) -> str:
    return f"{await publishing.publish_scheduled_posts(tools.database)} posts published"


@periodic("* * * * *", lane=SCHEDULE, again=False)
async def sweep_uploads(tools: Tools) -> str:
    return f"{await uploading.sweep(tools.database)} uploads deleted"


@periodic("*/5 * * * *", lane=MAINTENANCE, again=False)
async def delete_objects(tools: Tools) -> str:
    """Of files and uploads whose rows are deleted, and what processes left behind that were killed."""
    done = await uploading.delete_doomed(tools.database, tools.store)
    left = await to_thread.run_sync(tools.store.sweep)
    return f"{done} objects and {left} parts deleted"


@periodic("*/5 * * * *", lane=MAINTENANCE, again=False)
async def refresh_trending(tools: Tools) -> str:
    return f"{await trending.refresh(tools.database)} spans of time refreshed"


@periodic(_HOURLY.format(8), lane=MAINTENANCE)
async def purge_ended_conversations(tools: Tools) -> str:
    return f"{await purges.purge_ended_conversations(tools.database)} conversations deleted"
