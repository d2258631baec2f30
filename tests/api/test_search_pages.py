"""Pages of a search for posts: whole in both directions, ranked, and past what is hidden."""

from datetime import timedelta
from typing import Any

import pytest

from api.gql.ids import decode
from db.queries.ranked_search import MOST_RANKED
from tests.api.conftest import Api
from tests.api.searching import NEW_YEAR, SEARCH, found, search


@pytest.mark.parametrize("sort", ["RECENT", "RELEVANCE"])
@pytest.mark.parametrize("phrase", ["bread", '"fresh bread"'])
async def test_pages_together_are_the_whole_list_in_both_directions(api: Api, sort: str, phrase: str) -> None:
    ada = api.factory.user("ada")
    for number in range(23):
        at = NEW_YEAR + timedelta(days=3 * number)
        api.factory.post(ada, f"{'fresh bread ' * (number % 3 + 1)} {number}", created_at=at)
        api.factory.post(ada, f"bread fresh {number}" if phrase.startswith('"') else "salt", created_at=at)
    whole = await found(api, phrase, sort=sort, first=100)
    assert len(set(whole)) == len(whole) == 23
    for size in (1, 4, 22):
        forward: list[int] = []
        page = await search(api, phrase, sort=sort, first=size)
        forward += [decode(node["id"], "Post") for node in page["nodes"]]
        while page["pageInfo"]["hasNextPage"]:
            page = await search(api, phrase, sort=sort, first=size, after=page["pageInfo"]["endCursor"])
            forward += [decode(node["id"], "Post") for node in page["nodes"]]
        assert forward == whole
        page = await search(api, phrase, sort=sort, last=size)
        backward = [decode(node["id"], "Post") for node in page["nodes"]]
        while page["pageInfo"]["hasPreviousPage"]:
            page = await search(api, phrase, sort=sort, last=size, before=page["pageInfo"]["startCursor"])
            backward = [*(decode(node["id"], "Post") for node in page["nodes"]), *backward]
        assert backward == whole


async def test_relevance_ranks_some_hundred_at_a_time_and_goes_on(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    make.connection.execute(
        "INSERT INTO posts (user_id, type, title, content, created_at)"
        " SELECT %s, 'text_long', CASE WHEN n %% 50 = 0 THEN 'Bread' END, 'bread ' || n,"
        " '2026-01-01'::timestamptz + n * interval '1 hour' FROM generate_series(1, 700) AS n",
        [ada],
    )
    newest_first = [row[0] for row in make.connection.execute("SELECT id FROM posts ORDER BY created_at DESC, id DESC")]
    pages, after = list[list[int]](), None
    while True:
        page = await search(api, "bread", sort="RELEVANCE", first=100, after=after)
        pages.append([decode(node["id"], "Post") for node in page["nodes"]])
        if len(pages) == 1:  # what comes in between changes nothing about the pages that follow
            make.post(ada, "bread bread", title="Bread", type="text_long")
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    ids = [one for page in pages for one in page]
    assert sorted(ids) == sorted(newest_first)
    for start in range(0, 700, MOST_RANKED):
        part = newest_first[start : start + MOST_RANKED]
        assert sorted(ids[start : start + MOST_RANKED]) == sorted(part)
        titled = [one for one in part if make.scalar("SELECT title FROM posts WHERE id = %s", one)]
        assert ids[start : start + len(titled)] == sorted(titled, reverse=True)


async def test_a_cursor_is_of_no_use_for_another_search(api: Api) -> None:
    ada = api.factory.user("ada")
    for _ in range(2):
        api.factory.post(ada, "bread salt")
    cursor = (await search(api, "bread", first=1))["pageInfo"]["endCursor"]
    assert len(await found(api, "bread", after=cursor)) == 1
    others: list[dict[str, Any]] = [
        {"text": "salt"},
        {"text": "bread", "sort": "RELEVANCE"},
        {"text": "bread", "filter": {"hasMedia": False}},
    ]
    for other in others:
        error = await api.fail(SEARCH, after=cursor, **other)
        assert error["extensions"]["code"] == "BAD_CURSOR", other


@pytest.mark.parametrize("sort", ["RECENT", "RELEVANCE"])
async def test_posts_of_hidden_people_are_passed_over_page_by_page(api: Api, sort: str) -> None:
    make = api.factory
    ada, gone = make.user("ada"), make.user("gone", status="suspended")
    post = make.post(ada, "bread", created_at=NEW_YEAR)
    make.connection.execute(
        "INSERT INTO posts (user_id, type, content, created_at) SELECT %s, 'text_short', 'bread',"
        " '2026-02-01'::timestamptz + n * interval '1 minute' FROM generate_series(1, 500) AS n",
        [gone],
    )
    after, pages = None, 0
    while True:
        page = await search(api, "bread", sort=sort, after=after)
        pages += 1
        if page["nodes"]:
            break
        assert page["pageInfo"]["hasNextPage"]
        after = page["pageInfo"]["endCursor"]
    assert [decode(node["id"], "Post") for node in page["nodes"]] == [post]
    assert not page["pageInfo"]["hasNextPage"]
    assert pages == {"RECENT": 3, "RELEVANCE": 2}[sort]
