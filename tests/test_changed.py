"""Which tests `make quick` chooses."""

import subprocess
from pathlib import Path

import pytest

from tests.changed import ALWAYS, changed, chosen_by

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("tests/api/test_posts.py", {"tests/api/test_posts.py"}),
        ("tests/api/test_that_was_deleted.py", set[str]()),
        ("tests/api/operations/inbox.json", {"tests/api"}),
        ("api/resolvers/posts.py", {"tests/api/test_posts.py"}),
        ("db/sql/queries/posts.sql", {"tests/api/test_posts.py"}),
        ("api/gql/scalars.py", {"tests/api"}),
        ("api/execution/columns.py", {"tests/execution"}),
        ("db/sql/triggers/friendships.sql", {"tests/triggers"}),
        ("db/sql/migrations/0014_what.up.sql", {"tests/schema"}),
        ("bench/hot.py", {"tests/plans"}),
        ("tests/prose.py", {"tests/test_prose.py"}),
        ("docs/operations.md", set[str]()),
        ("docs/examples/feeds.graphql", {"tests/api/test_examples.py"}),
        ("graphiql/src/bar.jsx", {"tests/browser/test_graphiql.py", "tests/http/test_graphiql.py"}),
    ],
)
def test_a_changed_file_chooses_its_tests(path: str, tests: set[str]) -> None:
    assert set(chosen_by([path])) == tests | ALWAYS


def test_what_every_test_uses_chooses_every_test() -> None:
    assert chosen_by(["tests/conftest.py", "api/resolvers/posts.py"]) == ["tests"]


def test_what_is_chosen_exists() -> None:
    assert [one for one in ALWAYS if not (PROJECT / one).is_file()] == []


def test_changed_is_all_since_the_branch_left_whether_committed_or_not(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *author, *arguments], cwd=tmp_path, capture_output=True, check=True)

    def write(*names: str) -> None:
        for name in names:
            (tmp_path / name).write_text(name)

    git("init")
    write("kept.py", "deleted.py", "edited.py")
    git("add", "--all")
    git("commit", "--message", "One")
    write("new.py")
    assert changed(tmp_path) == ["new.py"]
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    write("committed.py")
    git("add", "committed.py")
    git("commit", "--message", "Two")
    (tmp_path / "deleted.py").unlink()
    (tmp_path / "edited.py").write_text("other")
    assert changed(tmp_path) == ["committed.py", "deleted.py", "edited.py", "new.py"]
