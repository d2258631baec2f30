"""Requests to follow in two Apollo clients that have relayStylePagination and no update of their own."""

from typing import Any

import pytest

from tests.clients.conftest import Node


@pytest.fixture(scope="module")
def seen(node: Node) -> dict[str, Any]:
    return node("approval.mjs")


def test_no_screen_is_old_after_a_request_and_its_answers(seen: dict[str, Any]) -> None:
    steps = [("lou", "follow"), ("lou", "unfollow"), ("lou", "follow")]
    steps += [("nils", "approveFollowRequest"), ("nils", "rejectFollowRequest")]
    assert seen["steps"] == [{"who": who, "did": did, "errors": [], "old": {}} for who, did in steps]


def test_screens_show_the_request_and_its_approval(seen: dict[str, Any]) -> None:
    assert seen["asked"] == [False, True]
    assert seen["waiting"][0] == "lou"
    assert sorted(seen["waiting"]) == ["jonas", "lou", "priya"]  # of two pages
    assert seen["follower"] == [True, None]
    assert seen["left"] == [1, ["priya"]]
    assert seen["after"] == [True, None, 0]
