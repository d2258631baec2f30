"""Views of posts: counted in memory, written together, once for each viewer, and never for the author."""

import asyncio
from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest

from api.authoring import views
from api.authoring.views import WINDOW_SECONDS, Views
from api.gql.ids import encode
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.conftest import api_over
from tests.factories import Factory
from tests.waiting import until_blocked_by

POST = "query ($id: ID!) { post(id: $id) { id } again: post(id: $id) { id } }"
ELSEWHERE = 'query ($id: ID!) { node(id: $id) { id } user(username: "ada") { posts { nodes { id viewsCount } } } }'


def counts(make: Factory) -> dict[int, int]:
    return dict(make.connection.execute("SELECT id, views_count FROM posts").fetchall())


async def test_a_post_is_viewed_once_by_each_viewer_and_not_by_its_author(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, ben, cleo, _ = make.cast()
        post, draft, hidden = make.post(ada), make.post(ben, status="draft"), make.post(ada, visibility="private")
        async with api_over(empty_database) as api:
            for viewer in (ada, ben, ben, cleo, None, None):
                await api.run(POST, viewer=viewer, id=encode("Post", post))
                await api.run(ELSEWHERE, viewer=viewer, id=encode("Post", post))
            await api.run(POST, viewer=ben, id=encode("Post", draft))
            await api.run(POST, viewer=ben, id=encode("Post", hidden))
            statements = api.statements
            assert counts(make)[post] == 0
        assert "add_views" not in statements
        assert counts(make) == {post: 3, draft: 0, hidden: 0}
        assert make.scalar("SELECT bool_and(updated_at = created_at) FROM posts WHERE id = %s", post)


@pytest.fixture
async def pool(empty_database: str) -> AsyncGenerator[Pool]:
    opened = Pool(empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database}))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def make(empty_database: str) -> Iterator[Factory]:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        yield Factory(connection)


async def test_many_views_are_one_statement_and_none_are_written_twice(
    pool: Pool, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    ada = make.user("ada")
    posts = [make.post(ada) for _ in range(3)]
    deleted = make.post(ada)
    make.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [deleted])
    counting = Views(pool)
    for number, post in enumerate([*posts, deleted]):
        for viewer in range(number + 1):
            counting.add(post, str(viewer))
    with caplog.at_level("DEBUG", "vrss.statements"):
        for _ in range(2):
            await counting.flush()
    assert [record.getMessage().split()[0] for record in caplog.records] == ["add_views"]
    assert counts(make) == {**dict(zip(posts, (1, 2, 3), strict=True)), deleted: 0}


async def test_a_viewer_counts_again_after_the_window(pool: Pool, make: Factory) -> None:
    post = make.post(make.user("ada"))
    counting = Views(pool)
    for now in (0.0, WINDOW_SECONDS - 1, WINDOW_SECONDS, WINDOW_SECONDS + 1):
        counting.add(post, "1", now)
    await counting.flush()
    assert counts(make) == {post: 2}


async def test_what_is_remembered_is_bounded(pool: Pool, make: Factory) -> None:
    ada = make.user("ada")
    first, second = make.post(ada), make.post(ada)
    counting = Views(pool, remembered=10, pending=1)
    for viewer in range(1_000):
        counting.add(first, str(viewer), 0.0)
    counting.add(second, "1", 0.0)
    assert len(counting._seen) <= 10  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    await counting.flush()
    assert counts(make) == {first: 1_000, second: 0}


async def test_what_waits_is_bounded_while_the_database_does_not_take_it(empty_database: str, make: Factory) -> None:
    ada = make.user("ada")
    first, second, third = (make.post(ada) for _ in range(3))
    impatient = Pool(
        empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database, "lock_timeout_ms": 300})
    )
    await impatient.open()
    try:
        counting = Views(impatient, pending=2)
        with psycopg.connect(empty_database) as other:
            other.execute("SELECT FROM posts FOR UPDATE")
            counting.add(first, "1")
            flush = asyncio.create_task(counting.flush())
            await asyncio.to_thread(until_blocked_by, other)
            for post in (second, third, first):
                counting.add(post, "2")
            await flush
            counting.add(third, "3")
            other.rollback()
        await counting.flush()
        assert counts(make) == {first: 2, second: 1, third: 0}
        counting.add(third, "2")
        await counting.flush()
        assert counts(make) == {first: 2, second: 1, third: 1}
    finally:
        await impatient.close()


async def test_views_wait_while_the_database_does_not_take_them(
    empty_database: str, make: Factory, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    post = make.post(make.user("ada"))
    impatient = Pool(
        empty_database, DatabaseSettings.model_validate({"DATABASE_URL": empty_database, "lock_timeout_ms": 50})
    )
    await impatient.open()
    try:
        counting = Views(impatient)
        counting.add(post, "1")
        with psycopg.connect(empty_database) as other:
            other.execute("SELECT FROM posts FOR UPDATE")
            with caplog.at_level("WARNING", views.log.name):
                await counting.flush()
            other.rollback()
        assert [record.levelname for record in caplog.records if record.name == views.log.name] == ["WARNING"]
        assert counts(make) == {post: 0}
        counting.add(post, "2")
        await counting.flush()
        assert counts(make) == {post: 2}
    finally:
        await impatient.close()
