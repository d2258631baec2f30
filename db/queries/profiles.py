"""Profiles: their documents, sections and what stands in sections."""

from asyncio import Future
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from db.pool import Database
from db.queries import array
from db.statements import load


class ProfileDocumentsRow(NamedTuple):
    user_id: int
    background_config: dict[str, Any] | None
    music_config: dict[str, Any] | None
    style_config: dict[str, Any] | None
    layout_config: dict[str, Any] | None
    version: int


class SectionRow(NamedTuple):
    """`content` is what a section of a draft or version holds; that of a published one is read by its id."""

    id: int
    user_id: int
    type: str
    title: str
    description: str | None
    config: dict[str, Any]
    display_order: int
    is_visible: bool
    content: list[dict[str, Any]] | None = None


class SectionContentRow(NamedTuple):
    id: int
    section_id: int
    content_type: str
    title: str | None
    content: str | None
    url: str | None
    display_order: int
    media_id: int | None = None


_STATEMENTS = load("profiles")
_SAID = ("display_name", "bio", "age", "location", "website", "avatar_media_id")
LOOK = ("background_config", "music_config", "style_config", "layout_config")
"""The columns that hold what a profile looks like."""


def profile_documents_by_user_ids(
    database: Database, viewer: int | None, ids: Iterable[int]
) -> Future[list[ProfileDocumentsRow]]:
    return database.fetch(
        _STATEMENTS["profile_documents_by_user_ids"], ProfileDocumentsRow, viewer=viewer, ids=array(ids)
    )


def sections_by_user_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[SectionRow]]:
    return database.fetch(_STATEMENTS["sections_by_user_ids"], SectionRow, viewer=viewer, ids=array(ids))


def sections_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[SectionRow]]:
    return database.fetch(_STATEMENTS["sections_by_ids"], SectionRow, viewer=viewer, ids=array(ids))


def content_by_section_ids(database: Database, ids: Iterable[int]) -> Future[list[SectionContentRow]]:
    return database.fetch(_STATEMENTS["content_by_section_ids"], SectionContentRow, ids=array(ids))


def content_by_ids(database: Database, viewer: int | None, ids: Iterable[int]) -> Future[list[SectionContentRow]]:
    return database.fetch(_STATEMENTS["content_by_ids"], SectionContentRow, viewer=viewer, ids=array(ids))


async def update_profile(database: Database, viewer: int, changes: Mapping[str, str | int | None]) -> None:
    """`changes` by column, of those that a person says about themselves."""
    values = {column: changes.get(column) for column in _SAID}
    await database.execute(_STATEMENTS["update_profile"], viewer=viewer, given=array(changes), **values)


async def lock_profile_documents(database: Database, viewer: int) -> ProfileDocumentsRow:
    (row,) = await database.fetch(_STATEMENTS["lock_profile_documents"], ProfileDocumentsRow, viewer=viewer)
    return row


async def update_profile_document(database: Database, viewer: int, column: str, document: str) -> None:
    """`column` is the one of ProfileDocumentsRow that holds the document."""
    values = {name: document if name == column else None for name in LOOK}
    await database.execute(_STATEMENTS["update_profile_documents"], viewer=viewer, **values)


async def count_version(database: Database, viewer: int) -> None:
    await database.execute(_STATEMENTS["count_version"], viewer=viewer)
