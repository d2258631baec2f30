"""Inputs that name what only its owner may change."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.INPUT_FIELD_DEFINITION],
    name="owned",
    description="The id must be of something that belongs to the viewer; anything else answers NOT_FOUND, "
    "exactly like an id that does not exist.",
)
class Owned:
    """How ownership shows in the SDL. The statements of the mutations ask for it."""
