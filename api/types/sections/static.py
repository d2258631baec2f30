"""Sections that hold what their owner put there."""

from collections.abc import Awaitable, Sequence

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.enums import ImageFit, SectionContentType, SectionShape, SectionType, TextAlignment
from api.gql.node import Node, node_id
from api.gql.scalars import URL
from api.types.media import Media
from api.types.sections.base import ProfileSection, setting
from db.queries.media import MediaRow
from db.queries.profiles import SectionContentRow, SectionRow


@strawberry.type(
    description="A piece of a static section: a text, a link, a picture, or something embedded from another site."
)
class SectionContent(Node):
    id: strawberry.ID = node_id("SectionContent")
    title: str | None = strawberry.field(description="Its title, up to 200 characters.")
    content: str | None = strawberry.field(
        description="Its text, up to 10,000 characters; for a picture what it shows."
    )

    @computed(graphql_type=SectionContentType, description="What it is.")
    @staticmethod
    def type(pieces: Sequence[SectionContentRow], _info: Info) -> Sequence[str]:
        return [piece.content_type for piece in pieces]

    @computed(
        graphql_type=URL | None,
        description="Where it leads, or the address of what it shows; null for a text, and where `media` is shown.",
    )
    @staticmethod
    def url(pieces: Sequence[SectionContentRow], info: Info) -> Sequence[str | None]:
        return info.context.absolute(piece.url for piece in pieces)

    @relation(
        graphql_type=Media | None,
        description="The uploaded file that it shows; null when there is none. With the file, the piece is deleted; in "
        "a draft or version it stays without.",
    )
    @staticmethod
    def media(pieces: Sequence[SectionContentRow], info: Info) -> Awaitable[Sequence[MediaRow | None]]:
        return info.context.loaders.media_by_id.column([piece.media_id for piece in pieces])

    is_type_of = presents(SectionContentRow)


def _kept(section: SectionRow) -> list[SectionContentRow]:
    """What a section of a draft or version holds."""
    return [
        SectionContentRow(
            one["id"], section.id, one["type"], one["title"], one["content"], one["url"], place, one.get("media_id")
        )
        for place, one in enumerate(section.content or ())
    ]


@strawberry.interface(description="A section that holds what its owner put there.")
class StaticSection(ProfileSection):
    @relation(graphql_type=list[SectionContent], description="Its pieces in the owner's order; at most 50.")
    @staticmethod
    async def content(sections: Sequence[SectionRow], info: Info) -> Sequence[list[SectionContentRow]]:
        keys = [section.id if section.content is None else None for section in sections]
        found = await info.context.loaders.content_by_section_id.column(keys)
        return [_kept(section) if stored is None else stored for section, stored in zip(sections, found, strict=True)]


@strawberry.type(description="A section with a text.")
class StaticTextSection(StaticSection):
    section_type = SectionType.STATIC_TEXT

    alignment: TextAlignment = setting("alignment", TextAlignment, "How the text is aligned.")


@strawberry.type(description="A section with pictures the owner chose.")
class StaticImageSection(StaticSection):
    section_type = SectionType.STATIC_IMAGE

    fit: ImageFit = setting("fit", ImageFit, "How a picture fills its place.")


@strawberry.type(description="A section with links.")
class LinksSection(StaticSection):
    section_type = SectionType.LINKS

    shape: SectionShape = setting("shape", SectionShape, "How the links look: BUTTONS, CARDS or LIST.")


@strawberry.type(description="A section with videos the owner chose.")
class VideoSection(StaticSection):
    section_type = SectionType.VIDEO

    autoplay: bool = setting("autoplay", bool, "Whether a video starts by itself.")
    muted: bool = setting("muted", bool, "Whether it starts without sound.")
    loop: bool = setting("loop", bool, "Whether it starts again when it ends.")
