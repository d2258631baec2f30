"""Moments are written as RFC 3339 says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from db.documents.moments import moment_of

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-04T12:00:00Z", NOON),
        ("2027-01-04t12:00:00z", NOON),
        ("2027-01-04 12:00:00+00:00", NOON),
        ("2027-01-04T12:00:00.25Z", NOON.replace(microsecond=250_000)),
        ("2027-01-04T17:30:00+05:30", NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))),
        *((wrong, None) for wrong in (
            "2027-W01-1T12:00:00Z", "2027-01-04T12:00Z", "2027-01-04T12:00:00", "2027-01-04", "20270104T120000Z",
            "2027-01-04T12:00:00+05:30:15", "2027-13-04T12:00:00Z", "2027-01-04T12:00:00Z\n",
            "٢٠٢٧-01-04T12:00:00Z", "",
        )),
    ],
)  # fmt: skip
def test_a_moment_is_read_as_it_is_written(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment
