"""Inputs that name what only its owner may change."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.INPUT_FIELD_DEFINITION],
    name="owned",
    description="Must be the viewer's own; whatever is not answers NOT_FOUND, like what does not exist.",
)
class Owned:
    """How ownership shows in the SDL. The statements of the mutations ask for it."""
