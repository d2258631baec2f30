"""urql's cache after each mutation."""

import pytest

from tests.clients.conftest import Node
from tests.clients.scenario import PEOPLE, Expected, Outcome, mutations

# urql asks again wherever a deleted object was shown, lists included.
EXPECTED = Expected(
    asks_again={
        "blockUser": [
            *(
                "profile of cleo",
                "sections of ada",
                "reposts of ada",
                "people of ada",
                "people of ben",
                "people of cleo",
            ),
            *(
                "circle of ben",
                "circle of mira",
                "post of ben",
                "messages",
                "list of ada",
                "home",
                "feeds",
                "bookmarks",
                "notifications",
            ),
        ],
        "abortUpload": ["uploads"],
        "deleteMedia": ["sections of ada"],
        "deleteMuteWord": ["muteWords"],
        "leaveConversation": ["conversations"],
        "deleteList": ["circle of ben", "lists"],
        "unfollow, of a profile that was asked": ["requests"],
        "approveFollowRequest": ["requests"],
        "rejectFollowRequest": ["requests"],
        "unblockUser": ["blocked"],
        "revokeSession": ["sessions"],
    },
    old={"unblockUser": {"people of ben": PEOPLE, "list of ada": ["list.members"]}},
)


@pytest.fixture(scope="module")
def outcomes(node: Node) -> dict[str, Outcome]:
    """What each step of the scenario led to, by its title."""
    return node("cache.mjs", "urql")


@pytest.mark.parametrize("name", mutations())
def test_the_cache_answers_as_the_server_does_after(name: str, outcomes: dict[str, Outcome]) -> None:
    EXPECTED.check(name, outcomes)
