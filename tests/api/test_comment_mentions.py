"""Mentions in comments: whom they notify, once each, and what an edit or a deletion leaves of that."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

ADD = """mutation ($post: ID!, $parent: ID, $content: String!) {
  addComment(input: {postId: $post, parentId: $parent, content: $content}) {
    comment { id } userErrors { code field } } }"""
EDIT = """mutation ($id: ID!, $content: String!) { editComment(input: {commentId: $id, content: $content}) {
  userErrors { code field } } }"""
DELETE = "mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { userErrors { code field } } }"
INBOX = """{ viewer { unreadNotificationCount
  notifications { nodes { type title content isRead actor { username } comment { id } } } } }"""


async def add(api: Api, viewer: int, post: int, content: str, parent: str | None = None) -> str:
    data = await api.run(ADD, viewer=viewer, post=encode("Post", post), parent=parent, content=content)
    assert data["addComment"]["userErrors"] == []
    return data["addComment"]["comment"]["id"]


async def edit(api: Api, viewer: int, id_: str, content: str) -> None:
    assert await api.run(EDIT, viewer=viewer, id=id_, content=content) == {"editComment": {"userErrors": []}}


async def inbox(api: Api, viewer: int) -> tuple[int, list[Any]]:
    found = (await api.run(INBOX, viewer=viewer))["viewer"]
    return found["unreadNotificationCount"], found["notifications"]["nodes"]


def notified(api: Api) -> list[tuple[int, str, str | None, bool]]:
    query = b"SELECT user_id, type::text, content, is_read FROM notifications WHERE withdrawn_at IS NULL ORDER BY 1, id"
    return api.factory.connection.execute(query).fetchall()


async def test_a_mention_in_a_comment_notifies_whoever_may_see_it(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for follower in (ben, cleo):
        api.factory.follow(follower, ada)
    comment = await add(api, ben, api.factory.post(ada, visibility="followers"), "@cleo @CLEO @dan @ben @nobody, look")
    shown = {
        "type": "MENTION",
        "title": "New mention",
        "content": "@cleo @CLEO @dan @ben @nobody, look",
        "isRead": False,
        "actor": {"username": "ben"},
        "comment": {"id": comment},
    }
    assert await inbox(api, cleo) == (1, [shown])
    assert await inbox(api, dan) == (0, [])
    assert {row[0] for row in notified(api)} == {ada, cleo}


async def test_a_comment_notifies_its_authors_once_though_it_mentions_them(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    post = api.factory.post(ada)
    asked = await add(api, ben, post, "A question")
    api.factory.connection.execute("DELETE FROM notifications")
    await add(api, cleo, post, "@ada @ben @dan yes", asked)
    assert [row[:2] for row in notified(api)] == [(ada, "comment"), (ben, "comment"), (dan, "mention")]
    await add(api, ada, post, "@ada @ben no", asked)
    assert [row[:2] for row in notified(api)][1:3] == [(ben, "comment"), (ben, "comment")]


@pytest.mark.parametrize("blocker", ["ben", "dan"])
async def test_nobody_is_mentioned_across_a_block(api: Api, blocker: str) -> None:
    ada, ben, _, dan = api.factory.cast()
    one, other = (ben, dan) if blocker == "ben" else (dan, ben)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=one, blocked_id=other)
    await add(api, ben, api.factory.post(ada), "@dan")
    assert [row[0] for row in notified(api)] == [ada]


async def test_whom_the_posts_author_blocks_is_not_notified_of_mentions_below_it(api: Api) -> None:
    ada, ben, _, dan = api.factory.cast()
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=dan)
    await add(api, ben, api.factory.post(ada), "@dan")
    assert [row[0] for row in notified(api)] == [ada]


async def test_an_edit_notifies_whom_it_adds_and_withdraws_whom_it_takes_out(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    comment = await add(api, ben, api.factory.post(ada), "@cleo one")
    api.factory.connection.execute("DELETE FROM notifications WHERE user_id = %s", [ada])
    for text, people in (
        ("@cleo @dan two", [cleo, dan]),
        ("@cleo @dan two", [cleo, dan]),
        ("@dan @ada three", [dan]),
        ("four", []),
        ("@cleo five", [cleo]),
    ):
        await edit(api, ben, comment, text)
        assert notified(api) == [(user, "mention", text, False) for user in people]
    assert api.factory.scalar("SELECT count(*) FROM notifications") == 1


async def test_a_mention_that_was_read_does_not_notify_again(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    comment = await add(api, ben, api.factory.post(ada), "@cleo one")
    api.factory.connection.execute("UPDATE notifications SET is_read = TRUE, read_at = now()")
    for text in ("two", "@cleo three") * 2:
        await edit(api, ben, comment, text)
        unread, nodes = await inbox(api, cleo)
        shown = [(text, True)] if "@" in text else []
        assert (unread, [(one["content"], one["isRead"]) for one in nodes]) == (0, shown)


async def test_an_edit_to_the_same_text_follows_no_name_to_its_new_owner(api: Api) -> None:
    ada, ben, _, dan = api.factory.cast()
    comment = await add(api, ben, api.factory.post(ada), "@cleo")
    before = notified(api)
    api.factory.connection.execute("UPDATE users SET username = 'cleo_2' WHERE username = 'cleo'")
    api.factory.connection.execute("UPDATE users SET username = 'cleo' WHERE id = %s", [dan])
    await edit(api, ben, comment, "@cleo")
    assert notified(api) == before


@pytest.mark.parametrize("deleter", ["ben", "ada"])
async def test_a_deleted_comment_takes_its_mentions_along(api: Api, deleter: str) -> None:
    ada, ben, _, dan = api.factory.cast()
    post = api.factory.post(ada)
    comment = await add(api, ben, post, "@cleo @dan")
    await add(api, dan, post, "@cleo stays", comment)
    api.factory.connection.execute("UPDATE notifications SET is_read = TRUE, read_at = now() WHERE user_id = %s", [dan])
    data = await api.run(DELETE, viewer=ben if deleter == "ben" else ada, id=comment)
    assert data["deleteComment"]["userErrors"] == []
    assert {row[2] for row in notified(api)} == {"@cleo stays"}
    assert api.factory.scalar("SELECT count(*) FROM notifications WHERE content <> '@cleo stays'") == 0


async def test_mentions_in_code_and_beyond_the_twentieth_notify_nobody(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    crowd = [api.factory.user(f"person_{n:02}") for n in range(21)]
    await add(
        api,
        ben,
        api.factory.post(ada),
        "`@cleo` [@dan](http://x.example) " + " ".join(f"@person_{n:02}" for n in range(21)),
    )
    assert [row[0] for row in notified(api) if row[1] == "mention"] == crowd[:20]


async def test_an_edited_post_leaves_the_mentions_of_its_comments(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada, "Hello")
    await add(api, ben, post, "@cleo look")
    update = (
        "mutation ($id: ID!, $c: String!) { updatePost(input: {postId: $id, content: $c}) { userErrors { code } } }"
    )
    for text in ("@cleo first", "second"):
        data = await api.run(update, viewer=ada, id=encode("Post", post), c=text)
        assert data == {"updatePost": {"userErrors": []}}
        assert "@cleo look" in {row[2] for row in notified(api) if row[0] == cleo}
    assert [row[2] for row in notified(api) if row[0] == cleo] == ["@cleo look"]
