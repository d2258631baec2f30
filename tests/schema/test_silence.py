"""A server that falls silent keeps nobody who asks what is in its way."""

from pathlib import Path

from db.migrations.readiness import problems
from tests.silence import relayed


def test_a_server_that_does_not_answer_is_hung_up_on(empty_database: str, tmp_path: Path) -> None:
    with relayed(empty_database, tmp_path) as (url, relay):
        relay.stops_at = b"transaction_read_only"
        assert problems(url, 0.3) == ["The database does not answer in 0.3 s."]
        relay.stops_at = None
        assert problems(url, 0.3) == []
