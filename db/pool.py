"""Connections: one pool for the process, at most one connection for each operation."""

from typing import Any

from psycopg_pool import AsyncConnectionPool, PoolTimeout

from db.database import Database
from db.driver.checkout import Checkout
from db.driver.connection import Connection
from db.driver.query import Origin
from db.settings import DatabaseSettings
from db.traced import Begin, TracedDatabase

# Pages come from memory or from a disk without arms, so reading them out of order costs little more than in order.
# With the default of 4, a page of somebody's posts is read as all posts of that person, sorted. Compiling a plan
# takes longer than any statement here runs.
# Planning a page anew for each viewer takes longer than reading it, and the statements are written for the plan that is
# kept: the plan tests hold them to it.
PLANNER = "-c random_page_cost=1.1 -c jit=off -c plan_cache_mode=force_generic_plan"

# The triggers look at what others committed while they waited for a lock, so they need READ COMMITTED whatever the
# database's own default is.
ISOLATION = "-c default_transaction_isolation=read\\ committed"

# What changes how values are written and read, and which tables a name means, whatever the server, the database and
# the role prefer. Times come as UTC: psycopg then gives them datetime.timezone.utc itself.
TEXTS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
    "standard_conforming_strings": "on",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "gin_fuzzy_search_limit": "0",
    "search_path": "public",
}

# The pool tries again after one second, two, four …: once it has given up, the next request makes it try at once. So
# a server that comes back is found in seconds, however long it was away.
_RECONNECT_SECONDS = 3.0


def connection_options(settings: DatabaseSettings) -> dict[str, Any]:
    """What psycopg's connect() is given for each connection, besides the URL."""
    timeouts = f"-c statement_timeout={settings.statement_timeout_ms} -c lock_timeout={settings.lock_timeout_ms}"
    texts = " ".join(f"-c {name}={value}" for name, value in TEXTS.items())
    options: dict[str, Any] = {
        "autocommit": True,
        "application_name": "vrss",
        "client_encoding": "UTF8",
        "options": f"{timeouts} {ISOLATION} {texts} {PLANNER}",
    }
    if not settings.prepared_statements:
        options["prepare_threshold"] = None
    return options


class Pool:
    """The process's connections, in autocommit: a read needs no BEGIN, a write opens its transaction by name."""

    def __init__(self, url: str, settings: DatabaseSettings, *, trace: Begin | None = None) -> None:
        """`trace` is called with each statement."""
        self._settings = settings
        self._trace = trace
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=Connection,
            min_size=min(settings.pool_min_size, settings.pool_max_size),
            max_size=settings.pool_max_size,
            timeout=settings.pool_timeout_seconds,
            reconnect_timeout=_RECONNECT_SECONDS,
            open=False,
            kwargs=connection_options(settings),
        )
        self._checkout: Checkout | None = None

    async def open(self) -> None:
        await self._pool.open(wait=True, timeout=10)
        self._checkout = Checkout(
            self._pool,
            size=self._settings.pool_max_size,
            timeout_seconds=self._settings.pool_timeout_seconds,
            prepares=self._settings.prepared_statements,
        )

    async def close(self) -> None:
        if self._checkout is not None:
            await self._checkout.close()
        await self._pool.close()

    @property
    def checkout(self) -> Checkout:
        if self._checkout is None:
            raise RuntimeError("the pool is not open")
        return self._checkout

    async def problems(self) -> list[str]:
        """Why no operation could begin now, one sentence each: that no connection is free within the time-out."""
        try:
            await self.checkout.probe()
        except PoolTimeout:
            return [f"No connection of the pool is free within {self._settings.pool_timeout_seconds:g} s."]
        return []

    def operation(self, request_id: str = "-") -> Database:
        """The database for one operation, to be closed: `async with`, or `close()`. Logs name it by `request_id`."""
        pipelined = self._settings.driver == "pipeline"
        origin = Origin(request_id, self._settings.slow_statement_ms)
        if self._trace is None:
            return Database(self.checkout, pipelined=pipelined, origin=origin)
        return TracedDatabase(self.checkout, pipelined=pipelined, origin=origin, begin=self._trace)
