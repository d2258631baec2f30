"""The blocks of code on docs/clients.md, as the files that their first lines name."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "clients.md"
_BLOCK = re.compile(r"^```(\w+)\n(?://|#) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> dict[str, str]:
    """The text of each block by its file's name."""
    return {name: text for _, name, text in _BLOCK.findall(PAGE.read_text("utf-8"))}


def write_blocks(folder: Path) -> None:
    for name, text in blocks().items():
        (folder / name).write_text(text, "utf-8")
