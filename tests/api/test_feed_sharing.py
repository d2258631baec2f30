"""Feeds that others may open, and copies of them."""

from typing import Any

from api.feeds import sharing
from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS, RULES, create, rules

SHARE = f"""mutation ($input: ShareFeedInput!) {{ shareFeed(input: $input) {{
  feed {{ id sharing }} linkToken viewer {{ id }} {ERRORS} }} }}"""
FORK = f"""mutation ($input: ForkFeedInput!) {{ forkFeed(input: $input) {{
  feed {{ id name description sharing viewerCanEdit owner {{ username }} rules {{ {RULES} }}
    forkedFrom {{ id }} }} forkedFrom {{ id forksCount }} viewer {{ feeds {{ name }} }} {ERRORS} }} }}"""
OPEN = "query ($id: ID!) { feed(id: $id) { id } node(id: $id) { id } }"
LINK = "query ($token: String!) { sharedFeed(token: $token) { id name owner { username } posts { nodes { id } } } }"
STORED = (
    b"SELECT (SELECT array_agg(f) FROM custom_feeds AS f)::text, (SELECT array_agg(t) FROM app.feed_tokens AS t)::text"
)


async def share(api: Api, viewer: int, feed: str, kind: str, **more: Any) -> dict[str, Any]:
    return (await api.run(SHARE, viewer=viewer, input={"feedId": feed, "sharing": kind, **more}))["shareFeed"]


async def fork(api: Api, viewer: int, feed: str, **more: Any) -> dict[str, Any]:
    return (await api.run(FORK, viewer=viewer, input={"feedId": feed, **more}))["forkFeed"]


async def opens(api: Api, viewer: int | None, feed: str) -> bool:
    found = await api.run(OPEN, viewer=viewer, id=feed)
    assert (found["feed"] is None) == (found["node"] is None)
    return found["feed"] is not None


async def opened(api: Api, viewer: int | None, token: str | None) -> str | None:
    found = (await api.run(LINK, viewer=viewer, token=token))["sharedFeed"]
    return found and found["id"]


async def test_a_feed_is_opened_by_whom_its_owner_lets(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    readers = (ada, ben, None)
    assert [await opens(api, one, feed) for one in readers] == [True, False, False]
    public = await share(api, ada, feed, "PUBLIC")
    assert (public["feed"], public["linkToken"], public["userErrors"]) == (
        {"id": feed, "sharing": "PUBLIC"},
        None,
        [],
    )
    assert [await opens(api, one, feed) for one in readers] == [True, True, True]
    token = (await share(api, ada, feed, "LINK"))["linkToken"]
    assert [await opens(api, one, feed) for one in readers] == [True, False, False]
    assert [await opened(api, one, token) for one in readers] == [feed, feed, feed]
    assert (await share(api, ada, feed, "PRIVATE"))["linkToken"] is None
    assert [await opened(api, one, token) for one in readers] == [None, None, None]
    assert [await opens(api, one, feed) for one in readers] == [True, False, False]


async def test_links_stay_valid_until_they_are_renewed_or_end(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    first, second = [(await share(api, ada, feed, "LINK"))["linkToken"] for _ in range(2)]
    await share(api, ada, feed, "PUBLIC")
    assert [await opened(api, ben, one) for one in (first, second)] == [feed, feed]
    third = (await share(api, ada, feed, "LINK", renewLink=True))["linkToken"]
    assert [await opened(api, ben, one) for one in (first, second, third)] == [None, None, feed]
    await share(api, ada, feed, "PRIVATE")
    await share(api, ada, feed, "LINK")
    assert await opened(api, ben, third) is None


async def test_a_token_is_stored_as_its_digest_alone(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    token = (await share(api, ada, feed, "LINK"))["linkToken"]
    rows = api.factory.connection.execute(
        "SELECT t::text, octet_length(token_hash) FROM app.feed_tokens AS t"
    ).fetchall()
    assert [length for _, length in rows] == [32]
    assert token not in rows[0][0]


async def test_a_feed_has_at_most_twenty_links(api: Api) -> None:
    ada = api.factory.user("ada")
    feed = (await create(api, ada))["feed"]["id"]
    assert sharing.TOKENS_PER_FEED == 20
    api.factory.connection.execute(
        "INSERT INTO app.feed_tokens (token_hash, feed_id, purpose) "
        "SELECT sha256(n::text::bytea), 1, 'link' FROM generate_series(1, 20) AS n"
    )
    before = api.factory.connection.execute(STORED).fetchall()
    refused = await share(api, ada, feed, "LINK")
    assert [(one["code"], one["field"]) for one in refused["userErrors"]] == [("BAD_USER_INPUT", ["input", "feedId"])]
    assert api.factory.connection.execute(STORED).fetchall() == before
    assert (await share(api, ada, feed, "LINK", renewLink=True))["linkToken"] is not None
    assert api.factory.scalar("SELECT count(*) FROM app.feed_tokens") == 1


async def test_only_its_owner_shares_a_feed(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    await share(api, ada, feed, "PUBLIC")
    before = api.factory.connection.execute(STORED).fetchall()
    for kind in ("PRIVATE", "LINK", "PUBLIC"):
        refused = await share(api, ben, feed, kind)
        assert (refused["feed"], refused["linkToken"]) == (None, None)
        assert [(one["code"], one["field"]) for one in refused["userErrors"]] == [("NOT_FOUND", ["input", "feedId"])]
    assert api.factory.connection.execute(STORED).fetchall() == before


async def test_a_shared_feed_speaks_of_who_reads_it(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    own = {one: api.factory.post(one) for one in (ada, ben)}
    api.factory.post(cleo)
    feed = (await create(api, ada, rules=rules({"author": {"relation": "ME"}})))["feed"]["id"]
    token = (await share(api, ada, feed, "LINK"))["linkToken"]
    for reader, expected in ((ada, [own[ada]]), (ben, [own[ben]]), (None, [])):
        found = (await api.run(LINK, viewer=reader, token=token))["sharedFeed"]
        assert found["posts"]["nodes"] == [{"id": encode("Post", one)} for one in expected]
        assert found["owner"] == {"username": "ada"}


async def test_a_feed_goes_with_the_profile_of_its_owner(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = (await create(api, ada))["feed"]["id"]
    token = (await share(api, ada, feed, "LINK"))["linkToken"]
    listed = (await create(api, ada, name="Listed"))["feed"]["id"]
    await share(api, ada, listed, "PUBLIC")
    page = '{ user(username: "ada") { feeds { id isDefault } } }'
    assert (await api.run(page, viewer=ben))["user"]["feeds"] == [{"id": listed, "isDefault": False}]
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'private' WHERE user_id = %s", [ada])
    assert (await opened(api, ben, token), await opens(api, ben, listed)) == (None, False)
    assert (await api.run(page, viewer=ben))["user"]["feeds"] == []
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'public'")
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=ada, blocked_id=ben)
    assert (await opened(api, ben, token), await opens(api, ben, listed)) == (None, False)
    assert await opened(api, None, token) == feed


async def test_the_rules_of_others_leave_out_whom_the_viewer_may_not_see(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    hidden = api.factory.insert("user_lists", user_id=ada, name="Hidden", is_public=False)
    shown = api.factory.insert("user_lists", user_id=ada, name="Shown", is_public=True)
    for one in (hidden, shown):
        api.factory.insert("list_members", "list_id", list_id=one, user_id=dan)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ben)
    post = api.factory.post(dan)
    sent = rules(
        {"author": {"userIds": [encode("User", cleo), encode("User", dan)]}},
        {"author": {"listId": encode("UserList", hidden)}},
        {"author": {"listId": encode("UserList", shown)}},
        match="ANY",
    )
    feed = (await create(api, ada, rules=sent))["feed"]["id"]
    await share(api, ada, feed, "PUBLIC")
    filters = "filters { filter { author { userIds listId } } }"
    query = f"""query ($id: ID!, $post: ID!) {{ feed(id: $id) {{ rules {{ {RULES} }}
      notices {{ code path filter {{ author {{ listId userIds }} }} }} exportDocument
      posts {{ edges {{ matchedBy {{ groups {{ {filters} }} }} }} }} }}
      explainPost(feed: {{feedId: $id}}, postId: $post) {{ isIncluded groups {{ {filters} }} }} }}"""
    found = await api.run(query, viewer=ben, id=feed, post=encode("Post", post))
    text = str(found)
    assert [name in text for name in (encode("UserList", hidden), encode("User", cleo), "cleo", "Hidden")] == [
        False
    ] * 4
    assert [name in text for name in (encode("UserList", shown), encode("User", dan), "dan", "Shown")] == [True] * 4
    assert found["feed"]["notices"] == []
    assert found["explainPost"]["isIncluded"]
    mine = await api.run(query, viewer=ada, id=feed, post=encode("Post", post))
    assert [one["author"]["listId"] for one in mine["feed"]["rules"]["groups"][0]["filters"]] == [
        None,
        encode("UserList", hidden),
        encode("UserList", shown),
    ]


async def test_notices_on_the_feeds_of_others_say_nothing_of_who_is_hidden(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for hidden in (cleo, dan):
        api.factory.insert("app.user_blocks", "blocker_id", blocker_id=hidden, blocked_id=ben)
    lists = [api.factory.insert("user_lists", user_id=ada, name=name, is_public=False) for name in ("One", "Two")]

    def by(*users: int) -> dict[str, Any]:
        return {"author": {"userIds": [encode("User", one) for one in users]}}

    # To the reader these are of nobody, who may be the same people, others, or none.
    both = rules(by(cleo), by(dan), by(cleo, dan), by(cleo, ben))["groups"]
    listed = rules(*({"author": {"listId": encode("UserList", one)}} for one in lists), match="ANY")["groups"]
    without = rules(by(cleo), match="NONE")["groups"]
    sent = {"groups": [*both, *listed, *without]}
    feed = (await create(api, ada, rules=sent))["feed"]["id"]
    await share(api, ada, feed, "PUBLIC")
    query = "query ($id: ID!) { feed(id: $id) { notices { code message path } } }"
    assert (await api.run(query, viewer=ben, id=feed))["feed"]["notices"] == []
    own = (await api.run(query, viewer=ada, id=feed))["feed"]["notices"]
    assert {(one["code"], "".join(one["path"][1::2])) for one in own} == {
        ("CONTRADICTION", "01"),
        ("CONTRADICTION", "20"),
        ("LIST_GONE", "10"),
        ("LIST_GONE", "11"),
    }


async def test_a_copy_names_nobody_whom_the_viewer_may_not_see(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    hidden = api.factory.insert("user_lists", user_id=ada, name="Hidden", is_public=False)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ben)
    both = {"author": {"userIds": [encode("User", cleo), encode("User", dan)]}}
    feed = (await create(api, ada, rules=rules(both)))["feed"]["id"]
    await share(api, ada, feed, "PUBLIC")
    copied = (await fork(api, ben, feed))["feed"]["rules"]["groups"][0]["filters"]
    assert [one["author"]["userIds"] for one in copied] == [[encode("User", dan)]]
    count = api.factory.scalar("SELECT count(*) FROM custom_feeds")
    for name, alone in (("Her", {"userIds": [encode("User", cleo)]}), ("List", {"listId": encode("UserList", hidden)})):
        feed = (await create(api, ada, name=name, rules=rules({"author": alone}, {"tag": "jazz"})))["feed"]["id"]
        await share(api, ada, feed, "PUBLIC")
        payload = await fork(api, ben, feed)
        count += 1
        assert (payload["feed"], [error["code"] for error in payload["userErrors"]]) == (None, ["NOT_FOUND"])
        assert api.factory.scalar("SELECT count(*) FROM custom_feeds") == count


async def test_a_copy_is_ones_own_and_names_its_original(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    original = (await create(api, ada, name="Jazz", description="All that is jazz"))["feed"]
    await share(api, ada, original["id"], "PUBLIC")
    await create(api, ben, name="JAZZ")
    payload = await fork(api, ben, original["id"])
    copy = payload["feed"]
    assert payload["userErrors"] == []
    assert payload["forkedFrom"] == {"id": original["id"], "forksCount": 1}
    assert [one["name"] for one in payload["viewer"]["feeds"]] == ["Following", "JAZZ", "Jazz 2"]
    assert copy["rules"] == original["rules"]
    assert {
        name: copy[name] for name in ("name", "description", "sharing", "viewerCanEdit", "owner", "forkedFrom")
    } == {
        "name": "Jazz 2",
        "description": "All that is jazz",
        "sharing": "PRIVATE",
        "viewerCanEdit": True,
        "owner": {"username": "ben"},
        "forkedFrom": {"id": original["id"]},
    }
    named = await fork(api, ben, original["id"], name="jazz")
    assert [(one["code"], one["field"]) for one in named["userErrors"]] == [("CONFLICT", ["input", "name"])]


async def test_a_copy_outlives_its_original(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    original = (await create(api, ada))["feed"]
    token = (await share(api, ada, original["id"], "LINK"))["linkToken"]
    payload = await fork(api, ben, original["id"], linkToken=token)
    assert payload["forkedFrom"] == {"id": original["id"], "forksCount": 1}
    assert payload["feed"]["forkedFrom"] is None  # by its id alone the original is not opened
    copy = payload["feed"]["id"]
    await api.run(
        "mutation ($id: ID!) { deleteFeed(input: {feedId: $id}) { deletedId } }", viewer=ada, id=original["id"]
    )
    shown = f"query ($id: ID!) {{ feed(id: $id) {{ forkedFrom {{ id }} rules {{ {RULES} }} }} }}"
    found = (await api.run(shown, viewer=ben, id=copy))["feed"]
    assert found == {"forkedFrom": None, "rules": original["rules"]}
    api.factory.connection.execute("DELETE FROM users WHERE id = %s", [ada])
    assert await opens(api, ben, copy)
    assert api.factory.scalar("SELECT count(*) FROM app.feed_tokens") == 0


async def test_what_cannot_be_opened_cannot_be_copied(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    private = (await create(api, ada, name="Private"))["feed"]["id"]
    linked = (await create(api, ada, name="Linked"))["feed"]["id"]
    token = (await share(api, ada, linked, "LINK"))["linkToken"]
    before = api.factory.connection.execute(STORED).fetchall()
    for feed, more in (
        (private, {}),
        (private, {"linkToken": token}),
        (linked, {}),
        (linked, {"linkToken": "guessed"}),
        (encode("Feed", 10**15), {}),
    ):
        refused = await fork(api, ben, feed, **more)
        assert (refused["feed"], refused["forkedFrom"]) == (None, None)
        assert [(one["code"], one["field"]) for one in refused["userErrors"]] == [("NOT_FOUND", ["input", "feedId"])]
    assert api.factory.connection.execute(STORED).fetchall() == before
