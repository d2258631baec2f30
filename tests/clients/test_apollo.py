"""Apollo's cache after each mutation: with the configuration of docs/clients.md, and no code for single mutations.

Many screens are open. After each mutation, what the cache answers them is compared with what the server answers.
"""

from typing import Any

import pytest
from graphql import GraphQLObjectType

from api.schema import schema
from tests.clients.conftest import Node

TYPES = schema._schema.type_map  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
Outcome = dict[str, Any]

# Mutations that no open screen lives through.
NOT_RUN = {
    "register": "begins with an empty cache",
    "login": "begins with an empty cache",
    "logout": "clients empty the cache (docs/clients.md)",
    "deleteAccount": "ends the session: as logout",
    "cancelAccountDeletion": "follows a login, and before it the account sees nothing but itself",
    "requestPasswordReset": "for those who are signed out; changes nothing that anybody sees",
    "resetPassword": "ends all sessions: as logout",
}
REFUSED = {"resendVerification": ["CONFLICT"]}

# What stays old until open screens ask again, as docs/clients.md says: lists of what the viewer sees, for which no
# payload has an entry, and what was looked up by a name or an id that leads to somebody now, or to nobody any more.
_BY_NAME = ["user"]
_FEEDS = {"home": ["homeFeed"], "sections of ada": ["user.sections.posts"]}
OLD: dict[str, dict[str, list[str]]] = {
    "follow": {"home": ["homeFeed"], "sections of ben": ["user.sections.users"]},
    "unfollow": {"home": ["homeFeed"]},
    "follow, of a profile for followers": {"home": ["homeFeed"], "post of nils": ["post"]},
    "unfollow, of a profile for followers": {"home": ["homeFeed"], "post of nils": ["post"]},
    "muteUser": _FEEDS,
    "unmuteUser": _FEEDS,
    "unblockUser": {
        "profile of cleo": _BY_NAME,
        "people of cleo": _BY_NAME,
        "people of ada": ["user.followers", "user.following", "user.friends"],
        "sections of ada": ["user.sections.posts"],
        "post of ben": ["post.comments", "post.likers"],
        "messages": ["node.messages"],
    },
    "changeUsername": {f"{screen} of ada": _BY_NAME for screen in ("profile", "sections", "posts", "people")},
}
# Screens that show an object that `deletedId` names: for these, Apollo asks again by itself.
ASKS_AGAIN = {
    "blockUser": [
        *("profile of cleo", "sections of ada", "people of cleo", "post of ben", "messages", "home"),
        *("notifications", "unread"),
    ]
}


def object_type(name: str) -> GraphQLObjectType:
    found = TYPES[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def mutations() -> list[str]:
    return list(object_type("Mutation").fields)


@pytest.fixture(scope="module")
def outcomes(node: Node) -> dict[str, Outcome]:
    """What each step of the scenario led to, by its title."""
    return node("cache.mjs")


@pytest.mark.parametrize("name", mutations())
def test_the_cache_answers_as_the_server_does_after(name: str, outcomes: dict[str, Outcome]) -> None:
    steps = {title: outcome for title, outcome in outcomes.items() if outcome["mutation"] == name}
    assert bool(steps) != (name in NOT_RUN), "it is neither in the scenario nor in NOT_RUN, or in both"
    for title, outcome in steps.items():
        assert outcome["errors"] == REFUSED.get(title, [])
        assert outcome["stale"] == OLD.get(title, {})
        assert outcome["asksAgain"] == ASKS_AGAIN.get(title, [])


def test_each_new_entry_of_a_payload_has_its_list(node: Node) -> None:
    listed: dict[str, list[list[str]]] = node("entries.mjs")
    payloads = [object_type(f"{name[0].upper()}{name[1:]}Payload") for name in mutations()]
    offered = {field: payload for payload in payloads for field in payload.fields if field.endswith("Edge")}
    assert set(listed) == set(offered)
    for field, payload in offered.items():
        for owner, name in listed[field]:
            connection = object_type(str(payload.fields[owner].type)).fields[name].type
            assert str(connection).strip("!") == str(payload.fields[field].type).replace("Edge", "Connection")
