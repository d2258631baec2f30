"""Threads of depth 100 and width 10,000: as many statements as levels, and pages that cost the same anywhere."""

import os
import tracemalloc

import psycopg
import pytest

from api.gql.enums import TimeOrder
from api.gql.ids import encode
from api.gql.pagination import Window
from api.types.comments import REPLIES
from api.types.posts import COMMENTS
from bench.explain import explain
from db.queries import array
from db.statements import load
from tests.api.conftest import Api
from tests.plans.modes import MODES
from tests.triggers.recount import differences

DEPTH, WIDTH, PAGE = 100, 10_000, 20
DELETED = [
    "comments_by_ids",
    "delete_comment",
    "delete_notifications_of_comment",
    "posts_by_ids",
    "session_by_token_hash",
]
WALKED = WIDTH if os.environ.get("VRSS_PROOF") else 2_000
LARGEST = 100  # rows of a page
REPLY = """
INSERT INTO comments (post_id, user_id, parent_comment_id, content, created_at)
SELECT %s, %s, %s, 'Reply ' || n, now() + n * interval '1 second' FROM generate_series(1, %s) AS n
"""


def wide(api: Api) -> int:
    """A comment with so many replies, whose ids follow its own."""
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    head = api.factory.comment(ada, post)
    api.factory.connection.execute(REPLY.encode(), [post, ada, head, WIDTH])
    api.factory.connection.execute("VACUUM ANALYZE comments")
    return head


def deep(api: Api) -> list[int]:
    """Comments each of which answers the one before it."""
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    thread = [api.factory.comment(ada, post)]
    while len(thread) <= DEPTH:
        thread.append(api.factory.comment(ada, post, parent_comment_id=thread[-1]))
    return thread


@pytest.mark.parametrize("list_", ["replies", "comments"])
@pytest.mark.parametrize("order", list(TimeOrder))
async def test_a_page_of_ten_thousand_comments_costs_the_same_anywhere(api: Api, order: TimeOrder, list_: str) -> None:
    head = wide(api)
    owner, sort, name = head, REPLIES[order], "replies_by_comment_ids"
    if list_ == "comments":
        owner, sort, name = api.factory.scalar("SELECT min(id) FROM posts"), COMMENTS[order], "comments_by_post_ids"
        api.factory.connection.execute("UPDATE comments SET parent_comment_id = NULL")
        api.factory.connection.execute("VACUUM ANALYZE comments")
    middle = api.factory.scalar("SELECT created_at FROM comments WHERE id = %s", head + WIDTH // 2)
    connection: psycopg.Connection = api.factory.connection
    for backward in (False, True):
        for after in (None, (middle, head + WIDTH // 2)):
            window = Window(sort, PAGE, backward, after, None)
            statement = load("comments")[name].towards(backward=window.rises)
            given = {**window.parameters, "ids": array([owner]), "viewer": None}
            for mode in MODES:
                plan = explain(connection, statement.sql, given, mode)
                assert plan.rows_touched <= 12 * PAGE, (backward, after, mode)
                assert plan.buffers <= 25 * PAGE, (backward, after, mode)


async def test_a_walk_through_ten_thousand_replies_takes_a_page_at_a_time(api: Api) -> None:
    """Statements, bytes and memory of each page are those of the first; the rest of the thread costs nothing."""
    head = wide(api)
    query = """query ($id: ID!, $after: String) { comment(id: $id) {
      replies(order: OLDEST, first: 100, after: $after) { nodes { id content author { username } }
        pageInfo { hasNextPage endCursor } } } }"""
    seen: list[str] = []
    sizes: list[int] = []
    peaks: list[int] = []
    after: str | None = None
    more = True
    await api.run(query, id=encode("Comment", head), after=None)  # what is made once is there from then on
    tracemalloc.start()
    try:
        while len(seen) < WALKED:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            response = await api.post({"query": query, "variables": {"id": encode("Comment", head), "after": after}})
            _, peak = tracemalloc.get_traced_memory()
            peaks.append(peak - before)
            found = response.json()["data"]["comment"]["replies"]
            seen += [node["content"] for node in found["nodes"]]
            after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
            sizes.append(len(response.content))
            assert api.statements == ["comments_by_ids", "replies_by_comment_ids_backward", "users_by_ids"]
    finally:
        tracemalloc.stop()
    assert seen == [f"Reply {n}" for n in range(1, WALKED + 1)]
    assert more is (WALKED < WIDTH)
    assert max(sizes) <= 100 * LARGEST + 500
    assert max(peaks) <= 512 * 1024


@pytest.mark.parametrize("limit", [10, 50])
async def test_ancestors_are_read_as_far_as_asked_whatever_the_thread(api: Api, limit: int) -> None:
    thread = deep(api)
    post = api.factory.scalar("SELECT min(post_id) FROM comments")
    api.factory.connection.execute(REPLY.encode(), [post, api.user("ada"), thread[-1], WIDTH])
    api.factory.connection.execute("VACUUM ANALYZE comments")
    last = api.factory.scalar("SELECT max(id) FROM comments")
    statement = load("comments")["ancestors_by_comment_ids"]
    for mode in MODES:
        plan = explain(api.factory.connection, statement.sql, {"ids": array([last]), "limit": limit}, mode)
        assert plan.rows_touched <= 3 * limit, mode
        assert plan.buffers <= 6 * limit, mode


async def test_ten_thousand_replies_are_counted_paged_and_left_below_a_blank(api: Api) -> None:
    head = wide(api)
    query = """query ($id: ID!) { comment(id: $id) { repliesCount
      oldest: replies(order: OLDEST, first: 2) { nodes { content depth } }
      newest: replies(order: NEWEST, first: 2) { nodes { content depth } } } }"""
    shown = {
        "repliesCount": WIDTH,
        "oldest": {"nodes": [{"content": f"Reply {n}", "depth": 1} for n in (1, 2)]},
        "newest": {"nodes": [{"content": f"Reply {n}", "depth": 1} for n in (WIDTH, WIDTH - 1)]},
    }
    assert await api.run(query, id=encode("Comment", head)) == {"comment": shown}
    assert api.statements == ["comments_by_ids", "replies_by_comment_ids_backward", "replies_by_comment_ids"]
    ada = api.user("ada")
    delete = """mutation ($id: ID!) { deleteComment(input: {commentId: $id}) {
      deletedId comment { repliesCount } post { commentsCount } } }"""
    data = await api.run(delete, viewer=ada, id=encode("Comment", head))
    kept = {"deletedId": None, "comment": {"repliesCount": WIDTH}, "post": {"commentsCount": WIDTH}}
    assert data == {"deleteComment": kept}
    assert sorted(api.statements) == DELETED


async def test_a_thread_is_a_statement_for_each_level_that_is_asked_for(api: Api) -> None:
    thread = deep(api)
    levels = 6
    id_ = encode("Comment", thread[40])

    def query(size: int) -> str:
        nested = f"replies(first: {size}) {{ nodes {{ depth " * levels + "} } " * levels
        return f"query ($id: ID!) {{ comment(id: $id) {{ depth {nested} }} }}"

    refused = await api.fail(query(100), id=id_)
    assert (refused["extensions"]["code"], api.statements) == ("COST_LIMIT", [])
    data = await api.run(query(2), id=id_)
    found, depths = data["comment"], [data["comment"]["depth"]]
    while "replies" in found:
        (found,) = found["replies"]["nodes"]
        depths.append(found["depth"])
    assert depths == list(range(40, 41 + levels))
    assert api.statements == ["comments_by_ids", *["replies_by_comment_ids"] * levels]


async def test_a_hundred_ancestors_are_fetched_as_far_as_asked_and_paid_for(api: Api) -> None:
    thread = deep(api)
    query = "query ($id: ID!, $limit: Int!) { comment(id: $id) { ancestors(limit: $limit) { id content depth } } }"
    prices: list[int] = []
    for limit in (10, 50):
        body = {"query": query, "variables": {"id": encode("Comment", thread[-1]), "limit": limit}}
        answer = (await api.post(body)).json()
        above = answer["data"]["comment"]["ancestors"]
        assert [one["depth"] for one in above] == list(range(DEPTH - limit, DEPTH))
        assert [one["id"] for one in above] == [encode("Comment", one) for one in thread[-limit - 1 : -1]]
        assert api.statements == ["comments_by_ids", "ancestors_by_comment_ids", "comments_by_ids"]
        prices.append(answer["extensions"]["cost"]["requested"])
    assert prices[1] - prices[0] == 40 * 4  # its id and depth, and two for the text


async def test_a_hundred_blanks_go_with_the_last_reply_in_one_statement(api: Api) -> None:
    thread = deep(api)
    ada = api.user("ada")
    api.factory.connection.execute("UPDATE comments SET deleted_at = now() WHERE id < %s", [thread[-1]])
    delete = "mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { deletedId post { commentsCount } } }"
    data = await api.run(delete, viewer=ada, id=encode("Comment", thread[-1]))
    assert data["deleteComment"] == {"deletedId": encode("Comment", thread[-1]), "post": {"commentsCount": 0}}
    assert sorted(api.statements) == DELETED
    assert api.factory.scalar("SELECT sum(replies_count) FROM comments") == 0
    assert differences(api.factory.connection) == []


async def test_ancestors_of_ancestors_are_priced_by_their_limits(api: Api) -> None:
    query = """query ($id: ID!) { comment(id: $id) { replies(first: 100) { nodes {
      ancestors(limit: 50) { ancestors(limit: 50) { id } } } } } }"""
    error = await api.fail(query, id=encode("Comment", 1))
    assert error["extensions"]["code"] == "COST_LIMIT"
    assert api.statements == []
