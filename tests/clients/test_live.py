"""npm's clients of live events, as docs/clients.md sets them up."""

from tests.clients.conftest import Node


def test_graphql_ws_misses_nothing_while_its_socket_is_gone(node: Node) -> None:
    found = node("live-ws.mjs")
    rounds = [f"{number} {what}" for number in (1, 2) for what in ("while it was away", "again")]
    assert found == {"seen": ["0", *rounds], "errors": [], "sockets": 3}


def test_graphql_sse_reads_events_and_queries(node: Node) -> None:
    assert node("live-sse.mjs") == {"seen": ["one", "two"], "asked": "ada"}
