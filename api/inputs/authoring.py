"""Inputs of the mutations by which authors change their own posts."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import strawberry
from pydantic import AfterValidator, Field
from strawberry import UNSET

from api.gql.enums import NewPostStatus, PostType, Visibility
from api.gql.scalars import LanguageTag
from api.gql.validation import NotBlank, OneLine, Tag, Trimmed
from api.inputs.idempotency import IdempotencyKey, idempotency_key
from api.inputs.ownership import Owned
from db.documents.document import Composed
from db.documents.languages import NO_LANGUAGE, language_tag
from db.documents.media_urls import MEDIA_PER_POST
from db.documents.posts import LONG_TEXT
from db.errors import InvalidInputError

_SOONEST, _LATEST = timedelta(minutes=1), timedelta(days=366)


def require_time_ahead(time: datetime) -> None:
    """Refuse a time to publish at that is too soon or too late by now.

    Not in the annotation: an input is checked before its idempotency key, and a retry may come after its time.
    """
    if not _SOONEST <= time - datetime.now(UTC) <= _LATEST:
        raise InvalidInputError("This must be between one minute and one year ahead.", field=("scheduled_for",))


def _language(text: str) -> str:
    found = language_tag(text)
    if found is None:
        raise ValueError(NO_LANGUAGE)
    return found


def _own_post() -> Any:
    return strawberry.field(
        description="The post. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )


Content = Annotated[str, Field(max_length=LONG_TEXT), Composed]
Title = Annotated[str, Field(max_length=200), Composed, NotBlank, OneLine, Trimmed]
Tags = Annotated[list[Annotated[str, Tag]], Field(max_length=20)]
MediaIds = Annotated[list[strawberry.ID], Field(max_length=MEDIA_PER_POST)]
Language = Annotated[LanguageTag, AfterValidator(_language)]

_TAGS = (
    "with or without `#`: letters, marks, digits and underscores, up to 50 characters each; at most 20, and 50 with "
    "those in the text."
)


@strawberry.input(description="The input of `createPost`.")
class CreatePostInput:
    content: Content | None = strawberry.field(
        default=None,
        description="The text, in Markdown (CommonMark), stored composed (NFC). Required for text posts: 1 to 500 "
        "characters in TEXT_SHORT, 1 to 10,000 in TEXT_LONG; up to 10,000 otherwise. `#words` become tags, and the "
        "first 20 `@names` mentions, except in code and in links.",
    )
    type: PostType = strawberry.field(
        default=PostType.TEXT_SHORT, description="What the post is made of. Files must agree with it."
    )
    title: Title | None = strawberry.field(
        default=None,
        description="The title: one line of up to 200 characters, without control characters or overrides of the "
        "text's direction.",
    )
    visibility: Visibility = strawberry.field(
        default=Visibility.PUBLIC, description="Who may see it, unless the profile is stricter."
    )
    tags: Tags = strawberry.field(default_factory=list, description=f"Tags besides those in the text, {_TAGS}")
    media_ids: MediaIds = strawberry.field(
        default_factory=list,
        description="Uploaded files in the order in which to show them; at most 10. Each can be in one post only "
        "(CONFLICT). Must be the viewer's own; somebody else's answers NOT_FOUND.",
        directives=[Owned()],
    )
    language: Language | None = strawberry.field(
        default=None, description="The language of the text; detected when null."
    )
    status: NewPostStatus = strawberry.field(
        default=NewPostStatus.PUBLISHED,
        description="Whether to publish now, later or not yet. A draft may be incomplete.",
    )
    scheduled_for: datetime | None = strawberry.field(
        default=None, description="When to publish; needed with SCHEDULED, between 1 minute and 1 year ahead."
    )
    idempotency_key: IdempotencyKey = idempotency_key()


@strawberry.input(description="The input of `updatePost`. What is left out stays as it is.")
class UpdatePostInput:
    post_id: strawberry.ID = _own_post()
    type: PostType | None = strawberry.field(default=None, description="The new type; only before publishing.")
    title: Title | None = strawberry.field(default=UNSET, description="The new title; null removes it.")
    content: Content | None = strawberry.field(
        default=UNSET, description="The new text; null removes it where the type allows."
    )
    visibility: Visibility | None = strawberry.field(default=None, description="The new audience.")
    tags: Tags | None = strawberry.field(
        default=None, description=f"The tags besides those in the text, in place of the earlier ones, {_TAGS}"
    )
    media_ids: MediaIds | None = strawberry.field(
        default=None,
        description="The files, in place of the earlier ones; those left out stay in the viewer's storage. Must be the "
        "viewer's own; somebody else's answers NOT_FOUND.",
        directives=[Owned()],
    )
    language: Language | None = strawberry.field(
        default=UNSET, description="The language of the text; null detects it again."
    )


@strawberry.input(description="The input of `publishPost`.")
class PublishPostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `schedulePost`.")
class SchedulePostInput:
    post_id: strawberry.ID = _own_post()
    scheduled_for: datetime = strawberry.field(description="When to publish: between 1 minute and 1 year ahead.")


@strawberry.input(description="The input of `unschedulePost`.")
class UnschedulePostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `deletePost`.")
class DeletePostInput:
    post_id: strawberry.ID = _own_post()


@strawberry.input(description="The input of `restorePost`.")
class RestorePostInput:
    post_id: strawberry.ID = _own_post()
