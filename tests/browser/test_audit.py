"""The GraphQL-over-HTTP specification, as the audits of graphql-http read it."""

from tests.browser.conftest import Node


def test_all_audits_pass(node: Node, address: str) -> None:
    results = node("audit.mjs", f"{address}/graphql")
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
