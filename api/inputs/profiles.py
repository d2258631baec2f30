"""Inputs of the profile mutations. Their limits are those of the documents that are stored."""

import strawberry

from api.enums import BackgroundPosition, BackgroundType


@strawberry.input(description="What shall lie behind the viewer's profile.")
class UpdateBackgroundInput:
    type: BackgroundType = strawberry.field(description="The kind of background.")
    value: str = strawberry.field(
        description="The colour as `#RRGGBB`, or the http(s) address of the picture or video."
    )
    position: BackgroundPosition = strawberry.field(
        default=BackgroundPosition.CENTER, description="Which part of a picture or video stays in sight."
    )
