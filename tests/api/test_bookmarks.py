"""Bookmarks: set, listed and removed."""

from api.gql.ids import encode
from tests.api.conftest import Api

BOOKMARK = """
mutation ($id: ID!) { bookmarkPost(input: {postId: $id}) {
  post { id viewerHasBookmarked } bookmarkEdge { cursor node { id } }
  viewer { bookmarks { edges { cursor node { id } } } } userErrors { __typename code field } } }
"""
REMOVE_BOOKMARK = """
mutation ($id: ID!) { removeBookmark(input: {postId: $id}) {
  post { id viewerHasBookmarked } viewer { bookmarks { nodes { id } } } userErrors { __typename code field } } }
"""
BOOKMARKS = "{ viewer { bookmarks { nodes { id } } } }"
BOOKMARK_ROWS = "SELECT array_agg((user_id, post_id)::text ORDER BY id) FROM post_interactions WHERE type = 'bookmark'"


async def test_bookmarking_returns_the_entry_of_the_list_and_twice_is_once(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    api.factory.insert("post_interactions", user_id=cleo, post_id=post, type="bookmark")
    api.factory.like(ben, post)
    id_ = encode("Post", post)
    first = (await api.run(BOOKMARK, viewer=ben, id=id_))["bookmarkPost"]
    assert (first["post"], first["userErrors"]) == ({"id": id_, "viewerHasBookmarked": True}, [])
    assert first["bookmarkEdge"]["node"] == {"id": id_}
    assert first["viewer"]["bookmarks"]["edges"] == [first["bookmarkEdge"]]
    assert (await api.run(BOOKMARK, viewer=ben, id=id_))["bookmarkPost"] == first
    assert api.factory.scalar(BOOKMARK_ROWS) == [f"({cleo},{post})", f"({ben},{post})"]
    assert api.factory.scalar("SELECT likes_count FROM posts") == 1
    assert api.factory.scalar("SELECT count(*) FROM notifications") == 0


async def test_bookmarks_come_the_latest_first_and_only_while_their_posts_are_seen(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    first, second, hidden = [api.factory.post(ada) for _ in range(3)]
    for post in (second, hidden, first):
        await api.run(BOOKMARK, viewer=ben, id=encode("Post", post))
    api.factory.connection.execute("UPDATE posts SET visibility = 'private' WHERE id = %s", [hidden])
    nodes = (await api.run(BOOKMARKS, viewer=ben))["viewer"]["bookmarks"]["nodes"]
    assert nodes == [{"id": encode("Post", first)}, {"id": encode("Post", second)}]
    assert (await api.run(BOOKMARKS, viewer=ada))["viewer"]["bookmarks"]["nodes"] == []


async def test_removing_a_bookmark_leaves_likes_and_other_peoples_bookmarks(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    api.factory.like(ben, post)
    for who in (ben, cleo):
        api.factory.insert("post_interactions", user_id=who, post_id=post, type="bookmark")
    id_ = encode("Post", post)
    for _ in range(2):
        data = await api.run(REMOVE_BOOKMARK, viewer=ben, id=id_)
        assert data["removeBookmark"] == {
            "post": {"id": id_, "viewerHasBookmarked": False},
            "viewer": {"bookmarks": {"nodes": []}},
            "userErrors": [],
        }
    assert api.factory.scalar(BOOKMARK_ROWS) == [f"({cleo},{post})"]
    assert api.factory.scalar("SELECT count(*) FROM post_interactions WHERE type = 'like'") == 1


async def test_bookmarking_what_is_not_there_is_refused(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    hidden, draft = api.factory.post(ada, visibility="private"), api.factory.post(ben, status="draft")
    for key in (hidden, draft, 10**12):
        data = (await api.run(BOOKMARK, viewer=ben, id=encode("Post", key)))["bookmarkPost"]
        assert data == {
            "post": None,
            "bookmarkEdge": None,
            "viewer": None,
            "userErrors": [{"__typename": "NotFoundError", "code": "NOT_FOUND", "field": ["input", "postId"]}],
        }
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0


async def test_removing_the_bookmark_of_a_post_that_is_hidden_is_refused(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada, visibility="private")
    api.factory.insert("post_interactions", user_id=ben, post_id=post, type="bookmark")
    for key in (post, 10**12):
        data = (await api.run(REMOVE_BOOKMARK, viewer=ben, id=encode("Post", key)))["removeBookmark"]
        assert (data["post"], data["viewer"]) == (None, None)
        assert [error["code"] for error in data["userErrors"]] == ["NOT_FOUND"]
    assert api.factory.scalar(BOOKMARK_ROWS) == [f"({ben},{post})"]
