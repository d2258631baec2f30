"""Payloads: what a mutation changed, whose it is, and new entries as the lists show them."""

from datetime import UTC, datetime

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType

from api.gql.ids import encode
from api.schema import schema
from tests.api.conftest import Api

TYPES = schema._schema.type_map  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
# Who is nobody after the mutation, or before it, has no viewer to show.
WITHOUT_VIEWER = {"LogoutPayload", "DeleteAccountPayload", "RequestPasswordResetPayload", "ResetPasswordPayload"}


def payloads() -> list[GraphQLObjectType]:
    mutation = TYPES["Mutation"]
    assert isinstance(mutation, GraphQLObjectType)
    return [TYPES[f"{name[0].upper()}{name[1:]}Payload"] for name in mutation.fields]  # pyright: ignore[reportReturnType]


def test_each_payload_has_the_viewer_and_ends_with_the_user_errors() -> None:
    assert {found.name for found in payloads() if "viewer" not in found.fields} == WITHOUT_VIEWER
    for found in payloads():
        assert list(found.fields)[-1] == "userErrors", found
        assert str(found.fields["userErrors"].type) == "[UserError!]!"


def test_what_has_an_id_is_a_node() -> None:
    with_ids = {found.name for found in TYPES.values() if isinstance(found, GraphQLObjectType) and "id" in found.fields}
    node = TYPES["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert with_ids == {found.name for found in schema._schema.get_possible_types(node)}  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "abstract",
    [found for found in TYPES.values() if isinstance(found, GraphQLInterfaceType | GraphQLUnionType)],
    ids=lambda found: found.name,
)
def test_fields_that_types_share_have_one_type(abstract: GraphQLInterfaceType | GraphQLUnionType) -> None:
    """Else a document that asks for them in fragments on both is not valid."""
    if abstract.name == "Node":  # whose types have nothing to do with one another
        return
    shared: dict[str, set[str]] = {}
    for member in schema._schema.get_possible_types(abstract):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        for name, field in member.fields.items():
            shared.setdefault(name, set()).add(str(field.type))
    assert {name: types for name, types in shared.items() if len(types) > 1} == {}


async def test_a_new_post_comes_as_the_first_entry_of_its_authors_posts(api: Api) -> None:
    ada = api.factory.user("ada")
    query = """mutation { createPost(input: {content: "Hello"}) {
      post { id } postEdge { cursor node { id } } viewer { username }
      user { id posts(first: 1) { edges { cursor node { id } } } } userErrors { code } } }"""
    payload = (await api.run(query, viewer=ada))["createPost"]
    assert [payload["postEdge"]] == payload["user"]["posts"]["edges"]
    assert payload["postEdge"]["node"] == payload["post"]
    assert (payload["user"]["id"], payload["viewer"]) == (encode("User", ada), {"username": "ada"})


async def test_a_new_comment_comes_as_the_first_entry_of_its_list(api: Api) -> None:
    ada = api.factory.user("ada")
    post = encode("Post", api.factory.post(ada))
    query = """mutation ($post: ID!, $parent: ID) {
      addComment(input: {postId: $post, parentId: $parent, content: "Hi"}) {
        comment { id } commentEdge { cursor node { id } } viewer { username }
        post { commentsCount comments(first: 1) { edges { cursor node { id } } } }
        parent { id repliesCount replies(first: 1) { edges { cursor node { id } } } } } }"""
    added = (await api.run(query, viewer=ada, post=post))["addComment"]
    assert ([added["commentEdge"]], added["parent"]) == (added["post"]["comments"]["edges"], None)
    reply = (await api.run(query, viewer=ada, post=post, parent=added["comment"]["id"]))["addComment"]
    assert [reply["commentEdge"]] == reply["parent"]["replies"]["edges"]
    assert (reply["parent"]["id"], reply["parent"]["repliesCount"]) == (added["comment"]["id"], 1)
    assert (reply["post"]["commentsCount"], reply["viewer"]) == (2, {"username": "ada"})


async def test_a_message_comes_as_the_first_entry_of_its_conversation(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    query = """mutation ($ben: ID!) { sendMessage(input: {recipientId: $ben, content: "Hi"}) {
      messageEdge { cursor node { id } } conversationEdge { cursor node { id } }
      conversation { id messages(first: 1) { edges { cursor node { id } } } }
      viewer { conversations(first: 1) { edges { cursor node { id } } } } } }"""
    sent = (await api.run(query, viewer=ada, ben=encode("User", ben)))["sendMessage"]
    assert [sent["messageEdge"]] == sent["conversation"]["messages"]["edges"]
    assert [sent["conversationEdge"]] == sent["viewer"]["conversations"]["edges"]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_block_and_a_mute_come_as_the_first_entries_of_their_lists(api: Api, times: int) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    for other in (ben, dan):  # whose mutes are their own
        api.factory.insert(
            "app.user_mutes", "muted_id", muter_id=other, muted_id=cleo, created_at=datetime(2026, 1, 2, tzinfo=UTC)
        )
    query = """mutation ($ben: ID!, $cleo: ID!) {
      muteUser(input: {userId: $cleo}) { mutedEdge { cursor node { id } }
        viewer { muted { edges { cursor node { id } } } } }
      blockUser(input: {userId: $ben}) { deletedId blockedEdge { cursor node { id userId } }
        viewer { blocked { edges { cursor node { id userId } } } } } }"""
    ids = {"ben": encode("User", ben), "cleo": encode("User", cleo)}
    for _ in range(times - 1):
        await api.run(query, viewer=ada, **ids)
    done = await api.run(query, viewer=ada, **ids)
    assert [done["muteUser"]["mutedEdge"]] == done["muteUser"]["viewer"]["muted"]["edges"]
    assert [done["blockUser"]["blockedEdge"]] == done["blockUser"]["viewer"]["blocked"]["edges"]
    assert done["blockUser"]["deletedId"] == encode("User", ben)
    assert done["blockUser"]["blockedEdge"]["node"] == {"id": encode("BlockedUser", ben), "userId": encode("User", ben)}


async def test_a_payload_with_user_errors_has_no_viewer(api: Api) -> None:
    ada = api.factory.user("ada")
    query = "mutation ($id: ID!) { likePost(input: {postId: $id}) { post { id } viewer { id } userErrors { code } } }"
    refused = {"post": None, "viewer": None, "userErrors": [{"code": "NOT_FOUND"}]}
    assert await api.run(query, viewer=ada, id=encode("Post", 1)) == {"likePost": refused}


async def test_a_new_name_shows_at_the_user_and_the_viewer(api: Api) -> None:
    ada = api.factory.user("ada")
    query = 'mutation { changeUsername(input: {username: "lovelace"}) { user { username } viewer { username } } }'
    named = {"username": "lovelace"}
    assert await api.run(query, viewer=ada) == {"changeUsername": {"user": named, "viewer": named}}
