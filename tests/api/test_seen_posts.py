"""Posts that people have seen: noted once, kept within bounds, and nobody else's business."""

from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from db.pool import Pool
from db.queries import seen_posts
from db.settings import DatabaseSettings
from tests.api.conftest import Api, api_over
from tests.factories import Factory

MARK = """
mutation ($ids: [ID!]!) { markSeen(input: { postIds: $ids }) {
  posts { id viewerHasSeen } viewer { id } userErrors { __typename code message field } } }
"""
SEEN = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Post { id viewerHasSeen } } }"
ROWS = "SELECT array_agg((user_id, post_id, mark)::text ORDER BY user_id, mark) FROM app.seen_posts"


def ids(*posts: int) -> list[str]:
    return [encode("Post", post) for post in posts]


async def mark(api: Api, viewer: int, *posts: int) -> dict[str, Any]:
    return (await api.run(MARK, viewer=viewer, ids=ids(*posts)))["markSeen"]


async def seen(api: Api, viewer: int | None, *posts: int) -> list[bool]:
    return [node["viewerHasSeen"] for node in (await api.run(SEEN, viewer=viewer, ids=ids(*posts)))["nodes"]]


async def test_posts_that_were_seen_are_noted_once_for_the_viewer_alone(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    first, second, third = (make.post(ada) for _ in range(3))
    noted = await mark(api, ben, second, first, second)
    assert [post["id"] for post in noted["posts"]] == ids(second, first)
    assert [post["viewerHasSeen"] for post in noted["posts"]] == [True, True]
    assert (noted["viewer"], noted["userErrors"]) == ({"id": encode("Viewer", ben)}, [])
    when = make.scalar("SELECT array_agg(seen_at ORDER BY post_id) FROM app.seen_posts")
    await mark(api, ben, third, second)
    assert make.scalar(ROWS) == [f"({ben},{first},1)", f"({ben},{second},2)", f"({ben},{third},3)"]
    assert make.scalar("SELECT array_agg(seen_at ORDER BY post_id) FROM app.seen_posts WHERE mark < 3") == when
    assert await seen(api, ben, first, second, third) == [True, True, True]
    assert await seen(api, ada, first, second, third) == [False, False, False]
    assert await seen(api, None, first, second, third) == [False, False, False]
    await mark(api, ada, first)
    assert make.scalar("SELECT array_agg((user_id, latest)::text ORDER BY user_id) FROM app.seen_marks") == [
        f"({ada},1)",
        f"({ben},3)",
    ]


async def test_whether_posts_were_seen_is_one_statement_for_a_page(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    posts = [make.post(ada) for _ in range(5)]
    await mark(api, ben, *posts)
    assert all(await seen(api, ben, *posts))
    assert api.statements.count("seen_posts_by_ids") == 1


async def test_what_may_not_be_seen_is_ignored_like_what_never_was(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    shown = make.post(ada)
    hidden = [make.post(ada, visibility="private"), make.post(ada, status="draft"), make.post(ben, status="draft")]
    for ignored in ([*hidden, 987_654], [987_654]):
        noted = await mark(api, ben, *ignored)
        assert (noted["posts"], noted["userErrors"]) == ([], [])
    assert make.scalar("SELECT count(*) FROM app.seen_marks") == 0
    noted = await mark(api, ben, *hidden, shown)
    assert [post["id"] for post in noted["posts"]] == ids(shown)
    assert make.scalar(ROWS) == [f"({ben},{shown},1)"]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_has_one_to_a_hundred_posts(api: Api, count: int) -> None:
    ada = api.factory.user("ada")
    noted = await mark(api, ada, *range(1, count + 1))
    (error,) = noted["userErrors"]
    assert (noted["posts"], error["code"], error["field"]) == ([], "BAD_USER_INPUT", ["input", "postIds"])


async def test_whoever_is_signed_out_has_seen_nothing_and_notes_nothing(api: Api) -> None:
    post = api.factory.post(api.factory.user("ada"))
    errors = (await api.post({"query": MARK, "variables": {"ids": ids(post)}})).json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["UNAUTHENTICATED"]
    assert api.factory.scalar("SELECT count(*) FROM app.seen_posts") == 0


async def test_the_oldest_are_forgotten_of_this_person_alone(empty_database: str) -> None:
    pool = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await pool.open()
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben, *_ = make.cast()
        posts = [make.post(ada) for _ in range(9)]
        async with pool.operation() as database:

            async def note(viewer: int, *some: int) -> None:
                async with database.transaction():
                    await seen_posts.mark_seen(database, viewer, some, kept=4)

            await note(ada, *posts[:4])
            await note(ben, *posts[:3])
            await note(ben, *posts[2:5])  # of which one is known
            assert kept(make, ben) == posts[1:5]
            await note(ben, posts[1])
            assert kept(make, ben) == posts[1:5]
            await note(ben, *posts[5:])
            assert kept(make, ben) == posts[5:]
            await note(ben, posts[0])  # forgotten, and seen again
            assert kept(make, ben) == [*posts[6:], posts[0]]
            assert kept(make, ada) == posts[:4]
            assert await seen_posts.latest_mark(database, ben) == 10
            assert await seen_posts.latest_mark(database, ada) == 4
    await pool.close()


def kept(make: Factory, viewer: int) -> list[int]:
    """In the order in which they were seen."""
    return make.scalar("SELECT array_agg(post_id ORDER BY mark) FROM app.seen_posts WHERE user_id = %s", viewer)


async def test_a_post_that_is_seen_for_the_first_time_counts_one_view(empty_database: str) -> None:
    look = "query ($id: ID!) { post(id: $id) { id } }"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben, cleo, _ = make.cast()
        opened, marked, both = (make.post(ada) for _ in range(3))
        async with api_over(empty_database) as api:
            for viewer in (ada, ben, cleo):
                await mark(api, viewer, marked, both)
            for _ in range(2):  # within the same hour
                await api.run(look, viewer=ben, id=encode("Post", both))
                await api.run(look, viewer=ben, id=encode("Post", opened))
                await mark(api, ben, opened, both)
        async with api_over(empty_database) as api:  # which remembers nobody
            await mark(api, cleo, marked, both)
        counts = dict(connection.execute("SELECT id, views_count FROM posts").fetchall())
    assert counts == {opened: 1, marked: 2, both: 2}
