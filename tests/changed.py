"""The tests that `make quick` runs: those of what has changed since the branch left origin/main.

Changed is what is committed since then, what is not committed yet, and new files. From a file to its tests there is
one rule, and it knows nothing of imports: it is quick and it is not proof, which is what `make check` is for.

- A test file is its own test. Another file under tests/ concerns the test file beside it that is named after it, else
  the nearest folder with tests.
- A file of api/ or db/ concerns the test files named after it, in any folder (posts.py and posts.sql: test_posts*.py),
  and the folder of tests named after the nearest folder that it lies in. Where there is neither, it concerns tests/api.
- A file of bench/ concerns tests/plans, which share its data; one of docs/examples, the test that runs them; one of
  graphiql/, the tests in a browser.
- The tests of the shape of the code and of the snapshots always run.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).parents[1]
ALWAYS = {"tests/test_architecture.py", "tests/test_pages.py", "tests/test_prose.py", "tests/test_schema_snapshot.py"}
# Folders whose tests have another name.
ELSEWHERE = {
    "alembic": "schema",
    "functions": "visibility",
    "lifecycle": "schema",
    "maintenance": "jobs",
    "migrations": "schema",
}


def changed(project: Path = PROJECT) -> list[str]:
    """Paths from the project's folder, deleted files included. Without an origin/main, since the last commit."""
    base = _git(project, "merge-base", "HEAD", "origin/main") or ["HEAD"]
    return [*_git(project, "diff", "--name-only", *base), *_git(project, "ls-files", "--others", "--exclude-standard")]


def _git(project: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=project, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def chosen_by(paths: Iterable[str]) -> list[str]:
    """What to give to pytest; files in a folder that is in the list are not in it themselves."""
    found = set(ALWAYS)
    for path in map(Path, paths):
        if path.parts[0] == "tests":
            found |= _of_test(path)
        elif path.parts[0] in {"api", "db"} and path.suffix in {".py", ".sql"}:
            found |= _named_after(path) | _beside(path) or {"tests/api"}
        elif path.parts[0] == "bench":
            found.add("tests/plans")
        elif path.parts[:2] == ("docs", "examples"):
            found.add("tests/api/test_examples.py")
        elif path.parts[0] == "graphiql":
            found |= {"tests/browser/test_graphiql.py", "tests/http/test_graphiql.py"}
    return sorted(one for one in found if not any(str(folder) in found for folder in Path(one).parents))


def _of_test(path: Path) -> set[str]:
    if path.name.startswith("test_") and path.suffix == ".py":
        return {str(path)} if (PROJECT / path).exists() else set()
    own = path.with_name(f"test_{path.stem}.py")
    if (PROJECT / own).exists():
        return {str(own)}
    return {str(next(folder for folder in path.parents if any((PROJECT / folder).glob("test_*.py"))))}


def _named_after(path: Path) -> set[str]:
    if path.stem == "__init__":
        return set()
    return {str(test.relative_to(PROJECT)) for test in (PROJECT / "tests").rglob(f"test_{path.stem}*.py")}


def _beside(path: Path) -> set[str]:
    """The folder of tests of the nearest folder, but tests/api, which is of all of api."""
    for folder in reversed(path.parts[1:-1]):
        name = f"tests/{ELSEWHERE.get(folder, folder)}"
        if (PROJECT / name).is_dir():
            return {name}
    return set()


if __name__ == "__main__":
    sys.stdout.write(" ".join(chosen_by(changed())) + "\n")
