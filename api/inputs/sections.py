"""The sections of a profile as clients write them, and the documents that they become.

The limits and defaults of a section's config are those of its document, db/documents/section_config.py.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Any

import strawberry
from pydantic import Field, ValidationError
from strawberry import UNSET

from api.gql.enums import ImageFit, ProfileTarget, SectionContentType, SectionShape, SectionType, TextAlignment
from api.gql.ids import decode
from api.gql.validation import InvalidInputsError, Name, NotBlank, OneLine, Trimmed, check, refusals
from api.inputs.ownership import Owned
from api.inputs.profiles import LinkUrl, target
from api.profiles.files import FILES_OF
from api.profiles.pieces import MOST_PIECES, GivenPiece
from api.profiles.sections import MOST_SECTIONS, GivenSection
from db.documents import section_config as documents
from db.documents.document import Composed, Document, Storable
from db.errors import InvalidInputError, RefusalError

Description = Annotated[str, Field(max_length=500), Composed, NotBlank, Storable]
PieceTitle = Annotated[str, Field(max_length=200), Composed, NotBlank, OneLine, Trimmed]
PieceText = Annotated[str, Field(max_length=10_000), Composed, NotBlank, Storable]

_NEEDS_ADDRESS = {SectionContentType.LINK, SectionContentType.IMAGE, SectionContentType.EMBED}


def _setting(model: type[Document], name: str, description: str) -> Any:
    """A field with the default of a document."""
    default = model.model_fields[name].default
    return strawberry.field(
        default=SectionShape(default.value) if name == "shape" else default, description=description
    )


def _own(what: str) -> Any:
    return strawberry.field(
        description=f"{what} Must be the viewer's own; anything else answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="How to show the posts of a feed.")
class FeedSectionInput:
    feed_id: strawberry.ID = _own("One of the viewer's feeds, but not the built-in one.")
    limit: int = _setting(documents.FeedSection, "limit", "How many posts to show at first: 1 to 50.")


@strawberry.input(description="How to show the pictures of the viewer's posts.")
class GallerySectionInput:
    columns: int = _setting(documents.GallerySection, "columns", "How many columns: 1 to 6.")
    limit: int = _setting(documents.GallerySection, "limit", "How many pictures to show at first: 1 to 50.")


@strawberry.input(description="How to show links.")
class LinksSectionInput:
    shape: SectionShape = _setting(documents.LinksSection, "shape", "BUTTONS, CARDS or LIST.")


@strawberry.input(description="How to show a text.")
class StaticTextSectionInput:
    alignment: TextAlignment = _setting(documents.StaticTextSection, "alignment", "How the text is set.")


@strawberry.input(description="How to show pictures.")
class StaticImageSectionInput:
    fit: ImageFit = _setting(documents.StaticImageSection, "fit", "How a picture fills its place.")


@strawberry.input(description="How to show videos.")
class VideoSectionInput:
    autoplay: bool = _setting(documents.VideoSection, "autoplay", "Whether a video starts by itself.")
    muted: bool = _setting(documents.VideoSection, "muted", "Whether it starts without sound.")
    loop: bool = _setting(documents.VideoSection, "loop", "Whether it starts again at its end.")


@strawberry.input(description="How to show what the viewer reposted.")
class RepostsSectionInput:
    limit: int = _setting(documents.RepostsSection, "limit", "How many posts to show at first: 1 to 50.")
    show_comments: bool = _setting(documents.RepostsSection, "show_comments", "Whether to show the viewer's words.")


@strawberry.input(description="How to show people.")
class PeopleSectionInput:
    limit: int = _setting(documents.PeopleSection, "limit", "How many people to show at first: 1 to 50.")
    shape: SectionShape = _setting(documents.PeopleSection, "shape", "GRID or LIST.")


@strawberry.input(description="How to show the members of a list.")
class ListSectionInput:
    list_id: strawberry.ID = _own("One of the viewer's lists. Others see its members while it is public.")
    limit: int = _setting(documents.ListSection, "limit", "How many people to show at first: 1 to 50.")
    shape: SectionShape = _setting(documents.ListSection, "shape", "GRID or LIST.")


@strawberry.input(one_of=True, description="What a section shows and how: exactly one field must be given.")
class SectionConfigInput:
    feed: FeedSectionInput | None = strawberry.field(default=UNSET, description="A FEED section.")
    gallery: GallerySectionInput | None = strawberry.field(default=UNSET, description="A GALLERY section.")
    links: LinksSectionInput | None = strawberry.field(default=UNSET, description="A LINKS section.")
    static_text: StaticTextSectionInput | None = strawberry.field(default=UNSET, description="A STATIC_TEXT section.")
    static_image: StaticImageSectionInput | None = strawberry.field(
        default=UNSET, description="A STATIC_IMAGE section."
    )
    video: VideoSectionInput | None = strawberry.field(default=UNSET, description="A VIDEO section.")
    reposts: RepostsSectionInput | None = strawberry.field(default=UNSET, description="A REPOSTS section.")
    friends: PeopleSectionInput | None = strawberry.field(default=UNSET, description="A FRIENDS section.")
    followers: PeopleSectionInput | None = strawberry.field(default=UNSET, description="A FOLLOWERS section.")
    following: PeopleSectionInput | None = strawberry.field(default=UNSET, description="A FOLLOWING section.")
    list: ListSectionInput | None = strawberry.field(default=UNSET, description="A LIST section.")


@strawberry.input(description="One piece in its new state. With `id` it replaces that piece, without it is a new one.")
class SectionContentInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The piece to replace, one of this section. Must be the viewer's own; anything else answers "
        "NOT_FOUND.",
        directives=[Owned()],
    )
    type: SectionContentType = strawberry.field(description="What it is.")
    title: PieceTitle | None = strawberry.field(
        default=None, description="Its title: one line of 1 to 200 characters; null for none."
    )
    content: PieceText | None = strawberry.field(
        default=None,
        description="Its text, 1 to 10,000 characters; for a picture what it shows. Needed for TEXT.",
    )
    url: LinkUrl | None = strawberry.field(
        default=None,
        description="Where it leads, or the http(s) address of what it shows. Needed for LINK; IMAGE and EMBED need "
        "this or `mediaId`.",
    )
    media_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="An uploaded file to show in place of an address: a picture for IMAGE, a video or sound for EMBED. "
        "Must be the viewer's own; anything else answers NOT_FOUND.",
        directives=[Owned()],
    )


@strawberry.input(
    description="One section in its new state. With `id` it changes that section, and what is absent stays as it is; "
    "without, it creates one, and `title` and `config` are needed."
)
class SectionInput:
    id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The section to change; absent or null creates one. Must be the viewer's own; anything else "
        "answers NOT_FOUND.",
        directives=[Owned()],
    )
    title: Name | None = strawberry.field(
        default=UNSET, description="The title: one line of 1 to 100 characters; null leaves it as it is."
    )
    description: Description | None = strawberry.field(
        default=UNSET, description="A few words about it, 1 to 500 characters; null removes them."
    )
    is_visible: bool | None = strawberry.field(
        default=UNSET, description="Whether others see it. true for a new one; null leaves it as it is."
    )
    config: SectionConfigInput | None = strawberry.field(
        default=UNSET,
        description="What it shows and how, as a whole; null leaves it as it is. The type of an existing section "
        "cannot change.",
    )
    content: Annotated[list[SectionContentInput], Field(max_length=MOST_PIECES)] | None = strawberry.field(
        default=UNSET,
        description="The pieces of a static section in their order, as `setSectionContent` takes them; null leaves "
        f"them as they are. Not for other sections. At most {MOST_PIECES}.",
    )


@strawberry.input(description="The input of `updateSections`.")
class UpdateSectionsInput:
    sections: Annotated[list[SectionInput], Field(max_length=MOST_SECTIONS)] = strawberry.field(
        description=f"All sections, from top to bottom; at most {MOST_SECTIONS}. Ids must be of sections of the target."
    )
    expected_version: int | None = strawberry.field(
        default=None,
        description="Refuses the change with CONFLICT when `Profile.version` is another by now; null changes it "
        "anyway. Not for a draft, which has no version.",
    )
    target: ProfileTarget = target()


@strawberry.input(description="The input of `setSectionContent`.")
class SetSectionContentInput:
    section_id: strawberry.ID = _own("The section, one that holds pieces, of the published profile or of the draft.")
    content: Annotated[list[SectionContentInput], Field(max_length=MOST_PIECES)] = strawberry.field(
        description=f"All pieces in their order; at most {MOST_PIECES}."
    )


def given_sections(given: Sequence[SectionInput]) -> list[GivenSection]:
    """The sections as they are to be. InvalidInputsError names each value at fault by its path from `sections` on."""
    _require_length(given, MOST_SECTIONS, ("sections",))
    errors: list[RefusalError] = []
    found = [_section(one, ("sections", str(place)), errors) for place, one in enumerate(given)]
    if errors:
        raise InvalidInputsError(errors)
    return found


def given_content(given: Sequence[SectionContentInput]) -> list[GivenPiece]:
    """The pieces as they are to be. InvalidInputsError names each value at fault by its path from `content` on."""
    errors: list[RefusalError] = []
    found = _content(given, ("content",), errors)
    if errors:
        raise InvalidInputsError(errors)
    return found


def _require_length(given: Sequence[object], most: int, path: tuple[str, ...]) -> None:
    if len(given) > most:
        raise InvalidInputError(f"At most {most} are allowed here, not {len(given)}.", field=path)


def _checked(value: Any, path: tuple[str, ...], errors: list[RefusalError]) -> None:
    try:
        check(value, *path)
    except InvalidInputsError as found:
        errors += found.errors


def _section(one: SectionInput, path: tuple[str, ...], errors: list[RefusalError]) -> GivenSection:
    _checked(one, path, errors)
    kind, config = (None, None) if not one.config else _config(one.config, (*path, "config"), errors)
    return GivenSection(
        id=decode(one.id, "ProfileSection") if one.id is not UNSET and one.id is not None else None,
        title=one.title or None,
        description=one.description or None,
        keeps_description=one.description is UNSET,
        is_visible=None if one.is_visible is UNSET else one.is_visible,
        type=kind,
        config=config,
        content=None if not isinstance(one.content, list) else _content(one.content, (*path, "content"), errors),
    )


def _config(
    given: SectionConfigInput, path: tuple[str, ...], errors: list[RefusalError]
) -> tuple[SectionType, documents.SectionConfig | None]:
    """The type and the config of a section; no config where something is wrong with it."""
    name, value = next((field.name, found) for field in fields(given) if (found := getattr(given, field.name)))
    kind = SectionType(name)
    model = documents.SECTION_CONFIGS[kind]
    values = {field.name: getattr(value, field.name) for field in fields(value)}
    if "feed_id" in values:
        values["feed_id"] = decode(values["feed_id"], "Feed")
    if "list_id" in values:
        values["list_id"] = decode(values["list_id"], "UserList")
    if "shape" in values:
        allowed: Any = model.model_fields["shape"].annotation
        if values["shape"].value not in list(allowed):
            names = ", ".join(one.name for one in allowed)
            errors.append(
                InvalidInputError(f"This is no shape for it. Allowed: {names}.", field=(*path, name, "shape"))
            )
            return kind, None
        values["shape"] = values["shape"].value
    try:
        return kind, model.model_validate(values)
    except ValidationError as error:
        errors += refusals(error, *path, name)
        return kind, None


def _content(
    given: Sequence[SectionContentInput], path: tuple[str, ...], errors: list[RefusalError]
) -> list[GivenPiece]:
    _require_length(given, MOST_PIECES, path)
    return [_piece(one, (*path, str(place)), errors) for place, one in enumerate(given)]


def _piece(one: SectionContentInput, path: tuple[str, ...], errors: list[RefusalError]) -> GivenPiece:
    _checked(one, path, errors)
    if one.type is SectionContentType.TEXT and one.content is None:
        errors.append(InvalidInputError("A text is needed here.", field=(*path, "content")))
    if one.media_id is not None and one.type not in FILES_OF:
        errors.append(InvalidInputError("A file is for IMAGE and EMBED.", field=(*path, "media_id")))
    elif one.media_id is not None and one.url is not None:
        errors.append(InvalidInputError("It has either an address or a file.", field=(*path, "media_id")))
    elif one.type in _NEEDS_ADDRESS and one.url is None and one.media_id is None:
        errors.append(InvalidInputError("An address is needed here.", field=(*path, "url")))
    key = None if one.id is None else decode(one.id, "SectionContent")
    file = None if one.media_id is None else decode(one.media_id, "Media")
    return GivenPiece(key, one.type, one.title, one.content, one.url, file)
