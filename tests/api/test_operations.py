"""Operation contracts: what clients really send, with its whole answer and the names of the statements that ran.

An N+1 shows up as a repeated name. `make contracts` writes the answers anew, to be read in the diff.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Api, api_over
from tests.api.recorded import assert_recorded

OPERATIONS = Path(__file__).parent / "operations"
NAMES = sorted(path.stem for path in OPERATIONS.glob("*.graphql"))


def _document(name: str) -> tuple[str, str | None]:
    """The document, and who sends it: the name after `# viewer:`."""
    text = (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
    viewer = re.search(r"^# viewer: (\w+)$", text, re.MULTILINE)
    return text, viewer and viewer[1]


async def _run(demo: Api, name: str, **variables: object) -> dict[str, Any]:
    query, viewer = _document(name)
    return await demo.run(query, viewer=None if viewer is None else demo.user(viewer), **variables)


@pytest.mark.parametrize("name", NAMES)
async def test_an_operation_answers_as_recorded(demo: Api, name: str) -> None:
    data = await _run(demo, name)
    assert_recorded(OPERATIONS / f"{name}.json", {"statements": sorted(demo.statements), "data": data})


@pytest.mark.parametrize("name", NAMES)
async def test_stock_execution_answers_the_same(anchored_database: str, name: str) -> None:
    async with api_over(anchored_database, settings={"executor": "stock"}) as api:
        data = await _run(api, name)
    recorded = json.loads((OPERATIONS / f"{name}.json").read_text(encoding="utf-8"))
    assert data == recorded["data"]


@pytest.mark.parametrize(
    ("name", "most", "largest"),
    [("feed_page", 9, 100), ("profile_page", 16, 100), ("post_page", 8, 30), ("inbox", 8, 100)],
)
async def test_the_statements_of_a_page_do_not_depend_on_its_size(
    demo: Api, name: str, most: int, largest: int
) -> None:
    names: list[set[str]] = []
    for first in (1, 20, largest):
        await _run(demo, name, first=first)
        names.append(set(demo.statements))
        assert len(demo.statements) <= most
    assert names[0] == names[1] == names[2]


async def test_the_feed_page_shows_twenty_posts_with_everything_in_them(demo: Api) -> None:
    edges = (await _run(demo, "feed_page", first=20))["homeFeed"]["edges"]
    posts = [edge["node"] for edge in edges]
    assert len(posts) == 20
    assert all(post["author"]["profile"]["displayName"] for post in posts)
    assert any(post["viewerHasLiked"] for post in posts)
    assert any(len(post["media"]) > 1 for post in posts)
    assert any(len(post["comments"]["nodes"]) == 3 for post in posts)
