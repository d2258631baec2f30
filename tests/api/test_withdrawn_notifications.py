"""Notifications of what was undone: deleted while unread, out of sight and without words when they had been read."""

from typing import Any, NamedTuple

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

LIST = """{ viewer { unreadNotificationCount notifications { nodes { id type title content isRead createdAt } } } }"""
READ = "mutation ($ids: [ID!]!) { markNotificationsRead(input: {ids: $ids}) { userErrors { code } } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"
NOTHING: tuple[int, list[Any]] = (0, [])


class Act(NamedTuple):
    """What Ben does, and how he undoes it."""

    does: str
    undoes: str
    input: str
    title: str
    content: str | None = None


ACTS = {
    "like": Act("likePost", "unlikePost", "postId: $post", "New like"),
    "comment like": Act("likeComment", "unlikeComment", "commentId: $comment", "New like"),
    "repost": Act("repost", "undoRepost", "postId: $post", "New repost"),
    "follow": Act("follow", "unfollow", "userId: $ada", "New follower"),
    "request": Act("follow", "unfollow", "userId: $closed", "New follow request"),
}


class Scene:
    """Ada has written a post and a comment on it; "closed" approves their followers."""

    def __init__(self, api: Api) -> None:
        self.api, make = api, api.factory
        self.ada, self.ben, *_ = make.cast()
        self.closed = make.user("closed", visibility="followers")
        self.post = make.post(self.ada)
        comment = make.comment(self.ada, self.post)
        self.ids = {
            "post": encode("Post", self.post),
            "comment": encode("Comment", comment),
            "ada": encode("User", self.ada),
            "ben": encode("User", self.ben),
            "closed": encode("User", self.closed),
        }

    async def run(self, viewer: int, mutation: str, given: str) -> None:
        used = {name: id_ for name, id_ in self.ids.items() if f"${name}" in given}
        variables = ", ".join(f"${name}: ID!" for name in used)
        document = f"mutation ({variables}) {{ {mutation}(input: {{{given}}}) {{ userErrors {{ code }} }} }}"
        assert await self.api.run(document, viewer=viewer, **used) == {mutation: {"userErrors": []}}

    async def inbox(self, viewer: int) -> tuple[int, list[Any]]:
        """How many are unread, and all."""
        found = (await self.api.run(LIST, viewer=viewer))["viewer"]
        return found["unreadNotificationCount"], found["notifications"]["nodes"]

    async def read(self, viewer: int) -> list[Any]:
        """Read all that there is; what it is now."""
        ids = [one["id"] for one in (await self.inbox(viewer))[1]]
        assert await self.api.run(READ, viewer=viewer, ids=ids) == {"markNotificationsRead": {"userErrors": []}}
        unread, nodes = await self.inbox(viewer)
        assert unread == 0
        return nodes

    def stored(self) -> int:
        return self.api.factory.scalar("SELECT count(*) FROM notifications")


@pytest.fixture
def scene(api: Api) -> Scene:
    return Scene(api)


@pytest.mark.parametrize("kind", ACTS)
async def test_an_act_that_is_undone_deletes_its_unread_notification(scene: Scene, kind: str) -> None:
    act = ACTS[kind]
    owner = scene.closed if kind == "request" else scene.ada
    for _ in range(2):
        await scene.run(scene.ben, act.does, act.input)
        unread, nodes = await scene.inbox(owner)
        assert (unread, [one["title"] for one in nodes]) == (1, [act.title])
        await scene.run(scene.ben, act.undoes, act.input)
        assert await scene.inbox(owner) == NOTHING
        assert scene.stored() == 0


@pytest.mark.parametrize("kind", ACTS)
async def test_an_act_that_was_read_and_is_repeated_notifies_nobody_again(scene: Scene, kind: str) -> None:
    act = ACTS[kind]
    owner = scene.closed if kind == "request" else scene.ada
    await scene.run(scene.ben, act.does, act.input)
    (before,) = await scene.read(owner)
    for _ in range(2):
        await scene.run(scene.ben, act.undoes, act.input)
        assert await scene.inbox(owner) == NOTHING
        assert await scene.api.run(NODE, viewer=owner, id=before["id"]) == {"node": None}
        await scene.run(scene.ben, act.does, act.input)
        unread, (after,) = await scene.inbox(owner)
        assert unread == 0
        if kind == "request":  # it waits for an answer, and stands where it does
            assert after.pop("createdAt") > before["createdAt"]
            after["createdAt"] = before["createdAt"]
        assert after == before


async def test_an_undone_repost_leaves_none_of_its_words(scene: Scene) -> None:
    await scene.run(scene.ben, "repost", 'postId: $post, comment: "Psst"')
    assert [one["content"] for one in await scene.read(scene.ada)] == ["Psst"]
    await scene.run(scene.ben, "undoRepost", "postId: $post")
    assert scene.api.factory.scalar("SELECT array_agg(content) FROM notifications") == [None]
    await scene.run(scene.ben, "repost", 'postId: $post, comment: "Aloud"')
    unread, nodes = await scene.inbox(scene.ada)
    assert (unread, [(one["content"], one["isRead"]) for one in nodes]) == (0, [("Aloud", True)])


@pytest.mark.parametrize("is_read", [False, True])
async def test_the_end_of_a_friendship_ends_its_notifications_for_both(scene: Scene, is_read: bool) -> None:
    await scene.run(scene.ada, "follow", "userId: $ben")
    await scene.run(scene.ben, "follow", "userId: $ada")
    assert [one["title"] for one in (await scene.inbox(scene.ada))[1]] == ["New friend", "New follower"]
    for person in (scene.ada, scene.ben) if is_read else ():
        await scene.read(person)
    await scene.run(scene.ben, "unfollow", "userId: $ada")
    assert await scene.inbox(scene.ada) == NOTHING
    unread, nodes = await scene.inbox(scene.ben)
    assert (unread, [one["title"] for one in nodes]) == (0 if is_read else 1, ["New follower"])
    await scene.run(scene.ben, "follow", "userId: $ada")
    unread, nodes = await scene.inbox(scene.ada)
    assert (unread, len(nodes)) == (0 if is_read else 2, 2)


REMOVES = {
    "removeFollower": "userId: $ben",
    "respondToFriendRequest": "userId: $ben, accept: false",
    "blockUser": "userId: $ben",
}


@pytest.mark.parametrize("removes", REMOVES)
async def test_whom_one_removed_oneself_notifies_as_somebody_new(scene: Scene, removes: str) -> None:
    await scene.run(scene.ben, "follow", "userId: $ada")
    await scene.read(scene.ada)
    await scene.run(scene.ada, removes, REMOVES[removes])
    assert scene.stored() == 0
    if removes == "blockUser":
        await scene.run(scene.ada, "unblockUser", "userId: $ben")
    await scene.run(scene.ben, "follow", "userId: $ada")
    unread, nodes = await scene.inbox(scene.ada)
    assert (unread, [one["title"] for one in nodes]) == (1, ["New follower"])


async def test_who_removes_a_friend_again_and_again_notifies_them_once(scene: Scene) -> None:
    await scene.run(scene.ben, "follow", "userId: $ada")
    await scene.run(scene.ada, "follow", "userId: $ben")
    before = await scene.read(scene.ben)
    for _ in range(2):
        await scene.run(scene.ada, "unfollow", "userId: $ben")
        assert await scene.inbox(scene.ben) == NOTHING
        await scene.run(scene.ada, "follow", "userId: $ben")
        unread, nodes = await scene.inbox(scene.ben)
        assert (unread, nodes) == (0, before)


async def test_a_mention_that_is_taken_out_and_put_in_again_notifies_once(scene: Scene) -> None:
    scene.ids["mine"] = encode("Post", scene.api.factory.post(scene.ben))
    for text, shown in (("Hello @ada", 1), ("Hello", 0), ("Hi @ada", 1)):
        await scene.run(scene.ben, "updatePost", f'postId: $mine, content: "{text}"')
        unread, nodes = await scene.inbox(scene.ada)
        assert (unread, [one["content"] for one in nodes]) == (shown, [text] * shown)
    await scene.read(scene.ada)
    for text, shown in (("Hello", 0), ("Hey @ada", 1)):
        await scene.run(scene.ben, "updatePost", f'postId: $mine, content: "{text}"')
        unread, nodes = await scene.inbox(scene.ada)
        assert (unread, [(one["content"], one["isRead"]) for one in nodes]) == (0, [(text, True)] * shown)


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_deleted_comment_deletes_what_quotes_it(scene: Scene, is_read: bool) -> None:
    await scene.run(scene.ben, "addComment", 'postId: $post, content: "Nice"')
    if is_read:
        await scene.read(scene.ada)
    scene.ids["mine"] = encode("Comment", scene.api.factory.scalar("SELECT max(id) FROM comments"))
    await scene.run(scene.ben, "deleteComment", "commentId: $mine")
    assert scene.stored() == 0


@pytest.mark.parametrize("is_read", [False, True])
@pytest.mark.parametrize("undone", [["comment like"], ["like"], ["comment like", "other comment like"]])
@pytest.mark.parametrize("turned", [False, True])
async def test_of_likes_that_share_a_notification_the_last_one_withdraws_it(
    api: Api, undone: list[str], *, is_read: bool, turned: bool
) -> None:
    """A like of a post, and likes of two comments on it by its author."""
    scene = Scene(api)
    scene.ids["other"] = encode("Comment", api.factory.comment(scene.ada, scene.post))
    acts = {
        "like": ACTS["like"],
        "comment like": ACTS["comment like"],
        "other comment like": ACTS["comment like"]._replace(input="commentId: $other"),
    }
    for name in reversed(acts) if turned else acts:
        await scene.run(scene.ben, acts[name].does, acts[name].input)
    if is_read:
        await scene.read(scene.ada)
    before = await scene.inbox(scene.ada)
    for name in undone:
        await scene.run(scene.ben, acts[name].undoes, acts[name].input)
    assert await scene.inbox(scene.ada) == before
    for name in set(acts) - set(undone):
        await scene.run(scene.ben, acts[name].undoes, acts[name].input)
    assert await scene.inbox(scene.ada) == NOTHING


@pytest.mark.parametrize("kind", ["like", "comment like"])
async def test_likes_of_others_keep_nobodys_notification(scene: Scene, kind: str) -> None:
    cleo = scene.api.factory.scalar("SELECT id FROM users WHERE username = 'cleo'")
    for act in (ACTS["like"], ACTS["comment like"]):
        await scene.run(cleo, act.does, act.input)
    before = await scene.inbox(scene.ada)
    await scene.run(scene.ben, ACTS[kind].does, ACTS[kind].input)
    assert await scene.inbox(scene.ada) != before
    await scene.run(scene.ben, ACTS[kind].undoes, ACTS[kind].input)
    assert await scene.inbox(scene.ada) == before


@pytest.mark.parametrize("kind", ["like", "comment like"])
async def test_a_like_of_a_deleted_comment_keeps_no_notification(scene: Scene, kind: str) -> None:
    make = scene.api.factory
    blank = make.comment(scene.ada, scene.post)
    make.comment(scene.ben, scene.post, parent_comment_id=blank)
    make.insert("app.comment_likes", user_id=scene.ben, comment_id=blank)
    make.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [blank])
    await scene.run(scene.ben, ACTS[kind].does, ACTS[kind].input)
    assert scene.stored() == 1
    await scene.run(scene.ben, ACTS[kind].undoes, ACTS[kind].input)
    assert scene.stored() == 0


async def test_a_request_of_a_former_follower_is_news(api: Api) -> None:
    scene = Scene(api)
    await scene.run(scene.ben, "follow", "userId: $ada")
    await scene.read(scene.ada)
    await scene.run(scene.ben, "unfollow", "userId: $ada")
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'followers' WHERE user_id = %s", [scene.ada])
    await scene.run(scene.ben, "follow", "userId: $ada")
    unread, (found,) = await scene.inbox(scene.ada)
    assert (unread, found["title"], found["isRead"]) == (1, "New follow request", False)
    await scene.read(scene.ada)
    for act in ("unfollow", "follow"):
        await scene.run(scene.ben, act, "userId: $ada")
    unread, (found,) = await scene.inbox(scene.ada)
    assert (unread, found["isRead"]) == (0, True)
