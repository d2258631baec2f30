"""Inputs of the media mutations."""

import strawberry

from api.inputs.ownership import Owned


@strawberry.input(description="The input of `deleteMedia`.")
class DeleteMediaInput:
    media_id: strawberry.ID = strawberry.field(
        description="The file. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )
