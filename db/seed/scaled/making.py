"""All rows that are copied, made in this process or ahead of their use in another one."""

import gc
import signal
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread
from typing import NamedTuple, TypeAlias

from db.seed.scaled import comments, conversations, follows, people, posts, reactions
from db.seed.scaled.clock import Clock
from db.seed.scaled.loading import Batch, Lines, Table
from db.seed.scaled.shape import Offsets, Shape
from db.settings import OperatorError

# For fewer posts another process takes longer to start than it saves.
LEAST_POSTS_AHEAD = 50_000
_BATCH = 1_000
_BATCHES_AHEAD = 300  # 200 MB of posts


class _Head(NamedTuple):
    table: str
    columns: str
    length: int


# After the head of a table come its batches, the last of which is empty.
_Item: TypeAlias = "str | _Head | Batch"
_END = Batch(b"", 0)


@contextmanager
def making(shape: Shape, anchor: datetime, offsets: Offsets) -> Generator[Iterator["str | Table"]]:
    """The tables in the order in which they are to be copied, and a word for what is thought of meanwhile."""
    make = _items if shape.posts < LEAST_POSTS_AHEAD else _items_ahead
    with closing(make(shape, anchor, offsets)) as items:
        yield _tables(items)


def _tables(items: Iterator[_Item]) -> Iterator["str | Table"]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, _Head):
            yield Table(*item, _batches(items))


def _batches(items: Iterator[_Item]) -> Iterator[Batch]:
    for item in items:
        if not isinstance(item, Batch) or item == _END:
            return
        yield item


def _items(shape: Shape, anchor: datetime, offsets: Offsets) -> Generator[_Item]:
    for made in _made(shape, Clock(anchor), offsets):
        if isinstance(made, str):
            yield made
            continue
        yield _Head(made.table, made.columns, made.length)
        lines = iter(made.lines)
        while batch := list(islice(lines, _BATCH)):
            yield Batch("".join(batch).encode(), len(batch))
        yield _END


def _made(shape: Shape, clock: Clock, offsets: Offsets) -> Iterator[str | Lines]:
    """Posts come last, since they carry the counters. What needs no thought comes first, and is loaded meanwhile."""
    yield "people"
    crowd = people.People(shape, clock)
    yield from people.tables(shape, clock, crowd, offsets)
    yield from conversations.tables(shape, clock, conversations.Conversations(shape, clock, crowd), offsets)
    written = posts.Posts(shape, clock, crowd)
    yield from posts.media_tables(shape, clock, crowd, written, offsets)
    yield "who follows whom"
    graph = follows.Follows(shape, clock, crowd)
    yield from follows.tables(shape, clock, graph, offsets)
    yield "who reacts to what"
    yield from reactions.tables(clock, reactions.Reactions(shape, clock, crowd, graph, written), offsets)
    yield "who says what"
    yield comments.table(clock, comments.Comments(shape, clock, crowd, graph, written), offsets)
    yield posts.table(shape, clock, written, offsets)


def _items_ahead(shape: Shape, anchor: datetime, offsets: Offsets) -> Generator[_Item]:
    """As `_items`, from another process, which goes on while the database loads and sorts: two cores have work."""
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    maker = context.Process(target=_send, args=(sending, shape, anchor, offsets), daemon=True)
    maker.start()
    sending.close()
    queue: Queue[_Item | None] = Queue(_BATCHES_AHEAD)
    Thread(target=receive, args=(receiving, queue), daemon=True).start()
    item: _Item | None = _END
    try:
        while (item := queue.get()) is not None:
            yield item
        maker.join()
        if maker.exitcode != 0:
            raise OperatorError(
                f"The process that makes the rows ended too early ({maker.exitcode}): nothing is written."
            )
    finally:
        maker.kill()
        while item is not None:
            item = queue.get()
        maker.join()


def _send(sending: Connection, shape: Shape, anchor: datetime, offsets: Offsets) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started this process, and who ends it
    gc.disable()  # there are no cycles in millions of numbers
    with suppress(BrokenPipeError):  # that one is gone
        for item in _items(shape, anchor, offsets):
            sending.send(item)


def receive(receiving: Connection, queue: "Queue[_Item | None]") -> None:
    """Until the maker ends, be it in the middle of an item; then None."""
    with suppress(EOFError, OSError), receiving:
        while True:
            queue.put(receiving.recv())
    queue.put(None)
