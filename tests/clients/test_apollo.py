"""Apollo's cache after each mutation."""

import pytest

from tests.clients.conftest import Node
from tests.clients.scenario import Expected, Outcome, mutations, object_type

# Apollo drops deleted objects from lists by itself, and asks again where one was shown in another place.
EXPECTED = Expected(
    asks_again={
        "blockUser": [
            *(
                "profile of cleo",
                "sections of ada",
                "reposts of ada",
                "people of cleo",
                "post of ben",
                "messages",
                "home",
            ),
            *("feeds", "bookmarks", "notifications"),
        ]
    },
    old={
        "unblockUser": {
            "people of ada": ["user.following"],
            "circle of ben": ["user.knownFollowers"],
            "circle of mira": ["user.knownFollowers"],
        }
    },
)


@pytest.fixture(scope="module")
def outcomes(node: Node) -> dict[str, Outcome]:
    """What each step of the scenario led to, by its title."""
    return node("cache.mjs", "apollo")


@pytest.mark.parametrize("name", mutations())
def test_the_cache_answers_as_the_server_does_after(name: str, outcomes: dict[str, Outcome]) -> None:
    EXPECTED.check(name, outcomes)


def test_each_new_entry_of_a_payload_has_its_list(node: Node) -> None:
    listed: dict[str, list[list[str]]] = node("entries.mjs")
    payloads = [object_type(f"{name[0].upper()}{name[1:]}Payload") for name in mutations()]
    offered = {field: payload for payload in payloads for field in payload.fields if field.endswith("Edge")}
    assert set(listed) == set(offered)
    for field, payload in offered.items():
        for owner, name in listed[field]:
            of = payload
            for step in owner.split("."):
                of = object_type(str(of.fields[step].type))
            connection = of.fields[name].type
            assert str(connection).strip("!") == str(payload.fields[field].type).replace("Edge", "Connection")
