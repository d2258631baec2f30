"""profile_sections.config: one model for each of the eleven section types."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import Field

from db.documents.document import BIGINT_MAX, Choice, Document
from db.enums import SectionType

Shown: TypeAlias = Annotated[int, Field(ge=1, le=50)]
RowId: TypeAlias = Annotated[int, Field(ge=1, le=BIGINT_MAX)]


class PeopleShape(StrEnum):
    GRID = "grid"
    LIST = "list"


class LinksShape(StrEnum):
    BUTTONS = "buttons"
    CARDS = "cards"
    LIST = "list"


class TextAlignment(StrEnum):
    LEFT = "left"
    CENTER = "center"


class ImageFit(StrEnum):
    COVER = "cover"
    CONTAIN = "contain"


class FeedSection(Document):
    """Runs one of the owner's custom feeds."""

    feed_id: RowId
    limit: Shown = 10


class GallerySection(Document):
    """The pictures of the owner's posts, newest first."""

    columns: Annotated[int, Field(ge=1, le=6)] = 3
    limit: Shown = 12


class LinksSection(Document):
    shape: Annotated[LinksShape, Choice] = LinksShape.BUTTONS


class StaticTextSection(Document):
    alignment: Annotated[TextAlignment, Choice] = TextAlignment.LEFT


class StaticImageSection(Document):
    fit: Annotated[ImageFit, Choice] = ImageFit.COVER


class VideoSection(Document):
    autoplay: bool = False
    muted: bool = True
    loop: bool = False


class RepostsSection(Document):
    limit: Shown = 10
    show_comments: bool = True


class PeopleSection(Document):
    """Friends, followers or people followed: the section's type says which."""

    limit: Shown = 12
    shape: Annotated[PeopleShape, Choice] = PeopleShape.GRID


class ListSection(Document):
    """The members of one of the owner's public lists."""

    list_id: RowId
    limit: Shown = 12
    shape: Annotated[PeopleShape, Choice] = PeopleShape.GRID


SectionConfig: TypeAlias = (
    FeedSection
    | GallerySection
    | LinksSection
    | StaticTextSection
    | StaticImageSection
    | VideoSection
    | RepostsSection
    | PeopleSection
    | ListSection
)

SECTION_CONFIGS: dict[SectionType, type[SectionConfig]] = {
    SectionType.FEED: FeedSection,
    SectionType.GALLERY: GallerySection,
    SectionType.LINKS: LinksSection,
    SectionType.STATIC_TEXT: StaticTextSection,
    SectionType.STATIC_IMAGE: StaticImageSection,
    SectionType.VIDEO: VideoSection,
    SectionType.REPOSTS: RepostsSection,
    SectionType.FRIENDS: PeopleSection,
    SectionType.FOLLOWERS: PeopleSection,
    SectionType.FOLLOWING: PeopleSection,
    SectionType.LIST: ListSection,
}


def section_config(type_: SectionType, value: object) -> SectionConfig:
    """The config of a section of this type; pydantic.ValidationError when `value` is not one."""
    return SECTION_CONFIGS[type_].model_validate(value)
