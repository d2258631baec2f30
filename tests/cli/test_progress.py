"""What the progress bar shows of long work."""

from io import StringIO

from rich.console import Console

from api.cli.progress import progress_bar


def test_the_last_things_done_fit_on_a_screen() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=100, height=24)
    with progress_bar(console) as bar:
        for number in range(40):
            bar.begin(f"thing {number}", 10)
            bar.advance(10)
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue().rpartition("\x1b[2K")[2]
    assert "thing 24" in shown
    assert "thing 39" in shown
    assert "thing 23 " not in shown
