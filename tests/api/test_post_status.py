"""Posts on their way: scheduled, published, deleted and restored by their authors, and by time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.authoring import posts_count, scheduled, state
from tests.api.conftest import Api
from tests.waiting import until_blocked_by

ERRORS = "userErrors { code field message }"
PAYLOADS = {
    "publishPost": "post { status publishedAt createdAt } postEdge { cursor node { id } } user { postsCount }",
    "schedulePost": "post { status scheduledFor } viewer { scheduled { nodes { id } } drafts { nodes { id } } }",
    "unschedulePost": """post { status scheduledFor } draftEdge { cursor node { id } }
      viewer { drafts { edges { cursor } } }""",
    "deletePost": "post { id status } user { postsCount } viewer { deletedPosts { nodes { id } } }",
    "restorePost": "post { status deletedAt } user { postsCount } viewer { deletedPosts { nodes { id } } }",
}
LISTS = """{ viewer { drafts { nodes { id } } scheduled { nodes { id scheduledFor } }
  deletedPosts { nodes { id status deletedAt } } } }"""
POST = "query ($id: ID!) { post(id: $id) { status viewerCanEdit } }"


async def change(api: Api, name: str, viewer: int, post: int, **given: object) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ done: {name}(input: $input) {{ {PAYLOADS[name]} {ERRORS} }} }}"
    return (await api.run(query, viewer=viewer, input={"postId": encode("Post", post), **given}))["done"]


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def test_a_deleted_post_is_its_authors_alone_and_counted_no_more(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post, kept = api.factory.post(ada), api.factory.post(ada)
    id_ = encode("Post", post)
    for _ in range(2):
        done = await change(api, "deletePost", ada, post)
        assert (done["post"], done["user"]) == ({"id": id_, "status": "DELETED"}, {"postsCount": 1})
        assert done["userErrors"] == []
        assert done["viewer"]["deletedPosts"]["nodes"] == [{"id": id_}]
    assert state(api, post) == ("deleted", "published")
    assert (await api.run(POST, viewer=ada, id=id_))["post"] == {"status": "DELETED", "viewerCanEdit": True}
    for viewer in (ben, None):
        assert (await api.run(POST, viewer=viewer, id=id_))["post"] is None
    posts_of = '{ user(username: "ada") { posts { nodes { id } } postsCount } }'
    for viewer in (ada, ben):
        shown = (await api.run(posts_of, viewer=viewer))["user"]
        assert shown == {"posts": {"nodes": [{"id": encode("Post", kept)}]}, "postsCount": 1}


async def test_what_others_made_of_a_deleted_post_is_hidden_and_comes_back_with_it(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    id_ = encode("Post", post)
    api.factory.follow(ben, ada)
    api.factory.comment(ben, post)
    api.factory.like(ben, post)
    api.factory.insert("post_interactions", user_id=ben, post_id=post, type="bookmark")
    api.factory.insert("reposts", user_id=ben, post_id=post)
    api.factory.insert("notifications", user_id=cleo, actor_id=ben, type="mention", title="Hi", post_id=post)
    ben_sees = """query ($id: ID!) {
      viewer { bookmarks { nodes { id } } user { reposts { nodes { id } } } } homeFeed { nodes { id } }
      post(id: $id) { likesCount commentsCount repostsCount viewerHasLiked comments { nodes { content } } } }"""
    cleo_sees = "{ viewer { notifications { nodes { post { id } } } unreadNotificationCount } }"
    before = [await api.run(ben_sees, viewer=ben, id=id_), await api.run(cleo_sees, viewer=cleo)]
    assert before[0]["post"] == {
        "likesCount": 1,
        "commentsCount": 1,
        "repostsCount": 1,
        "viewerHasLiked": True,
        "comments": {"nodes": [{"content": "Nice"}]},
    }
    await change(api, "deletePost", ada, post)
    assert await api.run(ben_sees, viewer=ben, id=id_) == {
        "viewer": {"bookmarks": {"nodes": []}, "user": {"reposts": {"nodes": []}}},
        "homeFeed": {"nodes": []},
        "post": None,
    }
    assert (await api.run(cleo_sees, viewer=cleo))["viewer"] == {
        "notifications": {"nodes": []},
        "unreadNotificationCount": 0,
    }
    restored = await change(api, "restorePost", ada, post)
    assert restored["post"] == {"status": "PUBLISHED", "deletedAt": None}
    assert (restored["user"], restored["viewer"]["deletedPosts"]["nodes"]) == ({"postsCount": 1}, [])
    assert [await api.run(ben_sees, viewer=ben, id=id_), await api.run(cleo_sees, viewer=cleo)] == before


async def test_a_restored_post_has_the_status_and_the_time_that_it_had(api: Api) -> None:
    ada = api.factory.user("ada")
    made = [api.factory.post(ada), api.factory.post(ada, status="draft"), scheduled(api, ada)]
    late = scheduled(api, ada, "1 hour")
    times = "SELECT array_agg((created_at, published_at, scheduled_for)::text ORDER BY id) FROM posts"
    before = api.factory.scalar(times)
    for post in (*made, late):
        await change(api, "deletePost", ada, post)
    assert posts_count(api, ada) == 0
    for post, status in zip(made, ("PUBLISHED", "DRAFT", "SCHEDULED"), strict=True):
        for _ in range(2):
            assert (await change(api, "restorePost", ada, post))["post"]["status"] == status
    assert api.factory.scalar(times) == before
    assert posts_count(api, ada) == 1
    api.factory.connection.execute("UPDATE posts SET scheduled_for = now() WHERE id = %s", [late])
    assert (await change(api, "restorePost", ada, late))["post"]["status"] == "DRAFT"


async def test_a_post_deleted_longer_than_30_days_ago_is_not_found(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    await change(api, "deletePost", ada, post)
    for days, is_there in ((29, True), (31, False)):
        api.factory.connection.execute("UPDATE posts SET deleted_at = now() - make_interval(days => %s)", [days])
        assert ((await api.run(POST, viewer=ada, id=encode("Post", post)))["post"] is not None) == is_there
        assert len((await api.run(LISTS, viewer=ada))["viewer"]["deletedPosts"]["nodes"]) == is_there
    for name in ("restorePost", "deletePost", "publishPost", "unschedulePost"):
        assert codes(await change(api, name, ada, post)) == [("NOT_FOUND", ["input", "postId"])]
    assert state(api, post) == ("deleted", "published")


async def test_a_draft_is_published_now_and_once(api: Api) -> None:
    ada = api.factory.user("ada")
    long_ago = api.factory.scalar("SELECT now() - interval '40 days'")
    newer = api.factory.post(ada)
    draft = api.factory.post(ada, status="draft", created_at=long_ago)
    done = await change(api, "publishPost", ada, draft)
    assert done["post"]["status"] == "PUBLISHED"
    assert done["post"]["publishedAt"] == done["post"]["createdAt"]
    assert (done["user"], done["userErrors"]) == ({"postsCount": 2}, [])
    shown = (await api.run('{ user(username: "ada") { posts { edges { cursor node { id } } } } }'))["user"]["posts"]
    assert shown["edges"][0] == done["postEdge"]
    assert [edge["node"]["id"] for edge in shown["edges"]] == [encode("Post", draft), encode("Post", newer)]
    assert api.factory.scalar("SELECT drafted_at FROM posts WHERE id = %s", draft) == long_ago
    again = await change(api, "publishPost", ada, draft)
    assert (again["post"], again["postEdge"], again["userErrors"]) == (done["post"], None, [])
    assert (await api.run(LISTS, viewer=ada))["viewer"]["drafts"]["nodes"] == []


async def test_scheduled_posts_are_listed_the_next_one_first(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    drafts = [api.factory.post(ada, status="draft") for _ in range(4)]
    start = datetime.now(UTC).replace(microsecond=123456)
    times = {post: start + timedelta(hours=hours) for post, hours in zip(drafts, (9, 3, 6), strict=False)}
    for post, time in times.items():
        done = await change(api, "schedulePost", ada, post, scheduledFor=time.isoformat())
        assert done["post"] == {"status": "SCHEDULED", "scheduledFor": time.isoformat().replace("+00:00", "Z")}
        assert done["userErrors"] == []
    first, second, third = (encode("Post", drafts[at]) for at in (1, 2, 0))
    lists = (await api.run(LISTS, viewer=ada))["viewer"]
    assert [node["id"] for node in lists["scheduled"]["nodes"]] == [first, second, third]
    assert lists["drafts"]["nodes"] == [{"id": encode("Post", drafts[3])}]
    page = """query ($after: String, $before: String, $first: Int, $last: Int) { viewer {
      scheduled(after: $after, before: $before, first: $first, last: $last) { nodes { id }
      pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } } }"""
    one = (await api.run(page, viewer=ada, first=1))["viewer"]["scheduled"]
    rest = (await api.run(page, viewer=ada, after=one["pageInfo"]["endCursor"]))["viewer"]["scheduled"]
    assert [node["id"] for node in [*one["nodes"], *rest["nodes"]]] == [first, second, third]
    assert (one["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (True, True)
    last = (await api.run(page, viewer=ada, last=2))["viewer"]["scheduled"]
    assert ([node["id"] for node in last["nodes"]], last["pageInfo"]["hasPreviousPage"]) == ([second, third], True)
    assert (await api.run(LISTS, viewer=ben))["viewer"]["scheduled"]["nodes"] == []
    moved = await change(api, "schedulePost", ada, drafts[0], scheduledFor=(start + timedelta(hours=1)).isoformat())
    assert [node["id"] for node in moved["viewer"]["scheduled"]["nodes"]] == [third, first, second]


async def test_a_scheduled_post_becomes_the_newest_draft_again(api: Api) -> None:
    ada = api.factory.user("ada")
    later, draft = scheduled(api, ada), api.factory.post(ada, status="draft")
    done = await change(api, "unschedulePost", ada, later)
    assert done["post"] == {"status": "DRAFT", "scheduledFor": None}
    assert done["draftEdge"]["cursor"] == done["viewer"]["drafts"]["edges"][0]["cursor"]
    again = await change(api, "unschedulePost", ada, later)
    assert (again["post"], again["draftEdge"], again["userErrors"]) == (done["post"], None, [])
    lists = (await api.run(LISTS, viewer=ada))["viewer"]
    assert lists["scheduled"]["nodes"] == []
    assert lists["drafts"]["nodes"] == [{"id": encode("Post", later)}, {"id": encode("Post", draft)}]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("schedulePost", "published", "CONFLICT"),
        ("schedulePost", "deleted", "CONFLICT"),
        ("unschedulePost", "published", "CONFLICT"),
        ("unschedulePost", "deleted", "CONFLICT"),
        ("publishPost", "deleted", "CONFLICT"),
    ],
)
async def test_a_change_that_does_not_fit_the_status_is_refused(api: Api, name: str, status: str, code: str) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    if status == "deleted":
        await change(api, "deletePost", ada, post)
    before = state(api, post)
    given = {"scheduledFor": (datetime.now(UTC) + timedelta(days=1)).isoformat()} if name == "schedulePost" else {}
    assert codes(await change(api, name, ada, post, **given)) == [(code, ["input", "postId"])]
    assert state(api, post) == before


@pytest.mark.parametrize("ahead", [timedelta(seconds=50), timedelta(days=-1), timedelta(days=367)])
async def test_a_time_too_near_or_too_far_is_refused(api: Api, ahead: timedelta) -> None:
    ada = api.factory.user("ada")
    draft = api.factory.post(ada, status="draft")
    done = await change(api, "schedulePost", ada, draft, scheduledFor=(datetime.now(UTC) + ahead).isoformat())
    assert codes(done) == [("BAD_USER_INPUT", ["input", "scheduledFor"])]
    assert state(api, draft) == ("draft", None)


async def test_publishing_and_deleting_at_once_leave_one_true_count(api: Api, empty_database: str) -> None:
    ada = api.factory.user("ada")
    draft = api.factory.post(ada, status="draft")
    with psycopg.connect(empty_database) as other:
        other.execute("UPDATE posts SET status = 'published' WHERE id = %s", [draft])
        deleting = asyncio.create_task(change(api, "deletePost", ada, draft))
        await asyncio.to_thread(until_blocked_by, other)
        other.commit()
        assert (await deleting)["user"] == {"postsCount": 0}
    assert state(api, draft) == ("deleted", "published")
    assert posts_count(api, ada) == 0


ON_PUBLISHED = {
    "likePost": "LikePostInput",
    "bookmarkPost": "BookmarkPostInput",
    "sharePost": "SharePostInput",
    "repost": "RepostInput",
    "addComment": "AddCommentInput",
}


@pytest.mark.parametrize("status", ["draft", "scheduled", "deleted"])
@pytest.mark.parametrize("verb", ON_PUBLISHED)
async def test_what_is_not_published_is_liked_and_answered_by_nobody(api: Api, verb: str, status: str) -> None:
    """Not by its author, either, who sees it."""
    ada, ben, *_ = api.factory.cast()
    post = scheduled(api, ada) if status == "scheduled" else api.factory.post(ada, status="draft")
    if status == "deleted":
        await change(api, "deletePost", ada, post)
    query = f"mutation ($input: {ON_PUBLISHED[verb]}!) {{ done: {verb}(input: $input) {{ post {{ id }} {ERRORS} }} }}"
    given = {"postId": encode("Post", post)} | ({"content": "Hi"} if verb == "addComment" else {})
    for viewer in (ada, ben):
        done = (await api.run(query, viewer=viewer, input=given))["done"]
        assert (done["post"], codes(done)) == (None, [("NOT_FOUND", ["input", "postId"])])
    written = "SELECT (SELECT count(*) FROM post_interactions) + (SELECT count(*) FROM reposts)"
    assert api.factory.scalar(f"{written} + (SELECT count(*) FROM comments)") == 0
