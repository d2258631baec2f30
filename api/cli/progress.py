"""The progress bar of the `vrss` command, on stderr, so that what a command says can be piped."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_SHOWN = 16  # a terminal may have no more than 24 lines


class ProgressBar:
    """One line for each of the last things that are done; what was begun is done when the next begins."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._current: TaskID | None = None
        self._steps = 0

    def begin(self, what: str, steps: int) -> None:
        self._bars.start()
        self.finish()
        if len(self._bars.task_ids) == _SHOWN:
            self._bars.remove_task(self._bars.task_ids[0])
        self._current, self._steps = self._bars.add_task(what, total=steps), steps

    def advance(self, steps: int) -> None:
        if self._current is not None:
            self._bars.advance(self._current, steps)

    def finish(self) -> None:
        if self._current is not None:
            self._bars.update(self._current, completed=self._steps)


@contextmanager
def progress_bar(console: Console | None = None) -> Generator[ProgressBar]:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(
        *columns, console=console or Console(stderr=True)
    )  # started by the first thing to do: a refusal draws none
    bar = ProgressBar(bars)
    try:
        yield bar
        bar.finish()
    finally:
        bars.stop()
