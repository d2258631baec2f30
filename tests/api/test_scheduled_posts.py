"""Scheduled posts, published by the job when their time has come."""

import asyncio

import psycopg
import pytest

from api.authoring.publishing import publish_scheduled_posts
from db.pool import Pool
from db.settings import DatabaseSettings
from tests.api.authoring import create, media_ids, posts_count, scheduled, state
from tests.api.conftest import Api
from tests.api.test_post_files import uploads


async def publish_due(url: str) -> int:
    """How many posts the job publishes, one by one."""
    pool = Pool(url, DatabaseSettings.model_validate({"DATABASE_URL": url}))
    await pool.open()
    try:
        async with pool.operation() as database:
            return await publish_scheduled_posts(database, batch=1)
    finally:
        await pool.close()


async def test_due_posts_are_published_in_batches_and_others_wait(api: Api, empty_database: str) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben", status="suspended")
    ready = [scheduled(api, ada, f"-{minutes} minutes") for minutes in (1, 3, 2)]
    waiting = [scheduled(api, ada), scheduled(api, ben, "-1 hour")]
    deleted = scheduled(api, ada, "-1 hour")
    api.factory.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [deleted])
    published = "SELECT array_agg(id ORDER BY published_at) FROM posts WHERE status = 'published'"
    assert [await publish_due(empty_database) for _ in range(2)] == [3, 0]
    assert api.factory.scalar(published) == [ready[at] for at in (1, 2, 0)]
    assert api.factory.scalar("SELECT bool_and(created_at = published_at) FROM posts WHERE published_at IS NOT NULL")
    assert [state(api, post) for post in waiting] == [("scheduled", None)] * 2
    assert state(api, deleted) == ("deleted", "scheduled")
    assert (posts_count(api, ada), posts_count(api, ben)) == (3, 0)


async def test_a_due_post_that_another_transaction_holds_is_skipped(api: Api, empty_database: str) -> None:
    ada = api.factory.user("ada")
    held, free = scheduled(api, ada, "-2 minutes"), scheduled(api, ada, "-1 minute")
    with psycopg.connect(empty_database) as other:
        other.execute("UPDATE posts SET status = 'draft' WHERE id = %s", [held])
        assert await asyncio.wait_for(publish_due(empty_database), 5) == 1
    assert [state(api, post) for post in (held, free)] == [("draft", None), ("published", None)]
    assert posts_count(api, ada) == 1


async def test_people_are_notified_of_a_mention_when_it_is_published(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    at = api.factory.scalar("SELECT now() + interval '1 hour'").isoformat()
    assert (await create(api, ada, content="Hi @ben", status="SCHEDULED", scheduledFor=at))["userErrors"] == []
    told = "SELECT count(*) FROM notifications WHERE type = 'mention' AND user_id = %s"
    assert api.factory.scalar(told, ben) == 0
    api.factory.connection.execute("UPDATE posts SET scheduled_for = now()")
    for _ in range(2):
        await publish_due(empty_database)
        assert api.factory.scalar(told, ben) == 1


@pytest.mark.parametrize("title", ["Look", "L" * 200])
async def test_a_due_post_that_has_lost_its_file_becomes_a_draft_with_notice(
    api: Api, empty_database: str, title: str
) -> None:
    ada, *_ = api.factory.cast()
    (picture,) = uploads(api, ada, "p")
    at = api.factory.scalar("SELECT now() + interval '1 hour'").isoformat()
    given = {"type": "IMAGE", "title": title, "status": "SCHEDULED", "scheduledFor": at}
    assert (await create(api, ada, mediaIds=media_ids(picture), **given))["userErrors"] == []
    whole = scheduled(api, ada, "-1 minute")
    delete = "mutation ($id: ID!) { deleteMedia(input: { mediaId: $id }) { userErrors { code } } }"
    await api.run(delete, viewer=ada, id=media_ids(picture)[0])
    post = api.factory.scalar("UPDATE posts SET scheduled_for = now() WHERE type = 'image' RETURNING id")
    assert [await publish_due(empty_database) for _ in range(2)] == [1, 0]
    assert (state(api, post), state(api, whole)) == (("draft", None), ("published", None))
    found = await api.run(
        "{ viewer { drafts { nodes { title } } notifications { nodes { type title content } } } }", viewer=ada
    )
    assert found["viewer"] == {
        "drafts": {"nodes": [{"title": title}]},
        "notifications": {
            "nodes": [
                {
                    "type": "SYSTEM",
                    "title": "A scheduled post was not published",
                    "content": f"“{title[:100]}”: This needs one picture. It is among your drafts.",
                }
            ]
        },
    }


async def test_a_lock_on_one_authors_counts_delays_no_other_author(api: Api, empty_database: str) -> None:
    ada, ben, *_ = api.factory.cast()
    first, second = scheduled(api, ada, "-3 minutes"), scheduled(api, ada, "-2 minutes")
    other = scheduled(api, ben, "-1 minute")
    with psycopg.connect(empty_database) as holder:
        holder.execute("SELECT FROM app.user_counts WHERE user_id = %s FOR UPDATE", [ada])
        assert await publish_due(empty_database) == 1
        assert [state(api, post)[0] for post in (first, second, other)] == ["scheduled", "scheduled", "published"]
    assert await publish_due(empty_database) == 2
    assert (posts_count(api, ada), posts_count(api, ben)) == (2, 1)
