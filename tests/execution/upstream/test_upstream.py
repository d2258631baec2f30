"""graphql-core's own execution tests, run through the compiled executor.

They come with the source of the installed version, from the package index, and stay outside of this project: what is
kept here is which of them do not apply, and why.
"""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.execution.upstream.table import DIFFERENT, NOT_OURS

PROJECT = Path(__file__).parents[3]
RELEASE = version("graphql-core")
CACHE = PROJECT / "build" / f"graphql-core-{RELEASE}"
PLUGINS = ("pytest-describe==3.2.0", "pytest-timeout==2.4.0")  # its tests are written for them
FOLDER = "tests/execution/"
TESTS_OF_OURS = 200  # and some more
PATIENCE = 300

Report = dict[str, dict[str, Any]]

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif("VRSS_PROOF" not in os.environ, reason="fetches the source of graphql-core: make proof"),
]


def _pip(*words: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        assert "CI" not in os.environ, f"CI must have a package index: {done.stderr}"
        pytest.skip(f"NOT SHOWN: needs a package index for the source of graphql-core. pip says: {done.stderr[-300:]}")


@pytest.fixture(scope="module")
def source() -> Path:
    """The unpacked source of the installed version."""
    folder = CACHE / f"graphql_core-{RELEASE}"
    if not (folder / FOLDER).exists():
        _pip("install", "--no-deps", "--target", CACHE / "plugins", *PLUGINS)
        _pip("download", "--no-deps", "--no-binary", "graphql-core", "--dest", CACHE, f"graphql-core=={RELEASE}")
        with tarfile.open(CACHE / f"graphql_core-{RELEASE}.tar.gz") as archive:
            archive.extractall(CACHE, filter="data")
    return folder


@pytest.fixture(scope="module")
def report(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """How each test went, and who executed in it."""
    written = tmp_path_factory.mktemp("upstream") / "report.json"
    path = os.pathsep.join(map(str, (Path(__file__).parent, CACHE / "plugins", PROJECT)))
    options = ["-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "adapter"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, "--timeout", "3", FOLDER],
        cwd=source,
        env={**os.environ, "PYTHONPATH": path, "VRSS_UPSTREAM_REPORT": str(written)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert written.exists(), done.stdout + done.stderr
    found: Report = json.loads(written.read_text(encoding="utf-8"))
    return {name.removeprefix(FOLDER): result for name, result in found.items()}


def _is_ours(result: dict[str, Any]) -> bool:
    """Whether all that was executed in a test was executed by the compiled executor."""
    return bool(result.get("compiled")) and not result.get("stock")


def _fitting(name: str, patterns: Iterable[str]) -> str | None:
    """The first pattern that fits."""
    return next((pattern for pattern in patterns if fnmatch(name, pattern)), None)


def test_every_test_that_applies_passes(report: Report) -> None:
    ours = {name: result for name, result in report.items() if _is_ours(result)}
    assert len(ours) > TESTS_OF_OURS
    failed = {name: _fitting(name, DIFFERENT) for name, result in ours.items() if not result["passed"]}
    assert {name: report[name]["text"] for name, pattern in failed.items() if pattern is None} == {}
    assert DIFFERENT.keys() - set(failed.values()) == set(), "these do not differ any more"


def test_every_other_test_has_its_reason(report: Report) -> None:
    others = {name: _fitting(name, NOT_OURS) for name, result in report.items() if not _is_ours(result)}
    assert [name for name in others if not report[name]["passed"]] == []
    assert [name for name, pattern in others.items() if pattern is None] == []
    assert NOT_OURS.keys() - set(others.values()) == set(), "nothing fits these any more"
