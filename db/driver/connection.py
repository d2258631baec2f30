"""The protocol of one connection in pipeline mode: statements are sent in batches, their results arrive in order.

The statements between two Syncs are one implicit transaction to the server: when one fails, those after it are not run
and come back as aborted. They are reads and have not run, so they are sent again, each with a Sync of its own and
without a preparation that it could share; only the one that failed fails. This is also why nothing that writes may come
here: a neighbour's failure would undo it.

libpq hands over the results in the order of the statements, each followed by a NULL, and one result for each Sync.
The futures of a batch are resolved when its Sync is back, all in one tick: what their awaiters request next is sent
together again, and how many statements a page takes does not depend on how the results were split into packets.
"""

import re
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import PQGen
from psycopg.errors import Diagnostic, error_from_result
from psycopg.pq.abc import PGresult

from db.driver.prepared import Prepared, load_once
from db.driver.query import Query
from db.statements import Bound
from db.translation import spoils_connection


class Connection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """psycopg's connection, which keeps its prepared statements when the pool leases it again."""

    exchange: "Exchange | None" = None

    @asynccontextmanager
    async def bounded(self, bound: Bound | None) -> AsyncGenerator[None]:
        """A transaction in which statements have this time-out; the one that is open, without it, if there is one.

        What runs inside took as long as it was waited for: to ask the server would be a round trip more.
        """
        if bound is None:
            yield
            return
        is_idle = self.pgconn.transaction_status == _IDLE
        async with self.transaction() if is_idle else nullcontext():
            if is_idle:
                await self.execute(re.sub(rb"\$\d", b"%s", BOUND), bound.timeouts)
            sent = time.perf_counter()
            yield
            if bound.on_ran is not None:
                bound.on_ran((time.perf_counter() - sent) * 1_000)

    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        """Psycopg drops all prepared statements after a ROLLBACK, those of the exchange included."""
        if name is None and self.exchange is not None:
            self.exchange.forget_prepared()
        return super()._deallocate(name)


_IDLE = int(pq.TransactionStatus.IDLE)
_TUPLES_OK = int(pq.ExecStatus.TUPLES_OK)
_COMMAND_OK = int(pq.ExecStatus.COMMAND_OK)
_FAILED = int(pq.ExecStatus.FATAL_ERROR)
_ABORTED = int(pq.ExecStatus.PIPELINE_ABORTED)
_SYNC = int(pq.ExecStatus.PIPELINE_SYNC)

# The tables that a prepared statement reads have changed; the pooler has given us another server process.
_STALE = b"RevalidateCachedQuery"
_NOT_PREPARED = b"26000"

# Ends with the transaction, which in a pipeline is a batch.
BOUND = b"SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)"

# What the server has taken for the batch, in milliseconds. Asked for behind a statement with a time-out, in its batch.
_TOOK = b"SELECT extract(epoch FROM clock_timestamp() - now()) * 1000"

# What was sent and is awaited: a statement, the preparation of the one that follows or its time-outs (BOUND), how long
# one took (its query), or the end of a batch (None).
_Sent = tuple[Query, Prepared | None] | Prepared | Query | bytes | None


class Exchange:
    """The statements under way on one connection. It knows libpq, and nothing of sockets and event loops."""

    def __init__(self, connection: Connection, *, prepares: bool) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._prepares = prepares
        self._prepared: dict[object, Prepared] = {}
        self._number = 0
        self._sent: deque[_Sent] = deque()
        self._back: list[Query] = []  # those of the batch that is coming in
        self._to_retry: list[Query] = []
        self.spoiled = False
        self._has_surplus = False
        connection.add_notice_handler(self._on_notice)

    def _on_notice(self, notice: Diagnostic) -> None:
        """A notice without a SQLSTATE is libpq's own: it drops a result that was not requested."""
        self._has_surplus = self._has_surplus or notice.sqlstate is None

    def note_error(self, error: Exception) -> None:
        """Note whether the connection may be used any longer."""
        self.spoiled = self.spoiled or spoils_connection(error)

    @property
    def busy(self) -> bool:
        """Whether something that was sent has not come back."""
        return bool(self._sent)

    def send(self, queries: Iterable[Query]) -> None:
        """Hand a batch to libpq, with its Sync. Those with a time-out of their own are batches by themselves."""
        bounded: list[tuple[Query, Bound]] = []
        together = False
        for query in queries:
            if (bound := query.statement.bound) is None:
                self._send(query)
                together = True
            else:
                bounded.append((query, bound))
        if together:
            self._end_batch()
        for query, bound in bounded:
            self._pgconn.send_query_params(BOUND, [one.encode() for one in bound.timeouts])
            self._sent.append(BOUND)
            self._send(query)
            if bound.on_ran is not None:
                self._pgconn.send_query_params(_TOOK, None)
                self._sent.append(query)
            self._end_batch()

    def _end_batch(self) -> None:
        self._pgconn.pipeline_sync()
        self._sent.append(None)

    def _send(self, query: Query) -> None:
        statement = query.statement
        if query.retried or not (self._prepares and statement.lasting):
            self._pgconn.send_query_params(statement.numbered, query.parameters)
            self._sent.append((query, None))
            return
        prepared = self._prepared.get(statement)
        if prepared is None:
            self._number += 1
            prepared = self._prepared[statement] = Prepared(b"vrss_%d" % self._number, statement)
            self._pgconn.send_prepare(prepared.name, statement.numbered)
            self._sent.append(prepared)
        self._pgconn.send_query_prepared(prepared.name, query.parameters)
        self._sent.append((query, prepared))

    def receive(self) -> bool:
        """Take what libpq has read, all of it; whether a batch is back. Raises when the connection is lost."""
        sent, pgconn = self._sent, self._pgconn
        passed = False
        while sent and not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                raise psycopg.OperationalError("the connection is lost")
            awaited = sent[0]
            # Each answer is followed by a NULL; the end of a batch is not, and libpq would wait for one.
            if awaited is not None and (result.status == _SYNC or pgconn.get_result() is not None):
                raise self._out_of_step()
            sent.popleft()
            if awaited is None:
                self._at_sync(result)
                passed = True
                continue
            if isinstance(awaited, Prepared):
                self._at_prepared(awaited, result)
            elif isinstance(awaited, bytes):
                self._at_bound(result)
            elif isinstance(awaited, Query):
                self._at_took(awaited, result)
            else:
                self._at_result(*awaited, result)
        if not sent:
            pgconn.is_busy()  # libpq looks at what else it has read
            if self._has_surplus:
                raise self._out_of_step()
        return passed

    def _out_of_step(self) -> psycopg.OperationalError:
        """A result may belong to another statement: the whole batch fails."""
        error = psycopg.OperationalError("the answers do not belong to what was asked")
        for query in self._back:
            query.error = error
        return error

    def _at_sync(self, result: PGresult) -> None:
        if result.status != _SYNC:
            raise self._out_of_step()
        back, self._back = self._back, []
        for query in back:
            query.answer()
        again, self._to_retry = self._to_retry, []
        for query in again:
            if not query.future.done():
                self.send([query])

    def _at_prepared(self, prepared: Prepared, result: PGresult) -> None:
        """A statement that cannot be prepared fails by itself; the execution that follows comes back as aborted."""
        if result.status == _COMMAND_OK:
            return
        if result.status not in {_FAILED, _ABORTED}:
            raise self._out_of_step()
        self._forget(prepared)
        if result.status != _ABORTED:
            following = self._sent[0]
            assert isinstance(following, tuple)  # noqa: S101  # it was sent together with its preparation
            following[0].error = self._error(result)

    def _at_bound(self, result: PGresult) -> None:
        """A time-out that cannot be set fails the statement that it is for."""
        if result.status not in {_TUPLES_OK, _FAILED}:
            raise self._out_of_step()
        if result.status == _FAILED:
            following = self._sent[0]
            assert isinstance(following, tuple)  # noqa: S101  # it was sent together with its time-out
            following[0].error = self._error(result)
        result.clear()

    @staticmethod
    def _at_took(query: Query, result: PGresult) -> None:
        """Of a statement that failed, it is not known how long it took."""
        took = result.get_value(0, 0) if result.status == _TUPLES_OK else None
        bound = query.statement.bound
        if took is not None and bound is not None and bound.on_ran is not None:
            bound.on_ran(float(took))
        result.clear()

    def _at_result(self, query: Query, prepared: Prepared | None, result: PGresult) -> None:
        status = result.status
        if status == _TUPLES_OK:
            if not query.future.done():
                load = load_once if prepared is None else prepared.load
                try:
                    query.rows = load(self._connection, query, result)
                except Exception as error:  # noqa: BLE001  # it is this answer that cannot be read, and no other
                    query.error = error
                    self.note_error(error)
            result.clear()  # or the loaders would keep it until the statement comes again
        elif status not in {_FAILED, _ABORTED}:
            self._back.append(query)
            raise self._out_of_step()
        elif query.error is None:
            not_run = status == _ABORTED or (prepared is not None and self._is_stale(prepared, result))
            if not_run and not query.retried:
                query.retried = True
                self._to_retry.append(query)
                return
            query.error = self._error(result)
        self._back.append(query)

    def _error(self, result: PGresult) -> psycopg.Error:
        error = error_from_result(result, encoding="utf-8")
        self.note_error(error)
        return error

    def _is_stale(self, prepared: Prepared, result: PGresult) -> bool:
        """Whether the statement has to be prepared anew, and then all is well."""
        if (
            result.error_field(pq.DiagnosticField.SOURCE_FUNCTION) != _STALE
            and result.error_field(pq.DiagnosticField.SQLSTATE) != _NOT_PREPARED
        ):
            return False
        self._forget(prepared)
        return True

    def forget_prepared(self) -> None:
        """The server has dropped them; each is prepared anew when it comes again."""
        self._prepared.clear()

    def _forget(self, prepared: Prepared) -> None:
        if self._prepared.get(prepared.statement) is prepared:
            del self._prepared[prepared.statement]

    def cancel(self) -> None:
        """Cancel all queries under way."""
        for query in self._unanswered():
            query.future.cancel()

    def refuse(self, error: Exception) -> None:
        """Fail all queries, while what was sent is still under way."""
        for query in self._unanswered():
            query.fail(error)

    def end(self, error: Exception) -> None:
        """Fail all queries that have no result yet: none will come."""
        unanswered = self._unanswered()
        for query in unanswered:
            query.error = error
        for query in (*self._back, *unanswered):
            query.answer()
        for held in (self._sent, self._back, self._to_retry, self._prepared):
            held.clear()

    def _unanswered(self) -> list[Query]:
        return [*self._to_retry, *(awaited[0] for awaited in self._sent if isinstance(awaited, tuple))]
