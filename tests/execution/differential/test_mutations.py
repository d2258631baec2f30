"""The differential test finds faults: each that is planted in the compiled executor makes it fail."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.execution.differential.mutations import MUTATIONS, Mutation

PROJECT = Path(__file__).parents[3]
DIFFERENTIAL = Path("tests/execution/differential")
PROOF = os.environ.get("VRSS_PROOF") is not None
SCHEMAS = 60  # at most: the first that shows the fault is the last
TENTH = random.Random(0).sample(MUTATIONS, len(MUTATIONS) // 10)
CHOSEN = MUTATIONS if PROOF else TENTH
COMPARE = """
import asyncio
import sys
from tests.execution.differential.comparing import compare
for seed in range(int(sys.argv[1])):
    asyncio.run(asyncio.wait_for(compare(seed), 20))
"""


def _planted(mutation: Mutation | None, folder: Path, schemas: int = SCHEMAS) -> subprocess.CompletedProcess[str]:
    """The comparison over a copy of the project with the fault in it."""
    shutil.copytree(PROJECT / "api", folder / "api", ignore=shutil.ignore_patterns("__pycache__", "*.js", "*.css"))
    shutil.copytree(PROJECT / DIFFERENTIAL, folder / DIFFERENTIAL)
    (folder / "db").symlink_to(PROJECT / "db")
    if mutation is not None:
        path = folder / "api/execution/compiled" / mutation.file
        text = path.read_text(encoding="utf-8")
        assert text.count(mutation.before) == 1, mutation
        path.write_text(text.replace(mutation.before, mutation.after), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", COMPARE, str(schemas)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.proof
@pytest.mark.parametrize("mutation", CHOSEN, ids=lambda mutation: mutation.name)
def test_a_planted_fault_is_found(mutation: Mutation, tmp_path: Path) -> None:
    found = _planted(mutation, tmp_path)
    assert found.returncode == 1
    assert "tests/execution/differential/comparing.py" in found.stderr, found.stderr


def test_without_a_fault_nothing_is_found(tmp_path: Path) -> None:
    found = _planted(None, tmp_path, SCHEMAS if PROOF else 12)  # test_differential.py compares twice as many
    assert found.returncode == 0, found.stderr


@pytest.mark.proof
def test_every_planted_fault_still_applies() -> None:
    for mutation in MUTATIONS:
        text = (PROJECT / "api/execution/compiled" / mutation.file).read_text(encoding="utf-8")
        assert text.count(mutation.before) == 1, mutation.name
