"""People who like, comment and publish all the time, and which of them had to wait too long for a lock."""

import os
import random
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import LiteralString

import psycopg
from psycopg import errors

# Complete without the triggers, which are not there below head.
LIKE: LiteralString = (
    "INSERT INTO post_interactions (user_id, post_id, type) VALUES (%s, %s, 'like') ON CONFLICT DO NOTHING"
)
COMMENT: LiteralString = "INSERT INTO comments (user_id, post_id, content) VALUES (%s, %s, 'A comment')"
PUBLISH: LiteralString = (
    "INSERT INTO posts (user_id, type, content, published_at) VALUES (%s, 'text_short', 'Post after ' || %s, now())"
)

BEARABLE = "1s"  # for a lock: how long a statement takes beside it is the machine's affair
# Between two statements, so that the migrator gets a turn on a small machine.
PACE_SECONDS = 0.002 if os.environ.get("VRSS_PROOF") else 0.01


@dataclass
class Writers:
    people: int
    posts: int
    waited: list[str] = field(default_factory=list[str])
    """The statements that a lock kept waiting for longer than is bearable."""
    failures: list[Exception] = field(default_factory=list[Exception])
    over: threading.Event = field(default_factory=threading.Event)

    def write(self, url: str, statement: LiteralString, began: Callable[[], object]) -> None:
        chance = random.Random(statement)
        try:
            with psycopg.connect(url, autocommit=True, options=f"-c lock_timeout={BEARABLE}") as session:
                while not self.over.wait(PACE_SECONDS):
                    values = [chance.randint(1, self.people), chance.randint(1, self.posts)]
                    try:
                        session.execute(statement, values)
                    except errors.LockNotAvailable:
                        self.waited.append(statement)
                    began()
        except psycopg.Error as failure:
            self.failures.append(failure)
            began()


@contextmanager
def writing(url: str, *, people: int, posts: int) -> Generator[Writers]:
    """Writers at work from the first line of the block to its last; a write that is refused fails the test."""
    writers = Writers(people, posts)
    at_work = [threading.Event() for _ in range(3)]
    crowd = [
        threading.Thread(target=writers.write, args=(url, statement, event.set))
        for statement, event in zip((LIKE, COMMENT, PUBLISH), at_work, strict=True)
    ]
    for writer in crowd:
        writer.start()
    for event in at_work:
        event.wait()
    try:
        yield writers
    finally:
        writers.over.set()
        for writer in crowd:
            writer.join()
    assert not writers.failures
