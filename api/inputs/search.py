"""Inputs of search."""

from datetime import datetime
from typing import Annotated

import strawberry
from pydantic import AfterValidator, Field

from api.gql.enums import PostType
from api.gql.scalars import LanguageTag
from api.gql.validation import Tag
from db.documents.languages import NO_LANGUAGE, language_tag


def _language(text: str) -> str:
    found = language_tag(text)
    if found is None:
        raise ValueError(NO_LANGUAGE)
    return found


Types = Annotated[list[PostType], Field(max_length=9)]
Tags = Annotated[list[Annotated[str, Tag]], Field(max_length=5)]
Languages = Annotated[list[Annotated[LanguageTag, AfterValidator(_language)]], Field(max_length=10)]


@strawberry.input(description="Narrows a search for posts. All that is given must hold.")
class PostSearchFilterInput:
    types: Types | None = strawberry.field(default=None, description="Only posts of these types; at most 9.")
    author_id: strawberry.ID | None = strawberry.field(default=None, description="Only posts by this person.")
    following_only: bool = strawberry.field(
        default=False,
        description="Only posts by people whom the viewer follows: of more than 200, by those followed last. When "
        "signed out, it is refused: UNAUTHENTICATED.",
    )
    tags: Tags | None = strawberry.field(
        default=None, description="Only posts with all of these tags, with or without `#`; at most 5."
    )
    languages: Languages | None = strawberry.field(
        default=None,
        description="Only posts in one of these languages, stated or detected; at most 10. `pt` also finds `pt-BR`.",
    )
    has_media: bool | None = strawberry.field(
        default=None, description="Only posts with files (true) or without any (false)."
    )
    published_since: datetime | None = strawberry.field(
        default=None, description="Only posts published at this moment or later."
    )
    published_until: datetime | None = strawberry.field(
        default=None, description="Only posts published at this moment or earlier."
    )
