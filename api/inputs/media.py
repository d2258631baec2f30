"""Inputs of the media mutations."""

import strawberry

from api.inputs.ownership import Owned


@strawberry.input(description="The file to delete.")
class DeleteMediaInput:
    media_id: strawberry.ID = strawberry.field(description="The id of the file.", directives=[Owned()])
