"""Objects by their global ids."""

from datetime import UTC, datetime

import pytest

from api.gql.errors import BadUserInputError
from api.gql.ids import decode, decode_any, encode
from tests.api.conftest import Api


async def test_every_kind_of_node_is_found_by_its_own_id(api: Api) -> None:
    ada, ben, _cleo, dan = api.factory.cast()
    factory = api.factory
    text = factory.insert("profile_sections", user_id=ada, type="static_text", title="About")
    factory.insert("app.user_blocks", "blocked_id", blocker_id=ada, blocked_id=dan)
    session = factory.insert(
        "app.sessions", user_id=ada, token_hash=b"x" * 32, expires_at=datetime(2100, 1, 1, tzinfo=UTC)
    )
    post = factory.post(ada)
    conversation = factory.insert("conversations", kind="direct", participant_ids=[ada, ben])
    factory.insert("app.conversation_members", "user_id", conversation_id=conversation, user_id=ada)
    keys = {
        "User": ben,
        "Post": post,
        "Comment": factory.comment(ben, post),
        "Media": factory.media(ada, post),
        "Feed": factory.insert("custom_feeds", user_id=ada, name="Mine"),
        "Conversation": conversation,
        "Message": factory.insert("messages", conversation_id=conversation, sender_id=ben, content="Hi"),
        "Notification": factory.insert("notifications", user_id=ada, type="system", title="Hello"),
        "StaticTextSection": text,
        "SectionContent": factory.insert("section_content", section_id=text, content_type="text", content="Hello"),
        "Profile": ben,
        "Session": session,
        "BlockedUser": dan,
        **dict.fromkeys(("Viewer", "AccountSettings", "Privacy", "Storage"), ada),
    }
    ids = [encode("ProfileSection" if name.endswith("Section") else name, key) for name, key in keys.items()]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = (await api.run(query, viewer=ada, ids=ids))["nodes"]
    assert found == [{"__typename": name, "id": key} for name, key in zip(keys, ids, strict=True)]
    signed_out = (await api.run(query, ids=ids))["nodes"]
    assert [node["__typename"] for node in signed_out if node] == [
        "User",
        "Post",
        "Comment",
        "Media",
        "StaticTextSection",
        "SectionContent",
        "Profile",
    ]


async def test_nodes_keeps_the_order_of_its_ids_with_null_for_missing_ones(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    ids = [encode("User", ben), encode("Post", 1), encode("User", ada), encode("User", ben)]
    found = (await api.run("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids))["nodes"]
    assert found == [{"id": ids[0]}, None, {"id": ids[2]}, {"id": ids[0]}]
    assert api.log.names == ["users_by_ids", "posts_by_ids"]  # one for each kind, however many ids
    error = await api.fail("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids * 26)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_malformed_id_fails_alone(api: Api) -> None:
    ada, *_ = api.factory.cast()
    ids = ["nonsense", encode("User", ada), encode("Storm", 1)]
    response = await api.post({"query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": {"ids": ids}})
    assert response.status_code == 200
    assert response.json()["data"] == {"nodes": [None, {"id": ids[1]}, None]}
    errors = response.json()["errors"]
    assert [(error["path"], error["extensions"]["code"]) for error in errors] == [
        (["nodes", 0], "BAD_USER_INPUT"),
        (["nodes", 2], "BAD_USER_INPUT"),
    ]


@pytest.mark.parametrize("key", [1, 42, 2**63 - 1])
def test_an_id_comes_back_as_it_went(key: int) -> None:
    assert decode_any(encode("Post", key)) == ("Post", key)


@pytest.mark.parametrize("forged", ["", "x", "UG9zdDox=", "UG9zdDox ", "UG9zdDowMQ", "UG9zdDotMQ", "UG9zdDow", "é"])
def test_only_ids_that_were_given_are_taken(forged: str) -> None:
    with pytest.raises(BadUserInputError):
        decode(forged, "Post")
