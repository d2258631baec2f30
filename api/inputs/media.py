"""Inputs of the media mutations."""

from typing import Annotated

import strawberry
from pydantic import Field

from api.inputs.ownership import Owned
from db.documents.document import Composed


@strawberry.input(description="The input of `updateMedia`.")
class UpdateMediaInput:
    media_id: strawberry.ID = strawberry.field(
        description="The file. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )
    alt_text: Annotated[str, Field(max_length=1000), Composed] | None = strawberry.field(
        description="What it shows, for people who do not see it; up to 1,000 characters. Null or blank removes it."
    )


@strawberry.input(description="The input of `deleteMedia`.")
class DeleteMediaInput:
    media_id: strawberry.ID = strawberry.field(
        description="The file. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )
