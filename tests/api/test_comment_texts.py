"""The texts of comments as HTML: rendered as posts are, with links to those whom a reader may see."""

import re
from typing import Any

from api.gql.ids import encode
from db.documents.markup import html, parsed
from tests.api.conftest import Api
from tests.documents.test_markup import HOSTILE

ADD = """
mutation ($id: ID!, $content: String!) { addComment(input: {postId: $id, content: $content}) {
  comment { id contentHtml } userErrors { code } } }
"""
EDIT = """
mutation ($id: ID!, $content: String!) { editComment(input: {commentId: $id, content: $content}) {
  comment { id contentHtml } userErrors { code } } }
"""
READ = "query ($id: ID!) { comment(id: $id) { contentHtml } }"
REL = 'rel="nofollow noopener ugc"'


async def add(api: Api, viewer: int, post: int, content: str) -> dict[str, Any]:
    return (await api.run(ADD, viewer=viewer, id=encode("Post", post), content=content))["addComment"]["comment"]


async def shown(api: Api, viewer: int | None, comment: str) -> str | None:
    return (await api.run(READ, viewer=viewer, id=comment))["comment"]["contentHtml"]


async def test_a_comment_is_rendered_when_it_is_written_and_changed(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    comment = await add(api, ben, api.factory.post(ada), "*Hi* @ADA and @nobody, #Art <b>")
    expected = (
        f'<p><em>Hi</em> <a href="/@ada" {REL}>@ADA</a> and @nobody, <a href="/tags/art" {REL}>#Art</a> &lt;b&gt;</p>\n'
    )
    assert comment["contentHtml"] == expected
    stored = "SELECT content_html FROM comments"
    assert api.factory.scalar(stored) == expected
    again = await api.run(EDIT, viewer=ben, id=comment["id"], content="*Hi* @ADA and @nobody, #Art <b>")
    assert again["editComment"]["comment"]["contentHtml"] == expected
    edited = await api.run(EDIT, viewer=ben, id=comment["id"], content="**New**")
    assert edited["editComment"]["comment"]["contentHtml"] == "<p><strong>New</strong></p>\n"
    assert api.factory.scalar(stored) == "<p><strong>New</strong></p>\n"
    refused = await api.run(EDIT, viewer=ada, id=comment["id"], content="other")
    assert refused["editComment"]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert api.factory.scalar(stored) == "<p><strong>New</strong></p>\n"


async def test_hostile_comments_are_rendered_as_hostile_posts(api: Api) -> None:
    ada, *_ = api.factory.cast()
    post = api.factory.post(ada)
    for text in HOSTILE:
        if "\x00" in text:  # which no input may have
            continue
        content = f"{text}\n\nbefore {text}\n\nafter"
        assert (await add(api, ada, post, content))["contentHtml"] == html(parsed(content), {"ada": "ada"}), text


async def test_links_of_a_comment_lead_to_people_whom_the_reader_may_see(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    comment = (await add(api, ada, api.factory.post(ada), "@Ben and @cleo"))["id"]

    async def linked(viewer: int | None) -> list[str]:
        found = await shown(api, viewer, comment)
        assert found is not None
        assert re.sub("<[^>]*>", "", found) == "@Ben and @cleo\n"
        return re.findall('href="([^"]*)"', found)

    assert await linked(dan) == ["/@ben", "/@cleo"]
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=dan)
    assert [await linked(viewer) for viewer in (dan, cleo, None)] == [["/@cleo"], *[["/@ben", "/@cleo"]] * 2]
    api.factory.connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [ben])
    assert await linked(None) == ["/@cleo"]


async def test_a_deleted_comment_shows_no_html(api: Api) -> None:
    ada, *_ = api.factory.cast()
    post = api.factory.post(ada)
    comment = (await add(api, ada, post, "secret"))["id"]
    blank = api.factory.scalar("SELECT id FROM comments")
    api.factory.comment(ada, post, "reply", parent_comment_id=blank)
    api.factory.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [blank])
    assert await shown(api, ada, comment) is None


async def test_texts_and_names_of_many_comments_are_a_statement_each(compiled_api: Api) -> None:
    api = compiled_api
    ada, *_ = api.factory.cast()
    post = api.factory.post(ada)
    for _ in range(3):
        await add(api, ada, post, "Hi @ada")
    query = "query ($id: ID!) { post(id: $id) { comments { nodes { contentHtml } } } }"
    await api.run(query, viewer=ada, id=encode("Post", post))
    for name in ("texts_by_comment_ids", "users_by_names"):
        assert api.statements.count(name) == 1


async def test_a_comment_older_than_its_html_is_rendered_when_it_is_read(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    old = api.factory.comment(ben, api.factory.post(ada), "**Old** @ada <b>")
    assert await shown(api, None, encode("Comment", old)) == "<p><strong>Old</strong> @ada &lt;b&gt;</p>\n"
    assert api.factory.scalar("SELECT content_html FROM comments") is None
