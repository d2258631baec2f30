"""Comments: changed, deleted, liked, and read from both ends and from below."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.triggers.recount import differences

EDIT = """
mutation ($id: ID!, $content: String!) { editComment(input: {commentId: $id, content: $content}) {
  comment { content editedAt } userErrors { code field } } }
"""
DELETE = """
mutation ($id: ID!) { deleteComment(input: {commentId: $id}) {
  deletedId comment { id content isDeleted author { username } repliesCount viewerCanEdit viewerCanDelete }
  post { commentsCount } parent { id repliesCount isDeleted } userErrors { code field } } }
"""
LIKE = """
mutation ($id: ID!) { likeComment(input: {commentId: $id}) {
  comment { likesCount viewerHasLiked likers { nodes { username } } } userErrors { code field } } }
"""
UNLIKE = """
mutation ($id: ID!) { unlikeComment(input: {commentId: $id}) {
  comment { likesCount viewerHasLiked } userErrors { code } } }
"""
THREAD = "query ($id: ID!) { post(id: $id) { comments { nodes { id replies { nodes { id } } } } } }"
ROWS = "SELECT md5(string_agg(c::text, ' ' ORDER BY id)) FROM comments AS c"


def key(comment: int) -> str:
    return encode("Comment", comment)


def differs(api: Api) -> list[tuple[object, ...]]:
    return differences(api.factory.connection)


def notified(api: Api) -> list[tuple[Any, ...]]:
    query = b"SELECT user_id, actor_id, type::text, comment_id, content FROM notifications ORDER BY id"
    return api.factory.connection.execute(query).fetchall()


async def test_an_edit_says_when_and_changes_the_notifications_of_it(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    add = 'mutation ($id: ID!) { addComment(input: {postId: $id, content: "Bad"}) { comment { id editedAt } } }'
    comment = (await api.run(add, viewer=ben, id=encode("Post", post)))["addComment"]["comment"]
    assert comment["editedAt"] is None
    for content, has_time in (("Bad", False), ("Better", True)):
        found = (await api.run(EDIT, viewer=ben, id=comment["id"], content=content))["editComment"]
        assert (found["comment"]["content"], found["userErrors"]) == (content, [])
        assert (found["comment"]["editedAt"] is not None) is has_time
    again = (await api.run(EDIT, viewer=ben, id=comment["id"], content="Better"))["editComment"]
    assert again == found
    assert [row[-1] for row in notified(api)] == ["Better"]


async def test_only_its_author_edits_a_comment_and_never_a_blank(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    comment, blank = api.factory.comment(ben, post), api.factory.comment(ben, post)
    api.factory.comment(ada, post, parent_comment_id=blank)
    api.factory.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [blank])
    before = api.factory.scalar(ROWS)
    for viewer, id_ in ((ada, comment), (ben, blank), (ben, 10**12)):
        data = await api.run(EDIT, viewer=viewer, id=key(id_), content="Mine")
        error = {"code": "NOT_FOUND", "field": ["input", "commentId"]}
        assert data["editComment"] == {"comment": None, "userErrors": [error]}
    for content in (" ", "x" * 2_001):
        data = await api.run(EDIT, viewer=ben, id=key(comment), content=content)
        assert [error["field"] for error in data["editComment"]["userErrors"]] == [["input", "content"]]
    assert api.factory.scalar(ROWS) == before


async def test_a_deleted_comment_is_gone_or_stays_as_a_blank_with_right_counts(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    head = api.factory.comment(ben, post)
    reply = api.factory.comment(cleo, post, parent_comment_id=head)
    last = api.factory.comment(ben, post, parent_comment_id=reply)

    async def deleted(comment: int) -> dict[str, Any]:
        found = (await api.run(DELETE, viewer=ben, id=key(comment)))["deleteComment"]
        assert (found["userErrors"], differs(api)) == ([], [])
        return found

    blank = {
        "content": None, "isDeleted": True, "author": None, "viewerCanEdit": False, "viewerCanDelete": False,
    }  # fmt: skip
    for _ in range(2):  # to delete a blank again is no error
        assert await deleted(head) == {
            "deletedId": None,
            "comment": {"id": key(head), "repliesCount": 1, **blank},
            "post": {"commentsCount": 2},
            "parent": None,
            "userErrors": [],
        }
    api.factory.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [reply])
    shown = {"comments": {"nodes": [{"id": key(head), "replies": {"nodes": [{"id": key(reply)}]}}]}}
    assert await api.run(THREAD, id=encode("Post", post)) == {"post": shown}
    assert await deleted(last) == {
        "deletedId": key(last),
        "comment": None,
        "post": {"commentsCount": 0},
        "parent": None,
        "userErrors": [],
    }
    assert await api.run(THREAD, id=encode("Post", post)) == {"post": {"comments": {"nodes": []}}}


async def test_a_deleted_reply_returns_its_parent_with_the_new_count(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    head = api.factory.comment(ben, post)
    reply, _ = [api.factory.comment(ada, post, parent_comment_id=head) for _ in range(2)]
    found = (await api.run(DELETE, viewer=ada, id=key(reply)))["deleteComment"]
    assert found["parent"] == {"id": key(head), "repliesCount": 1, "isDeleted": False}
    assert (found["deletedId"], found["post"]) == (key(reply), {"commentsCount": 2})


async def test_the_author_of_the_post_deletes_a_comment_and_nobody_else_does(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    post = api.factory.post(ada)
    comment = api.factory.comment(ben, post)
    can = "query ($id: ID!) { comment(id: $id) { viewerCanDelete viewerCanEdit } }"
    rights = [(await api.run(can, viewer=viewer, id=key(comment)))["comment"] for viewer in (ada, ben, cleo, None)]
    assert [tuple(one.values()) for one in rights] == [(True, False), (True, True), (False, False), (False, False)]
    before = api.factory.scalar(ROWS)
    found = (await api.run(DELETE, viewer=cleo, id=key(comment)))["deleteComment"]
    assert (found["post"], found["userErrors"]) == (None, [{"code": "FORBIDDEN", "field": ["input", "commentId"]}])
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=dan)
    for viewer, id_ in ((dan, comment), (ben, 10**12)):
        found = (await api.run(DELETE, viewer=viewer, id=key(id_)))["deleteComment"]
        assert found["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "commentId"]}]
    assert api.factory.scalar(ROWS) == before
    assert (await api.run(DELETE, viewer=ada, id=key(comment)))["deleteComment"]["deletedId"] == key(comment)


async def test_liking_a_comment_twice_counts_and_notifies_once(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    comment = api.factory.comment(ada, api.factory.post(ben))
    for _ in range(2):
        data = await api.run(LIKE, viewer=ben, id=key(comment))
        shown = {"likesCount": 1, "viewerHasLiked": True, "likers": {"nodes": [{"username": "ben"}]}}
        assert data["likeComment"] == {"comment": shown, "userErrors": []}
    assert notified(api) == [(ada, ben, "like", comment, None)]
    await api.run(LIKE, viewer=ada, id=key(comment))
    assert len(notified(api)) == 1, "nobody is notified of their own like"
    for _ in range(2):
        data = await api.run(UNLIKE, viewer=ben, id=key(comment))
        assert data["unlikeComment"] == {"comment": {"likesCount": 1, "viewerHasLiked": False}, "userErrors": []}
    assert (notified(api), differs(api)) == ([], [])


async def test_a_like_that_was_read_is_not_reported_again(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    comment = api.factory.comment(ada, api.factory.post(ben))
    await api.run(LIKE, viewer=ben, id=key(comment))
    api.factory.connection.execute("UPDATE notifications SET is_read = true, read_at = now()")
    await api.run(UNLIKE, viewer=ben, id=key(comment))
    await api.run(LIKE, viewer=ben, id=key(comment))
    assert api.factory.scalar("SELECT array_agg(is_read) FROM notifications") == [True]


async def test_a_comment_that_is_hidden_or_deleted_is_not_liked(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    hidden = api.factory.comment(ada, api.factory.post(ada, visibility="private"))
    post = api.factory.post(ada)
    blank = api.factory.comment(ada, post)
    api.factory.comment(ada, post, parent_comment_id=blank)
    api.factory.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [blank])
    for comment in (hidden, blank, 10**12):
        data = await api.run(LIKE, viewer=ben, id=key(comment))
        error = {"code": "NOT_FOUND", "field": ["input", "commentId"]}
        assert data["likeComment"] == {"comment": None, "userErrors": [error]}
    assert api.factory.scalar("SELECT count(*) FROM app.comment_likes") == 0
    assert notified(api) == []


@pytest.mark.parametrize(("order", "step"), [("NEWEST", -1), ("OLDEST", 1)])
@pytest.mark.parametrize("backward", [False, True])
async def test_both_orders_are_walked_whole_from_both_ends(api: Api, order: str, step: int, *, backward: bool) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    head = api.factory.comment(ada, post)
    gone = api.factory.user("gone", status="suspended")
    by = [ada, ada, gone, ada, gone, ada, ada]
    replies = [key(api.factory.comment(who, post, parent_comment_id=head)) for who in by]
    expected = [one for one, who in zip(replies, by, strict=True) if who == ada][::step]
    size, cursor, more, end = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if backward
        else ("first", "after", "hasNextPage", "endCursor")
    )
    query = f"""query ($id: ID!, $order: TimeOrder!, $at: String) {{ comment(id: $id) {{
      replies(order: $order, {size}: 2, {cursor}: $at) {{ nodes {{ id }} pageInfo {{ {more} {end} }} }} }} }}"""
    found: list[str] = []
    at, is_more = None, True
    while is_more:
        page = (await api.run(query, id=key(head), order=order, at=at))["comment"]["replies"]
        ids = [node["id"] for node in page["nodes"]]
        found = [*ids, *found] if backward else [*found, *ids]
        at, is_more = page["pageInfo"][end], page["pageInfo"][more]
    assert found == expected


async def test_a_cursor_belongs_to_one_order_and_knows_what_lies_before_it(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    for _ in range(3):
        api.factory.comment(ada, post)
    query = """query ($id: ID!, $order: TimeOrder!, $at: String) { post(id: $id) {
      comments(order: $order, first: 1, after: $at) { nodes { id } pageInfo { hasPreviousPage endCursor } } } }"""
    id_ = encode("Post", post)
    first = (await api.run(query, id=id_, order="OLDEST"))["post"]["comments"]
    assert (first["nodes"], first["pageInfo"]["hasPreviousPage"]) == ([{"id": key(1)}], False)
    at = first["pageInfo"]["endCursor"]
    second = (await api.run(query, id=id_, order="OLDEST", at=at))["post"]["comments"]
    assert (second["nodes"], second["pageInfo"]["hasPreviousPage"]) == ([{"id": key(2)}], True)
    error = await api.fail(query, id=id_, order="NEWEST", at=at)
    assert error["extensions"]["code"] == "BAD_CURSOR"


async def test_the_ancestors_are_the_nearest_from_the_top_down_without_hidden_ones(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    thread = [api.factory.comment(ada, post)]
    for who in (ben, ada, ada):
        thread.append(api.factory.comment(who, post, parent_comment_id=thread[-1]))
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    query = (
        "query ($id: ID!, $limit: Int!) { comment(id: $id) { depth parent { id } ancestors(limit: $limit) { id } } }"
    )
    found = (await api.run(query, id=key(thread[-1]), limit=50))["comment"]
    above = [{"id": key(thread[0])}, {"id": key(thread[2])}]
    assert found == {"depth": 3, "parent": above[1], "ancestors": above}
    nearest = (await api.run(query, id=key(thread[-1]), limit=1))["comment"]
    assert nearest["ancestors"] == above[1:]
    assert (await api.run(query, id=key(thread[2]), limit=50))["comment"]["parent"] is None
    for limit in (0, 51):
        error = await api.fail(query, id=key(thread[-1]), limit=limit)
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
