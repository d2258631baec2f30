"""Inputs of the mutations by which authors change their own posts."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import strawberry
from pydantic import AfterValidator

from api.inputs.ownership import Owned

_SOONEST, _LATEST = timedelta(minutes=1), timedelta(days=366)


def _time_ahead(time: datetime) -> datetime:
    if not _SOONEST <= time - datetime.now(UTC) <= _LATEST:
        raise ValueError("This must be between one minute and one year ahead.")
    return time


TimeAhead = AfterValidator(_time_ahead)


def _own_post() -> Any:
    return strawberry.field(
        description="The post. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `publishPost`.")
class PublishPostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `schedulePost`.")
class SchedulePostInput:
    post_id: strawberry.ID = _own_post()
    scheduled_for: Annotated[datetime, TimeAhead] = strawberry.field(
        description="When to publish: between 1 minute and 1 year ahead."
    )


@strawberry.input(description="The input of `unschedulePost`.")
class UnschedulePostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `deletePost`.")
class DeletePostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `restorePost`.")
class RestorePostInput:
    post_id: strawberry.ID = _own_post()
