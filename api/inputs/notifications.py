"""Inputs of the notification mutations."""

from typing import Annotated

import strawberry
from pydantic import Field


@strawberry.input(description="The input of `markNotificationsRead`.")
class MarkNotificationsReadInput:
    ids: Annotated[list[strawberry.ID], Field(min_length=1, max_length=100)] = strawberry.field(
        description="The ids of the notifications; 1 to 100. What is not the viewer's, or is no longer, is left out."
    )
