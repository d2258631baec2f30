"""Every verb that may be repeated, twice at the same moment: one row, one answer, exact counts, and no deadlock."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import psycopg
import pytest

from api.gql.ids import encode
from tests.api.conftest import api_over
from tests.contention.scene import PATIENT, Scene
from tests.triggers.recount import differences
from tests.waiting import DEADLINE_SECONDS

POST, COMMENT = "postId: $post", "commentId: $comment"
LIKES = "SELECT array_agg((user_id, post_id)::text) FROM post_interactions WHERE type = '{}'"
COMMENT_LIKES = "SELECT array_agg((user_id, comment_id)::text) FROM app.comment_likes"
REPOSTS = "SELECT array_agg((user_id, post_id, comment)::text) FROM reposts"


class Verb(NamedTuple):
    """`before` is what Ben has done already, `rows` what is there in the end: as a query and, of Ben's, its answer."""

    call: str
    answer: str
    rows: str
    found: object
    before: Callable[[Scene, int], object] = lambda _scene, _comment: None
    waits: bool = True


def _did(type_: str) -> Callable[[Scene, int], object]:
    return lambda scene, _: scene.make.insert("post_interactions", user_id=scene.ben, post_id=scene.post, type=type_)


def _reposted(scene: Scene, _: int) -> object:
    return scene.make.insert("reposts", user_id=scene.ben, post_id=scene.post)


def _liked_comment(scene: Scene, comment: int) -> object:
    return scene.make.insert("app.comment_likes", user_id=scene.ben, comment_id=comment)


_LIKED = "post { likesCount viewerHasLiked }"
_KEPT = "post { viewerHasBookmarked } viewer { bookmarks { nodes { id } } }"
_REPOSTED = "post { repostsCount viewerHasReposted viewerRepost { id comment } } user { reposts { nodes { id } } }"
_COMMENT_LIKED = "comment { likesCount viewerHasLiked likers { nodes { id } } }"
BY_BEN = ["(2,1)"]
VERBS = {
    "likePost": Verb(f"likePost(input: {{{POST}}})", _LIKED, LIKES.format("like"), BY_BEN),
    "unlikePost": Verb(f"unlikePost(input: {{{POST}}})", _LIKED, LIKES.format("like"), None, _did("like")),
    "bookmarkPost": Verb(
        f"bookmarkPost(input: {{{POST}}})", f"{_KEPT} bookmarkEdge {{ cursor }}", LIKES.format("bookmark"), BY_BEN
    ),
    "removeBookmark": Verb(
        f"removeBookmark(input: {{{POST}}})", _KEPT, LIKES.format("bookmark"), None, _did("bookmark"), waits=False
    ),
    "markSeen": Verb(
        "markSeen(input: {postIds: [$post]})",
        "posts { viewerHasSeen }",
        "SELECT array_agg((user_id, post_id)::text) FROM app.seen_posts",
        BY_BEN,
        waits=False,
    ),
    "sharePost": Verb(f"sharePost(input: {{{POST}}})", "post { id }", LIKES.format("share"), BY_BEN),
    "repost": Verb(
        f'repost(input: {{{POST}, comment: "Look"}})',
        f"{_REPOSTED} repost {{ id createdAt }} repostEdge {{ cursor }}",
        REPOSTS,
        ["(2,1,Look)"],
    ),
    "undoRepost": Verb(f"undoRepost(input: {{{POST}}})", _REPOSTED, REPOSTS, None, _reposted),
    "likeComment": Verb(f"likeComment(input: {{{COMMENT}}})", _COMMENT_LIKED, COMMENT_LIKES, BY_BEN),
    "unlikeComment": Verb(f"unlikeComment(input: {{{COMMENT}}})", _COMMENT_LIKED, COMMENT_LIKES, None, _liked_comment),
    "editComment": Verb(
        f'editComment(input: {{{COMMENT}, content: "Better"}})',
        "comment { content editedAt }",
        "SELECT array_agg(content) FROM comments",
        ["Better"],
    ),
    "deleteComment": Verb(
        f"deleteComment(input: {{{COMMENT}}})",
        "deletedId comment { id } post { commentsCount }",
        "SELECT array_agg(id) FROM comments WHERE deleted_at IS NULL",
        None,
    ),
}


def until_two_wait(url: str) -> None:
    """Return as soon as two sessions of this database wait for locks."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + DEADLINE_SECONDS
    with psycopg.connect(url, autocommit=True) as observer:
        while time.monotonic() < deadline:
            if observer.execute(waiting).fetchone() == (2,):
                return
    raise AssertionError("they do not wait")


@pytest.mark.parametrize("name", VERBS)
async def test_twice_at_the_same_moment_is_once(scene: Scene, one: psycopg.Connection, name: str) -> None:
    verb = VERBS[name]
    comment = scene.make.comment(scene.ben, scene.post)
    verb.before(scene, comment)
    variables = {"post": scene.post_id, "comment": encode("Comment", comment)}
    given = " ".join(f"${word}: ID!" for word in variables if f"${word}" in verb.call)
    query = f"mutation ({given}) {{ {verb.call} {{ {verb.answer} userErrors {{ code }} }} }}"
    body = {"query": query, "variables": {word: id_ for word, id_ in variables.items() if f"${word}" in verb.call}}
    async with api_over(scene.url, **PATIENT) as api:
        await api.run("{ viewer { id } }", viewer=scene.ben)  # from now on the session is known
        one.execute("SELECT FROM posts FOR UPDATE")
        one.execute("SELECT FROM comments FOR UPDATE")
        both = [asyncio.create_task(api.post(body, viewer=scene.ben)) for _ in range(2)]
        if verb.waits:
            await asyncio.to_thread(until_two_wait, scene.url)
        one.commit()
        first, second = [(await asked).json() for asked in both]
    assert first["data"] == second["data"]
    assert ("errors" in first, "errors" in second, first["data"][name]["userErrors"]) == (False, False, [])
    assert scene.make.scalar(verb.rows) == verb.found
    assert differences(scene.make.connection) == []
    assert scene.make.scalar("SELECT count(*) FROM notifications") <= 1


@pytest.mark.parametrize("kind", ["likePost", "repost", "likeComment"])
async def test_aliases_in_opposite_orders_meet_without_an_error(scene: Scene, kind: str) -> None:
    posts = [scene.post, *(scene.make.post(scene.ada) for _ in range(4))]
    comments = [scene.make.comment(scene.ada, post) for post in posts]
    ids = (
        [encode("Comment", one) for one in comments]
        if kind == "likeComment"
        else [encode("Post", one) for one in posts]
    )
    field = "commentId" if kind == "likeComment" else "postId"

    def aliases(order: Sequence[str]) -> str:
        fields = [
            f'a{n}: {kind}(input: {{{field}: "{id_}"}}) {{ userErrors {{ code }} }}' for n, id_ in enumerate(order)
        ]
        return f"mutation {{ {' '.join(fields)} }}"

    async with api_over(scene.url, **PATIENT) as api:
        for viewer in (scene.ada, scene.ben):
            await api.run("{ viewer { id } }", viewer=viewer)
        asked = [(scene.ada, ids), (scene.ben, ids[::-1])] * 2
        answers = await asyncio.gather(*(api.post({"query": aliases(order)}, viewer=viewer) for viewer, order in asked))
    for answer in answers:
        assert answer.json()["data"] == {f"a{n}": {"userErrors": []} for n in range(5)}
    counts = {
        "likePost": "SELECT array_agg(likes_count) FROM posts",
        "repost": "SELECT array_agg(reposts_count) FROM posts",
        "likeComment": "SELECT array_agg(likes_count) FROM comments",
    }
    assert scene.make.scalar(counts[kind]) == [2] * 5
    assert differences(scene.make.connection) == []
