"""What weakens a feed: what its rules name and is not there for whoever reads it."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.api.own_feeds import create, rules

NOTICES = "notices { code severity message cure path filter { kind } }"
FEEDS = f"{{ viewer {{ feeds {{ {NOTICES} }} }} }}"
PREVIEW = f"query ($rules: FeedRulesInput!) {{ previewFeed(rules: $rules) {{ {NOTICES} userErrors {{ code }} }} }}"
NOBODY = 10**15


async def noticed(api: Api, viewer: int, sent: dict[str, Any]) -> list[dict[str, Any]]:
    return (await api.run(PREVIEW, viewer=viewer, rules=sent))["previewFeed"]["notices"]


async def test_people_who_may_not_be_seen_are_as_gone_as_who_never_was(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    suspended = api.factory.user("eve", status="suspended")
    private = api.factory.user("fay")
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'private' WHERE user_id = %s", [private])
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    told = {
        str(await noticed(api, ada, rules({"author": {"userIds": [encode("User", one)]}})))
        for one in (cleo, suspended, private, NOBODY)
    }
    assert len(told) == 1
    (gone,) = await noticed(api, ada, rules({"author": {"userIds": [encode("User", NOBODY)]}}))
    assert gone == {
        "code": "AUTHOR_GONE",
        "severity": "WARNING",
        "message": "This person cannot be found, or you may not see their posts.",
        "cure": "Name other people, or remove the filter.",
        "path": ["groups", "0", "filters", "0"],
        "filter": {"kind": "AUTHOR"},
    }
    seen = [encode("User", one) for one in (ada, ben, dan)]
    assert await noticed(api, ada, rules({"author": {"userIds": seen}})) == []
    assert await noticed(api, private, rules({"author": {"userIds": [encode("User", private)]}})) == []


async def test_a_list_that_is_empty_hidden_or_gone_is_the_same(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()

    def people(owner: int, *members: int, is_public: bool) -> int:
        found = api.factory.insert("user_lists", user_id=owner, name=f"L{is_public}{members}", is_public=is_public)
        for member in members:
            api.factory.insert("list_members", "list_id", list_id=found, user_id=member)
        return found

    shown = [people(ada, cleo, is_public=False), people(ben, cleo, is_public=True)]
    for one in shown:
        assert await noticed(api, ada, rules({"author": {"listId": encode("UserList", one)}})) == []
    hidden = [people(ben, ada, is_public=False), people(ada, is_public=False), NOBODY]
    told = [await noticed(api, ada, rules({"author": {"listId": encode("UserList", one)}})) for one in hidden]
    assert told[0] == told[1] == told[2]
    assert [(one["code"], one["path"]) for one in told[0]] == [("LIST_GONE", ["groups", "0", "filters", "0"])]


async def test_a_tag_that_no_public_post_has_is_unused_whatever_is_hidden(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben, tags=["jazz"])
    for hidden in ("private", "followers"):
        api.factory.post(ben, tags=["secret"], visibility=hidden)
    assert await noticed(api, ada, rules({"tag": "jazz"})) == []
    told = [await noticed(api, ada, rules({"tag": tag})) for tag in ("secret", "nobody")]
    assert [one[0]["code"] for one in told] == ["TAG_UNUSED", "TAG_UNUSED"]
    assert str(told[0]) == str(told[1]).replace("nobody", "secret")
    assert told[0][0]["severity"] == "INFO"


async def test_the_notices_of_all_feeds_are_one_statement_of_each_kind(compiled_api: Api) -> None:
    api = compiled_api
    ada, ben, *_ = api.factory.cast()
    gone, unused = {"author": {"userIds": [encode("User", NOBODY)]}}, {"tag": "nobody"}
    listed = {"author": {"listId": encode("UserList", NOBODY)}}
    await create(api, ada, name="One", rules=rules(gone, unused))
    seen = {"author": {"userIds": [encode("User", ben)]}}
    await create(api, ada, name="Two", rules=rules(listed, {"tag": "other"}, seen))
    await create(api, ada, name="Three", rules={"groups": [], "join": "ANY"})
    feeds = (await api.run(FEEDS, viewer=ada))["viewer"]["feeds"]
    assert [[(one["code"], "".join(one["path"][1::2])) for one in feed["notices"]] for feed in feeds] == [
        [],
        [("AUTHOR_GONE", "00"), ("TAG_UNUSED", "01")],
        [("LIST_GONE", "00"), ("TAG_UNUSED", "01")],
        [("NEVER_MATCHES", "")],
    ]
    assert sorted(api.statements) == [
        "feeds_by_user_ids",
        "filters_by_feed_ids",
        "lists_by_ids",
        "session_by_token_hash",
        "tags_in_use",
        "users_by_ids",
    ]


async def test_rules_that_are_not_valid_have_errors_and_no_notices(api: Api) -> None:
    ada = api.factory.user("ada")
    found = (await api.run(PREVIEW, viewer=ada, rules=rules({"tag": "two words"}, {"tag": "nobody"})))["previewFeed"]
    assert found == {"notices": [], "userErrors": [{"code": "BAD_USER_INPUT"}]}


async def test_a_preview_says_which_filter_leaves_none_of_the_latest_posts(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    for number in range(100):
        api.factory.post(ben, content=f"jazz {number}", tags=["jazz"])
    language = {"language": {"anyOf": ["fi"]}}
    common, none = {"tag": "jazz"}, {"match": "NONE", "filters": [{"text": {"contains": "jazz"}}]}
    (found,) = await noticed(api, ada, rules(common, language))
    assert found == {
        "code": "DROPS_ALMOST_ALL",
        "severity": "WARNING",
        "message": "It drops 100 of the latest 100 posts by itself, and none is left.",
        "cure": "Loosen it, or put it into a group with ANY beside others.",
        "path": ["groups", "0", "filters", "1"],
        "filter": {"kind": "LANGUAGE"},
    }
    (found,) = await noticed(api, ada, {"groups": [{"filters": [common]}, none]})
    assert (found["code"], found["path"]) == ("DROPS_ALMOST_ALL", ["groups", "1", "filters", "0"])
    # What keeps something, what need not hold, and what has a reason already.
    assert await noticed(api, ada, rules(common)) == []
    assert await noticed(api, ada, rules(common, language, match="ANY")) == []
    assert await noticed(api, ada, {"join": "ANY", "groups": [none, {"filters": [language]}]}) == []
    assert [one["code"] for one in await noticed(api, ada, rules({"tag": "nobody"}))] == ["TAG_UNUSED"]
    api.factory.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = (SELECT max(id) FROM posts)")
    assert await noticed(api, ada, rules(common, language)) == []
