"""Inputs that name what only its owner may change."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.INPUT_FIELD_DEFINITION],
    name="owned",
    description="The id must be of something that belongs to the viewer. One of somebody else's answers "
    "NOT_FOUND, exactly like one that does not exist; an id of another type fails the field with "
    "BAD_USER_INPUT.",
)
class Owned:
    """How ownership shows in the SDL. The statements of the mutations ask for it."""
