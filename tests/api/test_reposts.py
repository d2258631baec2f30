"""Reposts and shares: made, repeated, undone, and seen by nobody who may not see the post."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.triggers.recount import differences

REPOST = """
mutation ($id: ID!, $comment: String) { repost(input: {postId: $id, comment: $comment}) {
  repost { id comment createdAt user { username } post { id } }
  post { id repostsCount viewerHasReposted viewerRepost { comment } }
  repostEdge { cursor node { id } } user { reposts { edges { cursor node { id } } } }
  userErrors { __typename code field } } }
"""
UNDO = """
mutation ($id: ID!) { undoRepost(input: {postId: $id}) {
  deletedId post { repostsCount viewerHasReposted viewerRepost { id } } user { reposts { nodes { id } } }
  userErrors { code field } } }
"""
SHARE = "mutation ($id: ID!) { sharePost(input: {postId: $id}) { post { id } userErrors { code field } } }"
OF_POST = """
query ($id: ID!) { post(id: $id) { repostsCount reposters { nodes { username } } reposts { nodes { comment } } } }
"""


def rows(api: Api) -> list[tuple[Any, ...]]:
    return api.factory.connection.execute("SELECT user_id, post_id, comment FROM reposts ORDER BY id").fetchall()


def notified(api: Api) -> list[tuple[Any, ...]]:
    query = b"SELECT user_id, actor_id, type::text, content FROM notifications ORDER BY id"
    return api.factory.connection.execute(query).fetchall()


async def test_reposting_again_is_the_same_repost_with_the_latest_words(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    id_ = encode("Post", post)
    made: list[dict[str, Any]] = []
    for given, words in ((None, None), ("Read this", "Read this"), (None, "Read this"), ("No, do", "No, do")):
        data = (await api.run(REPOST, viewer=ben, id=id_, comment=given))["repost"]
        assert data["post"] == {
            "id": id_, "repostsCount": 1, "viewerHasReposted": True, "viewerRepost": {"comment": words}
        }  # fmt: skip
        assert data["user"]["reposts"]["edges"] == [data["repostEdge"]]
        assert data["repostEdge"]["node"] == {"id": id_}
        assert (data["userErrors"], data["repost"].pop("comment")) == ([], words)
        made.append(data["repost"])
        assert rows(api) == [(ben, post, words)]
        assert notified(api) == [(ada, ben, "repost", words)]
    assert made == made[:1] * 4
    assert (made[0]["user"], made[0]["post"]) == ({"username": "ben"}, {"id": id_})
    assert differences(api.factory.connection) == []


async def test_an_undone_repost_is_gone_with_its_unread_notification(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    id_ = encode("Post", api.factory.post(ada))
    repost = (await api.run(REPOST, viewer=ben, id=id_))["repost"]["repost"]["id"]
    await api.run(REPOST, viewer=cleo, id=id_)
    for deleted in (repost, None):
        data = (await api.run(UNDO, viewer=ben, id=id_))["undoRepost"]
        assert data == {
            "deletedId": deleted,
            "post": {"repostsCount": 1, "viewerHasReposted": False, "viewerRepost": None},
            "user": {"reposts": {"nodes": []}},
            "userErrors": [],
        }
    assert notified(api) == [(ada, cleo, "repost", None)]
    assert (await api.run("query ($id: ID!) { node(id: $id) { id } }", viewer=ben, id=repost))["node"] is None
    assert differences(api.factory.connection) == []


async def test_what_may_not_be_seen_is_neither_reposted_nor_shared(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    hidden = api.factory.post(ada, visibility="private")
    for_followers = api.factory.post(ada, visibility="followers")
    draft = api.factory.post(ben, status="draft")
    refused = [{"code": "NOT_FOUND", "field": ["input", "postId"]}]
    for key in (hidden, for_followers, draft, 10**12):
        data = (await api.run(REPOST, viewer=ben, id=encode("Post", key)))["repost"]
        assert (data["repost"], data["post"], data["userErrors"][0]["code"]) == (None, None, "NOT_FOUND")
        data = (await api.run(SHARE, viewer=ben, id=encode("Post", key)))["sharePost"]
        assert data == {"post": None, "userErrors": refused}
    for key in (hidden, for_followers, 10**12):
        assert (await api.run(UNDO, viewer=ben, id=encode("Post", key)))["undoRepost"]["userErrors"] == refused
    for words in (" ", "x" * 501):
        data = (await api.run(REPOST, viewer=ada, id=encode("Post", hidden), comment=words))["repost"]
        assert [error["field"] for error in data["userErrors"]] == [["input", "comment"]]
    assert (rows(api), notified(api)) == ([], [])
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0


async def test_a_repost_shows_a_post_to_nobody_who_could_not_see_it(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    post = api.factory.post(ada, visibility="followers")
    for reader in (ben, dan):
        api.factory.follow(reader, ada)
    id_ = encode("Post", post)
    repost = (await api.run(REPOST, viewer=ben, id=id_, comment="Psst"))["repost"]["repost"]["id"]
    query = """query ($id: ID!, $repost: ID!) { post(id: $id) { id } node(id: $repost) { id }
      user(username: "ben") { reposts { nodes { id } } } }"""
    for viewer, sees in ((cleo, False), (None, False), (dan, True), (ada, True)):
        data = await api.run(query, viewer=viewer, id=id_, repost=repost)
        found = (data["post"] is not None, data["node"] is not None, data["user"]["reposts"]["nodes"] != [])
        assert found == (sees, sees, sees), viewer


async def test_reposts_by_people_with_closed_profiles_count_and_are_not_shown(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    closed = api.factory.user("closed", visibility="followers")
    api.factory.follow(cleo, closed)
    id_ = encode("Post", api.factory.post(ada))
    for viewer, words in ((closed, "For my own"), (ben, "For all")):
        await api.run(REPOST, viewer=viewer, id=id_, comment=words)
    assert await api.run(OF_POST, viewer=ada, id=id_) == {
        "post": {
            "repostsCount": 2,
            "reposters": {"nodes": [{"username": "ben"}]},
            "reposts": {"nodes": [{"comment": "For all"}]},
        }
    }
    assert notified(api) == [(ada, ben, "repost", "For all")]
    nodes = (await api.run(OF_POST, viewer=cleo, id=id_))["post"]["reposters"]["nodes"]
    assert nodes == [{"username": "ben"}, {"username": "closed"}]


async def test_a_repost_reports_nobody_elses_again(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    id_ = encode("Post", api.factory.post(ada))
    await api.run(REPOST, viewer=ben, id=id_)
    api.factory.connection.execute("DELETE FROM notifications")
    await api.run(REPOST, viewer=cleo, id=id_)
    assert notified(api) == [(ada, cleo, "repost", None)]


async def test_nobody_is_notified_of_their_own_repost(api: Api) -> None:
    ada = api.factory.user("ada")
    post = api.factory.post(ada)
    data = (await api.run(REPOST, viewer=ada, id=encode("Post", post)))["repost"]
    assert (data["userErrors"], rows(api), notified(api)) == ([], [(ada, post, None)], [])


async def test_sharing_twice_is_noted_once_and_counts_nowhere(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    id_ = encode("Post", api.factory.post(ada))
    for _ in range(2):
        assert (await api.run(SHARE, viewer=ben, id=id_))["sharePost"] == {"post": {"id": id_}, "userErrors": []}
    assert api.factory.scalar("SELECT array_agg(type::text) FROM post_interactions") == ["share"]
    assert (notified(api), differences(api.factory.connection)) == ([], [])


async def test_a_like_that_is_taken_back_deletes_its_unread_notification(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = encode("Post", api.factory.post(ada))
    for name, viewer in (("likePost", ben), ("likePost", cleo), ("unlikePost", ben)):
        await api.run(
            f"mutation ($id: ID!) {{ {name}(input: {{postId: $id}}) {{ post {{ id }} }} }}", viewer=viewer, id=post
        )
    assert notified(api) == [(ada, cleo, "like", None)]
