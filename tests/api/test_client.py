"""Where a request comes from, as far as it can be told."""

from typing import Any

import pytest

from api.context import Client


@pytest.mark.parametrize(
    ("client", "address", "network"),
    [
        (("192.0.2.1", 80), "192.0.2.1", "192.0.2.1"),
        (("2001:db8::1:2", 80), "2001:db8::1:2", "2001:db8::/64"),
        (("unknown", 0), None, "unknown"),
        (None, None, "-"),
    ],
)
def test_the_address_is_one_or_none(client: Any, address: str | None, network: str) -> None:
    found = Client({"type": "http", "client": client}, {})
    assert (found.address, found.network, found.user_agent) == (address, network, None)
