"""The progress bar of the `vrss` command, on stderr, so that what a command says can be piped."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class ProgressBar:
    """One line for each thing that is done; what was begun is done when the next begins."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._current: TaskID | None = None

    def begin(self, what: str, steps: int) -> None:
        self._bars.start()
        self.finish()
        self._current = self._bars.add_task(what, total=steps)

    def advance(self, steps: int) -> None:
        if self._current is not None:
            self._bars.advance(self._current, steps)

    def finish(self) -> None:
        if self._current is not None:
            task = self._bars.tasks[self._current]
            self._bars.update(self._current, completed=task.total)


@contextmanager
def progress_bar() -> Generator[ProgressBar]:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=Console(stderr=True))  # started by the first thing to do: a refusal draws none
    bar = ProgressBar(bars)
    try:
        yield bar
        bar.finish()
    finally:
        bars.stop()
