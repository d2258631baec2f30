"""Inputs of the profile mutations. Their limits are those of the documents that are stored."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.gql.enums import BackgroundPosition, BackgroundType
from api.gql.validation import WebAddress
from db.documents.urls import URL_LENGTH


@strawberry.input(description="The input of `updateBackground`.")
class UpdateBackgroundInput:
    type: BackgroundType = strawberry.field(description="The kind of background.")
    value: Annotated[str, Field(max_length=URL_LENGTH), WebAddress] = strawberry.field(
        description="The colour as `#RRGGBB`, or the http(s) address of the picture or video."
    )
    position: BackgroundPosition = strawberry.field(
        default=BackgroundPosition.CENTER,
        description="Which part of a picture or video stays visible in a smaller window.",
    )
