"""The commands of the Makefile."""

import os
import re
import shlex
import subprocess
from pathlib import Path

from tests.conftest import LONGEST, OF_ONE_CROWD

PROJECT = Path(__file__).parents[1]
WORKERS = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))


def make(*arguments: str, **more: str) -> str:
    """What it prints. It knows nothing of the `make test` that may have started this."""
    own = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "T"}}
    own |= more
    done = subprocess.run(["make", *arguments], cwd=PROJECT, env=own, capture_output=True, text=True, check=True)
    return done.stdout


def pytest_arguments(*arguments: str) -> list[str]:
    """Of the only call of pytest that a command would make."""
    (line,) = (line for line in make("--dry-run", *arguments).splitlines() if "-m pytest" in line)
    return shlex.split(line.partition("-m pytest ")[2])


def test_help_names_every_command() -> None:
    assert set(re.findall(r"^  make ([a-z-]+) +\S", make(), re.MULTILINE)) == TARGETS
    assert make() == make("help")


def test_all_tests_run_on_three_workers() -> None:
    assert pytest_arguments("test") == [*WORKERS]
    assert pytest_arguments("coverage") == [*WORKERS, "--cov", "--cov-report="]


def test_t_is_what_pytest_is_given_instead() -> None:
    assert pytest_arguments("test", "T=tests/api/test_posts.py") == ["tests/api/test_posts.py"]
    assert pytest_arguments("test", "T=-x tests/api -k 'like or comment'") == [
        "-x",
        "tests/api",
        "-k",
        "like or comment",
    ]


def test_quick_runs_the_linters_and_then_the_tests_of_what_changed() -> None:
    lines = make("--dry-run", "quick").splitlines()
    assert lines[:-1] == make("--dry-run", "lint").splitlines()
    assert "python -m tests.changed" in lines[-1]


def test_compiled_modules_are_kept_whatever_the_environment_says() -> None:
    show = "--eval=show:; @echo kept=$${PYTHONDONTWRITEBYTECODE-yes}"
    assert make(show, "show", PYTHONDONTWRITEBYTECODE="1") == "kept=yes\n"


def test_the_files_that_are_run_first_or_together_exist() -> None:
    named = {f"tests/{name}" for name in LONGEST}.union(*OF_ONE_CROWD.values())
    assert {name for name in named if not (PROJECT / name).is_file()} == set()
