"""Inputs of mute words."""

from datetime import datetime
from typing import Annotated

import strawberry
from pydantic import AfterValidator, Field
from strawberry import UNSET

from api.gql.validation import NotBlank, OneLine
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.texts import LONGEST_PHRASE, phrase_of

_THE_WORD = "The muted word. Must be the viewer's own; anything else answers NOT_FOUND."
_WHOLE_WORD = "Whether it counts only where it is not part of a longer word of letters, digits and _"
_EXCEPT_FOLLOWED = "Whether posts of people the viewer follows are let through all the same"


def _phrase(text: str) -> str:
    if len(phrase_of(text)) > LONGEST_PHRASE:
        raise ValueError(f"This may have at most {LONGEST_PHRASE} characters.")
    return text


Word = Annotated[str, Field(max_length=LONGEST_PHRASE), NotBlank, OneLine, AfterValidator(_phrase)]


@strawberry.input(description="The input of `createMuteWord`.")
class CreateMuteWordInput:
    word: Word = strawberry.field(
        description="The word or phrase: one line of 1 to 100 characters, which no other muted word of the viewer is "
        "in any mix of upper and lower case. Spaces around it are left out."
    )
    whole_word: bool = strawberry.field(default=True, description=f"{_WHOLE_WORD}.")
    except_followed: bool = strawberry.field(default=False, description=f"{_EXCEPT_FOLLOWED}.")
    until: datetime | None = strawberry.field(
        default=None, description="When it stops to keep posts out, a moment in the future; null for never."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `updateMuteWord`. What is absent stays as it is.")
class UpdateMuteWordInput:
    mute_word_id: strawberry.ID = strawberry.field(description=_THE_WORD, directives=[Owned()])
    whole_word: bool | None = strawberry.field(default=None, description=f"{_WHOLE_WORD}; null leaves it as it is.")
    except_followed: bool | None = strawberry.field(
        default=None, description=f"{_EXCEPT_FOLLOWED}; null leaves it as it is."
    )
    until: datetime | None = strawberry.field(
        default=UNSET, description="When it stops to keep posts out, a moment in the future; null for never."
    )


@strawberry.input(description="The input of `deleteMuteWord`.")
class DeleteMuteWordInput:
    mute_word_id: strawberry.ID = strawberry.field(description=_THE_WORD, directives=[Owned()])
