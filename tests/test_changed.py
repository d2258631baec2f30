"""Which tests `make quick` chooses."""

from pathlib import Path

import pytest

from tests.changed import ALWAYS, chosen_by

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
        ("db/sql/triggers/comments.sql", {"tests/triggers"}),
        ("db/sql/migrations/0014_what.up.sql", {"tests/schema"}),
        ("bench/hot.py", {"tests/plans"}),
        ("tests/prose.py", {"tests/test_prose.py"}),
        ("docs/operations.md", set[str]()),
    ],
)
def test_a_changed_file_chooses_its_tests(path: str, tests: set[str]) -> None:
    assert set(chosen_by([path])) == tests | ALWAYS


def test_what_every_test_uses_chooses_every_test() -> None:
    assert chosen_by(["tests/conftest.py", "api/resolvers/posts.py"]) == ["tests"]


def test_what_is_chosen_exists() -> None:
    assert [one for one in ALWAYS if not (PROJECT / one).is_file()] == []
