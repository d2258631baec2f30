"""Two sessions whose statements interleave at random, one step at a time.

A step runs until it is done or waits for the other session; then chance says who goes on. So every schedule that two
transactions can have may come up, those in which they wait for each other included.
"""

import random
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import LiteralString, Self

import psycopg
from psycopg import errors

from tests.triggers.writes import CONFLICTS, statement, values

STEPS = 12
_ROLLED_BACK = 0.25
_FOLLOW: LiteralString = "INSERT INTO user_follows (follower_id, following_id) VALUES (%(follower)s, %(followed)s)"


class Session:
    """One of the two. Whatever it runs, it runs in a thread of its own, so that it may wait."""

    def __init__(self, url: str, chance: random.Random, longest: int) -> None:
        self._longest = longest
        self._connection = psycopg.connect(url)
        self._connection.execute("SET deadlock_timeout = '20ms'")
        self._connection.commit()
        self._chance = chance
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._left = 0  # writes, until the transaction ends
        self.pid = self._connection.info.backend_pid
        self.committed = 0
        self.retried = 0

    def close(self) -> None:
        self._thread.shutdown()
        self._connection.close()

    @property
    def is_free(self) -> bool:
        """Whether the last step is done; what went wrong in it is raised here."""
        if self._running is not None and self._running.done():
            self._running.result()
            self._running = None
        return self._running is None

    @property
    def is_idle(self) -> bool:
        return self._connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE

    def step(self) -> None:
        """Begin the next step: a write, or the end of the transaction."""
        self._running = self._thread.submit(self._write if self._left or self.is_idle else self._end)

    def follow(self, follower: int, followed: int) -> None:
        """Begin a transaction with this, and leave it open."""
        given: dict[str, object] = {"follower": follower, "followed": followed}
        self._running = self._thread.submit(self._follow, given)

    def commit(self) -> None:
        """Wait for the step that is under way, and store what it wrote."""
        while not self.is_free:
            pass
        self._connection.commit()
        self.committed += 1

    def _follow(self, given: dict[str, object]) -> None:
        self._connection.execute(_FOLLOW, given)

    def _write(self) -> None:
        if self.is_idle:
            self._left = self._chance.randint(1, self._longest)
        self._left -= 1
        query, given = statement(self._chance), values(self._connection, self._chance)
        try:
            try:
                self._connection.execute(query, given)
            except errors.DeadlockDetected:
                self._connection.rollback()
                if self._longest > 1:
                    raise
                self._retry(query, given)
        except CONFLICTS:
            self._connection.rollback()
            self._left = 0

    def _retry(self, query: LiteralString, given: dict[str, object]) -> None:
        """A mutation is tried once more: a second deadlock would reach the client, and fails the test."""
        self.retried += 1
        try:
            self._connection.execute(query, given)
        except errors.DeadlockDetected as error:
            raise AssertionError(f"a second deadlock in {query}") from error

    def _end(self) -> None:
        if self._chance.random() < _ROLLED_BACK:
            self._connection.rollback()
        else:
            self._connection.commit()
            self.committed += 1


class Duet:
    """Both sessions, and an observer who sees which of them waits.

    Transactions have up to `longest` writes. With one they are what mutations are: a deadlock is tried once more.
    """

    def __init__(self, url: str, chance: random.Random, longest: int) -> None:
        self._chance = chance
        # Each has its own luck, since their threads would take turns at drawing as the machine pleases.
        self.sessions = [Session(url, random.Random(chance.random()), longest) for _ in range(2)]
        self._observer = psycopg.connect(url, autocommit=True)
        self.waits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self.sessions:
            session.close()
        self._observer.close()

    def play(self) -> None:
        """One schedule: some steps of either, then both go on until they have ended their transactions."""
        for _ in range(STEPS):
            free = [session for session in self.sessions if session.is_free]
            if free:
                session = self._chance.choice(free)
                session.step()
                self._settle(session)
        while not all(session.is_free and session.is_idle for session in self.sessions):
            for session in self.sessions:
                if session.is_free and not session.is_idle:
                    session.step()
                    self._settle(session)

    def befriend(self) -> bool:
        """Two people who do not follow each other do so in two transactions at a time; whether they are friends.

        The second one has to wait for the first, or neither would see that the other one follows.
        """
        people = [person for (person,) in self._observer.execute("SELECT id FROM users ORDER BY id")]
        pair = self._chance.sample(people, 2)
        self._observer.execute(
            "DELETE FROM user_follows WHERE follower_id = ANY(%(pair)s) AND following_id = ANY(%(pair)s)",
            {"pair": pair},
        )
        for session, (follower, followed) in zip(self.sessions, (pair, pair[::-1]), strict=True):
            session.follow(follower, followed)
            self._settle(session)
        for session in self.sessions:
            session.commit()
        query = "SELECT FROM friendships WHERE user_id_1 = %s AND user_id_2 = %s"
        return self._observer.execute(query, sorted(pair)).fetchone() is not None

    def _settle(self, session: Session) -> None:
        """Return when the session's step is done, or waits for the other session."""
        while not session.is_free:
            row = self._observer.execute("SELECT cardinality(pg_blocking_pids(%s))", [session.pid]).fetchone()
            if row != (0,):
                self.waits += 1
                return
