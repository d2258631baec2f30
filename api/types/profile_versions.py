"""Drafts and earlier versions of the viewer's profile."""

from collections.abc import Awaitable, Sequence
from datetime import datetime

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.node import Node, node_id
from api.loaders.profile_files import BackgroundRow, MusicRow, backgrounds, music
from api.types.profiles import (
    BACKGROUND,
    DocumentT,
    ProfileBackground,
    ProfileLayout,
    ProfileMusic,
    ProfileStyle,
    document_of,
)
from api.types.sections import ProfileSection
from db.documents.background import BackgroundConfig
from db.documents.layout import LayoutConfig
from db.documents.music import MusicConfig
from db.documents.profile_sections import KeptSections
from db.documents.style import StyleConfig
from db.queries.profile_versions import VersionDocumentsRow, VersionRow
from db.queries.profiles import SectionRow


def _documents(
    versions: Sequence[VersionRow], info: Info, column: str, model: type[DocumentT]
) -> Awaitable[Sequence[DocumentT | None]]:
    loader = info.context.loaders.version_documents_by_id
    return loader.column([version.id for version in versions], document_of(column, model))


def _sections(row: VersionDocumentsRow | None) -> list[SectionRow]:
    if row is None:
        return []
    return [
        SectionRow(
            one.id,
            row.user_id,
            one.type,
            one.title,
            one.description,
            one.config,
            place,
            one.is_visible,
            [piece.model_dump(mode="json") for piece in one.content],
        )
        for place, one in enumerate(KeptSections.model_validate(row.sections).sections)
    ]


@strawberry.type(
    description="What the viewer's profile looked like at one time, or its draft, with its sections. Only its owner "
    "sees it."
)
class ProfileVersion(Node):
    id: strawberry.ID = node_id("ProfileVersion")
    is_current: bool = strawberry.field(description="Whether it is what others see now.")
    created_at: datetime = strawberry.field(
        description="When it was kept: when it was published, or replaced; for the draft, when it was begun."
    )

    @computed(
        graphql_type=int | None,
        description="`Profile.version` while it was published; null for the draft. Changes that were made directly "
        "count as well, so that numbers may be missing.",
    )
    @staticmethod
    def number(versions: Sequence[VersionRow], _info: Info) -> Sequence[int | None]:
        return [version.number or None for version in versions]

    @relation(graphql_type=ProfileBackground | None, description=BACKGROUND)
    @staticmethod
    def background(versions: Sequence[VersionRow], info: Info) -> Awaitable[Sequence[BackgroundRow | None]]:
        return backgrounds(info.context.loaders, _documents(versions, info, "background_config", BackgroundConfig))

    @relation(graphql_type=ProfileMusic | None, description="What plays on the profile; null while not set.")
    @staticmethod
    def music(versions: Sequence[VersionRow], info: Info) -> Awaitable[Sequence[MusicRow | None]]:
        return music(info.context.loaders, _documents(versions, info, "music_config", MusicConfig))

    @relation(graphql_type=ProfileStyle | None, description="Fonts, colours and sizes; null while not set.")
    @staticmethod
    def style(versions: Sequence[VersionRow], info: Info) -> Awaitable[Sequence[StyleConfig | None]]:
        return _documents(versions, info, "style_config", StyleConfig)

    @relation(graphql_type=ProfileLayout | None, description="How the sections are laid out; null while not set.")
    @staticmethod
    def layout(versions: Sequence[VersionRow], info: Info) -> Awaitable[Sequence[LayoutConfig | None]]:
        return _documents(versions, info, "layout_config", LayoutConfig)

    @relation(
        graphql_type=list[ProfileSection],
        description="Its sections, from top to bottom, with ids of their own: changes to them leave the published ones "
        "as they are. Their lists show what the viewer sees now.",
    )
    @staticmethod
    def sections(versions: Sequence[VersionRow], info: Info) -> Awaitable[Sequence[list[SectionRow]]]:
        loader = info.context.loaders.version_documents_by_id
        return loader.column([version.id for version in versions], _sections)

    is_type_of = presents(VersionRow)
