"""Drafts and earlier versions of profiles."""

from asyncio import Future
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from db.documents.profile_sections import KeptSections
from db.pool import Database
from db.queries import IdRow, array
from db.statements import load


class VersionRow(NamedTuple):
    """A version of the profile of `user_id`. `number` is 0 of the draft, which has the one that it was begun from."""

    id: int
    user_id: int
    number: int
    begun_from: int | None
    created_at: datetime
    is_current: bool


class VersionDocumentsRow(NamedTuple):
    id: int
    user_id: int
    background_config: dict[str, Any] | None
    music_config: dict[str, Any] | None
    style_config: dict[str, Any] | None
    layout_config: dict[str, Any] | None
    sections: dict[str, Any]


class NumberRow(NamedTuple):
    version: int


_STATEMENTS = load("profile_versions")
Look = Mapping[str, str | None]
"""The documents that shape a profile, as JSON, by the columns of LOOK of profiles."""


def profile_versions_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[VersionRow]]:
    return database.fetch(_STATEMENTS["profile_versions_by_user_ids"], VersionRow, viewer=viewer, ids=array(ids))


def profile_drafts_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[VersionRow]]:
    return database.fetch(_STATEMENTS["profile_drafts_by_user_ids"], VersionRow, viewer=viewer, ids=array(ids))


def profile_versions_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[VersionRow]]:
    return database.fetch(_STATEMENTS["profile_versions_by_ids"], VersionRow, viewer=viewer, ids=array(ids))


def version_documents_by_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[VersionDocumentsRow]]:
    return database.fetch(_STATEMENTS["version_documents_by_ids"], VersionDocumentsRow, viewer=viewer, ids=array(ids))


async def draw_section_ids(database: Database, size: int) -> list[int]:
    return [row.id for row in await database.fetch(_STATEMENTS["draw_section_ids"], IdRow, size=size)]


async def draw_content_ids(database: Database, size: int) -> list[int]:
    return [row.id for row in await database.fetch(_STATEMENTS["draw_content_ids"], IdRow, size=size)]


async def insert_version(
    database: Database, viewer: int, number: int, look: Look, sections: KeptSections, begun_from: int | None = None
) -> int:
    """Its id. `number` is 0 for a draft, which has the one that it was begun from."""
    given = {"viewer": viewer, "number": number, "begun_from": begun_from, **look, **_columns(sections)}
    (created,) = await database.fetch(_STATEMENTS["insert_version"], IdRow, **given)
    return created.id


async def update_draft(database: Database, viewer: int, look: Look, sections: KeptSections) -> None:
    await database.execute(_STATEMENTS["update_draft"], viewer=viewer, **look, **_columns(sections))


async def delete_draft(database: Database, viewer: int) -> int | None:
    """The id of the draft that is deleted; None where there was none."""
    found = await database.fetch_one(_STATEMENTS["delete_draft"], IdRow, viewer=viewer)
    return None if found is None else found.id


async def delete_old_versions(database: Database, viewer: int) -> None:
    await database.execute(_STATEMENTS["delete_old_versions"], viewer=viewer)


async def publish_documents(database: Database, viewer: int, look: Look) -> int:
    """The version of the profile from now on."""
    (row,) = await database.fetch(_STATEMENTS["publish_documents"], NumberRow, viewer=viewer, **look)
    return row.version


def _columns(sections: KeptSections) -> dict[str, str]:
    return {
        "sections": sections.model_dump_json(),
        "section_ids": array(sections.section_ids),
        "content_ids": array(sections.content_ids),
    }
