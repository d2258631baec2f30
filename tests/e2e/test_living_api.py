"""What people do with a running server: real processes, real HTTP."""

import asyncio

import httpx

from tests.e2e.conftest import FEED, Person, Service

LIKE = "mutation ($id: ID!) { likePost(input: {postId: $id}) { post { likesCount } userErrors { code } } }"
FOLLOW = "mutation ($id: ID!) { follow(input: {userId: $id}) { user { isFriend } userErrors { code } } }"
USER = "query ($name: String!) { user(username: $name) { id isFriend } }"


async def test_the_feed_page_answers_with_everything_in_it(ada: Person) -> None:
    feed = (await ada.run(FEED))["homeFeed"]
    assert len(feed["edges"]) == 20
    assert feed["pageInfo"]["hasNextPage"] is True
    times = [edge["node"]["createdAt"] for edge in feed["edges"]]
    assert times == sorted(times, reverse=True)
    media = next(edge["node"]["media"][0] for edge in feed["edges"] if edge["node"]["media"])
    picture = await ada.client.get(media["url"])
    assert picture.status_code == 200


async def test_the_whole_feed_is_walked_without_a_gap_or_a_repetition(ada: Person) -> None:
    seen: list[str] = []
    after = None
    while True:
        query = """query ($after: String) { homeFeed(first: 100, after: $after) {
          nodes { id } pageInfo { hasNextPage endCursor } } }"""
        feed = (await ada.run(query, after=after))["homeFeed"]
        seen += [node["id"] for node in feed["nodes"]]
        after = feed["pageInfo"]["endCursor"]
        if not feed["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) > 100


async def test_fifty_people_who_like_a_post_at_once_count_fifty(service: Service, ada: Person) -> None:
    post = (await ada.run(FEED))["homeFeed"]["edges"][0]["node"]["id"]
    likes = "mutation ($id: ID!) { unlikePost(input: {postId: $id}) { post { likesCount } } }"
    before = (await ada.run(likes, id=post))["unlikePost"]["post"]["likesCount"]
    for token in range(50):
        service.scalar(
            f"""WITH person AS (INSERT INTO users (username, email, password_hash)
              VALUES ('fan_{token}', 'fan_{token}@example.org', 'x') RETURNING id)
            INSERT INTO app.sessions (user_id, token_hash, expires_at)
            SELECT id, sha256('fan-{token}'), now() + interval '1 hour' FROM person RETURNING id"""
        )
    async with httpx.AsyncClient(base_url=service.address, timeout=30) as client:

        async def like(number: int) -> httpx.Response:
            headers = {"authorization": f"Bearer fan-{number}"}
            return await client.post("/graphql", json={"query": LIKE, "variables": {"id": post}}, headers=headers)

        answers = await asyncio.gather(*map(like, range(50)))
    assert all(answer.json()["data"]["likePost"]["userErrors"] == [] for answer in answers)
    counts = sorted(answer.json()["data"]["likePost"]["post"]["likesCount"] for answer in answers)
    assert counts == list(range(before + 1, before + 51))


async def test_two_who_follow_each_other_at_once_are_friends(service: Service) -> None:
    ben, cleo = await service.person("ben"), await service.person("cleo")
    pair = "(SELECT id FROM users WHERE username IN ('ben', 'cleo'))"
    apart = f"DELETE FROM user_follows WHERE follower_id IN {pair} AND following_id IN {pair} RETURNING 1"
    service.scalar(f"WITH gone AS ({apart}) SELECT count(*) FROM gone")
    friends = "SELECT count(*) FROM friendships"
    before = service.scalar(friends)
    ben_id = (await cleo.run(USER, name="ben"))["user"]["id"]
    cleo_id = (await ben.run(USER, name="cleo"))["user"]["id"]
    await asyncio.gather(ben.run(FOLLOW, id=cleo_id), cleo.run(FOLLOW, id=ben_id))
    assert (await ben.run(USER, name="cleo"))["user"]["isFriend"] is True
    assert service.scalar(friends) == before + 1
    for person in (ben, cleo):
        await person.client.aclose()


async def test_every_seeded_feed_of_everybody_runs(service: Service, ada: Person) -> None:
    feeds = (await ada.run("{ viewer { feeds { name posts(first: 5) { nodes { id type } } } } }"))["viewer"]["feeds"]
    assert len(feeds) >= 3
    assert all(feed["posts"]["nodes"] for feed in feeds)
    one = (await ada.run("{ viewer { feeds { id name } } }"))["viewer"]["feeds"][0]
    query = "query ($id: ID!) { feed(id: $id) { name posts { nodes { id } } } }"
    assert (await ada.run(query, id=one["id"]))["feed"]["name"] == one["name"]
    ben = await service.person("ben")
    assert (await ben.run(query, id=one["id"]))["feed"] is None
    await ben.client.aclose()


async def test_a_message_reaches_the_other_side(service: Service, ada: Person) -> None:
    dan = await service.person("dan")
    dan_id = (await ada.run(USER, name="dan"))["user"]["id"]
    send = """mutation ($id: ID!, $text: String!) { sendMessage(input: {recipientId: $id, content: $text}) {
      conversation { id } userErrors { code } } }"""
    inbox = """{ viewer { unreadNotificationCount
      conversations(first: 1) { nodes { id unreadCount lastMessage { content } } } } }"""
    before = (await dan.run(inbox))["viewer"]
    sent = (await ada.run(send, id=dan_id, text="Bring the spare tube"))["sendMessage"]
    after = (await dan.run(inbox))["viewer"]
    top = after["conversations"]["nodes"][0]
    assert (top["id"], top["lastMessage"]) == (sent["conversation"]["id"], {"content": "Bring the spare tube"})
    assert top["unreadCount"] >= 1
    assert after["unreadNotificationCount"] == before["unreadNotificationCount"] + 1
    await dan.client.aclose()


async def test_a_hundred_wrong_requests_leave_the_server_answering(service: Service, ada: Person) -> None:
    bodies = [b"{", b"[]", b'{"query": "{"}', b'{"query": "{ nothing }"}', b'{"query": "\\ud800"}'] * 20
    headers = {"content-type": "application/json"}
    answers = await asyncio.gather(*(ada.client.post("/graphql", content=body, headers=headers) for body in bodies))
    assert all(answer.status_code < 500 and answer.json()["errors"][0]["extensions"]["code"] for answer in answers)
    assert (await ada.client.get(f"{service.address}/healthz")).status_code == 200


async def test_more_requests_than_connections_are_all_answered(ada: Person) -> None:
    answers = await asyncio.gather(*(ada.run("{ viewer { username } }") for _ in range(60)))
    assert answers == [{"viewer": {"username": "ada"}}] * 60
