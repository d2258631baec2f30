"""The home feed: what is in it, and its pages."""

from api.gql.ids import encode
from tests.api.conftest import Api


async def test_walking_the_home_feed_gives_every_post_once_in_both_directions(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for followed in (ben, cleo):
        api.factory.follow(ada, followed)
    moment = api.factory.scalar("SELECT now()")
    expected = [
        api.factory.post(author, f"{number}", published_at=moment, created_at=moment)
        for number, author in enumerate([ben, cleo, ben, ben, dan, cleo, ben])
        if author != dan or not api.factory.post(dan)
    ]
    ids = [encode("Post", key) for key in reversed(expected)]
    page = """query ($first: Int, $after: String, $last: Int, $before: String) {
      homeFeed(first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    assert [node["id"] for node in (await api.run(page, viewer=ada))["homeFeed"]["nodes"]] == ids
    forward: list[str] = []
    after = None
    while True:
        found = (await api.run(page, viewer=ada, first=2, after=after))["homeFeed"]
        forward += [node["id"] for node in found["nodes"]]
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    backward: list[str] = []
    before = None
    while True:
        found = (await api.run(page, viewer=ada, last=2, before=before))["homeFeed"]
        backward = [node["id"] for node in found["nodes"]] + backward
        if not found["pageInfo"]["hasPreviousPage"]:
            break
        before = found["pageInfo"]["startCursor"]
    assert forward == backward == ids


async def test_the_home_feed_leaves_out_whom_the_viewer_muted_or_blocked(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for followed in (ben, cleo, dan):
        api.factory.follow(ada, followed)
        api.factory.post(followed)
    api.factory.insert("app.user_mutes", "muter_id", muter_id=ada, muted_id=cleo)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=dan, blocked_id=ada)
    data = await api.run("{ homeFeed { nodes { author { username } } } }", viewer=ada)
    assert data == {"homeFeed": {"nodes": [{"author": {"username": "ben"}}]}}


async def test_a_home_feed_without_a_viewer_leaves_its_neighbours_alone(api: Api) -> None:
    api.factory.user("ada")
    query = '{ user(username: "ada") { username } homeFeed { nodes { id } } }'
    response = await api.post({"query": query})
    assert response.status_code == 200
    assert response.json()["data"] == {"user": {"username": "ada"}, "homeFeed": None}
    (error,) = response.json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["homeFeed"], "UNAUTHENTICATED")
