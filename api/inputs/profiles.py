"""Inputs of the profile mutations. Their limits are those of the documents that are stored."""

from typing import Annotated, Any

import strawberry
from pydantic import AfterValidator, Field
from strawberry import UNSET

from api.gql.enums import (
    BackgroundPosition,
    BackgroundType,
    FontFamily,
    LayoutHeader,
    LayoutSpacing,
    LayoutWidth,
    ProfileTarget,
)
from api.gql.scalars import URL, HexColor
from api.gql.validation import Name, NotBlank, OneLine, Trimmed, WebAddress
from api.inputs.ownership import Owned
from db.documents.document import Composed
from db.documents.urls import URL_LENGTH, link_url, web_url

# What a person types is theirs to correct: the scalar takes any text, as HexColor does.
WebUrl = Annotated[URL, AfterValidator(web_url)]
LinkUrl = Annotated[URL, AfterValidator(link_url)]
Bio = Annotated[str, Field(max_length=500), Composed, NotBlank]
Location = Annotated[str, Field(max_length=100), Composed, NotBlank, OneLine, Trimmed]


def target() -> Any:
    """Which profile a mutation changes."""
    return strawberry.field(default=ProfileTarget.PUBLISHED, description="Which profile to change.")


@strawberry.input(description="The input of `updateProfile`. What is left out stays as it is.")
class UpdateProfileInput:
    display_name: Name | None = strawberry.field(
        default=UNSET, description="The name to show: one line of 1 to 100 characters; null removes it."
    )
    bio: Bio | None = strawberry.field(
        default=UNSET, description="A few words, 1 to 500 characters; null removes them."
    )
    age: Annotated[int, Field(ge=13, le=120)] | None = strawberry.field(
        default=UNSET, description="The age: 13 to 120; null removes it."
    )
    location: Location | None = strawberry.field(
        default=UNSET,
        description="Where the viewer lives, in their own words: one line of 1 to 100 characters; null removes it.",
    )
    website: LinkUrl | None = strawberry.field(
        default=UNSET, description="The viewer's own site, an http(s) address; null removes it."
    )
    avatar_media_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="An uploaded picture to show of the viewer; null removes it, and leaves the file. Must be the "
        "viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )


@strawberry.input(description="The input of `updateBackground`.")
class UpdateBackgroundInput:
    type: BackgroundType = strawberry.field(description="The kind of background.")
    value: Annotated[str, Field(max_length=URL_LENGTH), WebAddress] | None = strawberry.field(
        default=None,
        description="The colour as `#RRGGBB`, or the http(s) address of the picture or video. Either this or `mediaId` "
        "must be given.",
    )
    media_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="An uploaded picture or video, as `type` says. Must be the viewer's own; anything else answers "
        "NOT_FOUND.",
        directives=[Owned()],
    )
    position: BackgroundPosition = strawberry.field(
        default=BackgroundPosition.CENTER,
        description="Which part of a picture or video stays visible in a smaller window.",
    )
    target: ProfileTarget = target()


@strawberry.input(
    description="The input of `updateMusic`. What is left out stays as it is, and so does what is null, but for `url` "
    "and `mediaId`."
)
class UpdateMusicInput:
    url: WebUrl | None = strawberry.field(
        default=UNSET,
        description="The http(s) address of the sound, in place of what played before; null removes it. Not together "
        "with `mediaId`.",
    )
    media_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="An uploaded sound file, in place of what played before; null removes it. Must be the viewer's "
        "own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )
    autoplay: bool | None = strawberry.field(
        default=None, description="Whether it starts by itself, where the browser allows."
    )
    volume: int | None = strawberry.field(default=None, description="How loud it starts: 0 to 100.")
    loop: bool | None = strawberry.field(default=None, description="Whether it starts again at its end.")
    target: ProfileTarget = target()


@strawberry.input(description="The fonts of a profile. What is absent or null stays as it is.")
class ProfileFontsInput:
    heading: FontFamily | None = strawberry.field(default=None, description="The font of headings.")
    body: FontFamily | None = strawberry.field(default=None, description="The font of all other text.")


@strawberry.input(description="The colours of a profile. What is absent or null stays as it is.")
class ProfileColorsInput:
    text: HexColor | None = strawberry.field(default=None, description="The colour of text.")
    background: HexColor | None = strawberry.field(default=None, description="The colour behind text.")
    accent: HexColor | None = strawberry.field(default=None, description="The colour of buttons and highlights.")
    link: HexColor | None = strawberry.field(default=None, description="The colour of links.")


@strawberry.input(description="The sizes of a profile, in CSS pixels. What is absent or null stays as it is.")
class ProfileSizesInput:
    text: int | None = strawberry.field(default=None, description="The size of text: 12 to 24.")
    heading: int | None = strawberry.field(default=None, description="The size of headings: 16 to 64.")
    radius: int | None = strawberry.field(default=None, description="The radius of corners: 0 to 32.")


@strawberry.input(description="The input of `updateStyle`. What is absent or null stays as it is.")
class UpdateStyleInput:
    fonts: ProfileFontsInput | None = strawberry.field(default=None, description="The fonts to change.")
    colors: ProfileColorsInput | None = strawberry.field(default=None, description="The colours to change.")
    sizes: ProfileSizesInput | None = strawberry.field(default=None, description="The sizes to change.")
    target: ProfileTarget = target()


@strawberry.input(description="The input of `updateLayout`. What is absent or null stays as it is.")
class UpdateLayoutInput:
    columns: int | None = strawberry.field(default=None, description="How many columns: 1 to 3.")
    width: LayoutWidth | None = strawberry.field(default=None, description="How wide the profile is.")
    spacing: LayoutSpacing | None = strawberry.field(default=None, description="How far the sections stand apart.")
    header: LayoutHeader | None = strawberry.field(default=None, description="What the profile begins with.")
    target: ProfileTarget = target()
