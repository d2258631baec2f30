"""A path for a data folder of one's own."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.servers import memory_path


@pytest.fixture
def data_path() -> Generator[Path]:
    """A path, with nothing there yet, in a folder that every account may enter."""
    with memory_path() as path:
        yield path
