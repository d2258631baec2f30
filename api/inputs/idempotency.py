"""The key that every creating mutation of a signed-in user takes."""

from typing import Annotated, Any

import strawberry
from pydantic import Field

from api.gql.validation import NotBlank, OneLine

IdempotencyKey = Annotated[str, Field(min_length=1, max_length=64), NotBlank, OneLine] | None


def idempotency_key() -> Any:
    return strawberry.field(
        default=None,
        description="Makes a retry safe: a text of 1 to 64 characters, such as a UUID, new for each thing to create. "
        "The same key with the same input within 24 hours creates nothing and returns what it created the first "
        "time, as it is now, or NOT_FOUND where it was deleted; with other input it is a CONFLICT. A mutation that "
        "failed has not used its key. Null: each call creates.",
    )
