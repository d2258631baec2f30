"""Drafts and versions of a profile: beginning, changing, publishing and restoring them.

Each of these locks the row of the profile first, so that of several changes each sees the one before.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from api.context import Info
from api.gql.validation import InvalidInputsError
from api.profiles.files import files_that_are_there
from api.profiles.kept import as_rows, given_from, kept, replaced, sizes
from api.profiles.pieces import GivenPiece, piece_refusals, require_room
from api.profiles.sections import (
    MOST_SECTIONS,
    STATIC,
    GivenSection,
    foreign_sources,
    refusals,
    replace_sections,
    require_room_for,
    without_pieces,
)
from api.profiles.templates import ProfileTemplate
from db.documents.document import Document
from db.documents.profile_sections import KeptSections
from db.errors import ConflictError, InvalidInputError, NotFoundError
from db.queries import profile_versions as versions
from db.queries import profiles, sections
from db.queries.profile_versions import VersionDocumentsRow
from db.queries.profiles import LOOK, ProfileDocumentsRow


class Draft(NamedTuple):
    """The draft of the viewer's profile, whose row is locked."""

    id: int
    look: dict[str, Any]
    sections: KeptSections


class Published(NamedTuple):
    """What a publication made: the ids of its version, and of the draft that has ended."""

    version_id: int
    draft_id: int | None


async def draft_of_viewer(info: Info) -> Draft | None:
    """The draft, if there is one. The profile is locked by then."""
    viewer, database = info.context.signed_in, info.context.database
    found = await versions.profile_drafts_by_user_ids(database, viewer, [viewer])
    return await _draft(info, found[0].id) if found else None


async def begun_draft(info: Info) -> Draft:
    """The draft, which begins as what is published when there is none."""
    viewer, database = info.context.signed_in, info.context.database
    row = await profiles.lock_profile_documents(database, viewer)
    draft = await draft_of_viewer(info)
    if draft is not None:
        return draft
    look = {name: getattr(row, name) for name in LOOK}
    copy = await _copy_of_published(info)
    key = await versions.insert_version(database, viewer, 0, _json(look), copy, begun_from=row.version)
    return Draft(key, look, copy)


async def change_draft(info: Info, draft: Draft, column: str, document: Document) -> None:
    """Let one of the documents of the draft be this."""
    look = draft.look | {column: document.model_dump(mode="json")}
    await versions.update_draft(info.context.database, info.context.signed_in, _json(look), draft.sections)


async def replace_draft_sections(info: Info, draft: Draft, given: Sequence[GivenSection]) -> list[int]:
    """Let these be the sections of the draft, in this order; the ids of those that are gone."""
    stored, pieces = as_rows(info.context.signed_in, draft.sections), sizes(draft.sections)
    errors = [*refusals(given, stored, pieces), *await foreign_sources(info, given)]
    if errors:
        raise InvalidInputsError(errors)
    require_room_for(given, pieces)
    await _write(info, draft, given)
    kept_ids = {one.id for one in given}
    return [key for key in stored if key not in kept_ids]


async def replace_draft_content(info: Info, draft: Draft, section_id: int, content: Sequence[GivenPiece]) -> list[int]:
    """Let these be the pieces of a section of the draft, in this order; the ids of those that are gone."""
    section = next((one for one in draft.sections.sections if one.id == section_id), None)
    if section is None:
        raise NotFoundError(field=("section_id",))
    if section.type not in STATIC:
        raise InvalidInputError(without_pieces(section.type), field=("section_id",))
    own = {piece.id for piece in section.content}
    if errors := list(piece_refusals(("content",), content, own)):
        raise InvalidInputsError(errors)
    require_room([piece for piece in sizes(draft.sections) if piece.section_id != section_id], [content], ("content",))
    given = [
        _unchanged(one.id)._replace(content=content if one.id == section_id else None)
        for one in draft.sections.sections
    ]
    await _write(info, draft, given)
    kept_ids = {piece.id for piece in content}
    return [key for key in own if key not in kept_ids]


def _unchanged(key: int) -> GivenSection:
    """A section that stays as it is."""
    return GivenSection(
        id=key,
        title=None,
        description=None,
        keeps_description=True,
        is_visible=None,
        type=None,
        config=None,
        content=None,
    )


async def publish_draft(info: Info, *, overwrite: bool) -> Published:
    """Let the profile be as its draft, which ends."""
    viewer, database = info.context.signed_in, info.context.database
    row = await profiles.lock_profile_documents(database, viewer)
    found = await versions.profile_drafts_by_user_ids(database, viewer, [viewer])
    if not found:
        raise NotFoundError("There is no draft to publish.")
    if found[0].begun_from != row.version and not overwrite:
        raise ConflictError(
            "The published profile has changed since this draft was begun. Publish with `overwrite` to replace it, or "
            "discard the draft.",
            field=("overwrite",),
        )
    draft = await _draft(info, found[0].id)
    version_id = await publish(info, row, draft.look, draft.sections)
    await versions.delete_draft(database, viewer)
    return Published(version_id, draft.id)


async def restore_version(info: Info, version_id: int) -> Published:
    """Let the profile be as this version of it, which must be the viewer's."""
    viewer, database = info.context.signed_in, info.context.database
    row = await profiles.lock_profile_documents(database, viewer)
    found = await versions.profile_versions_by_ids(database, viewer, [version_id])
    if not found or found[0].number == 0:
        raise NotFoundError(field=("version_id",))
    earlier = await _draft(info, version_id)
    return Published(await publish(info, row, earlier.look, earlier.sections), None)


async def apply_template(info: Info, template: ProfileTemplate, *, to_draft: bool) -> Draft | None:
    """Give the profile, or its draft, a ready-made look with new sections above its own; the draft, if it was that."""
    look = {
        "style_config": template.style.model_dump(mode="json"),
        "layout_config": template.layout.model_dump(mode="json"),
    }
    if to_draft:
        draft = await begun_draft(info)
        changed = draft._replace(look=draft.look | look)
        await _write(info, changed, _above(template, draft.sections.section_ids))
        return changed
    viewer, database = info.context.signed_in, info.context.database
    row = await profiles.lock_profile_documents(database, viewer)
    await record(info, row)
    given = _above(template, [one.id for one in await sections.own_sections(database, viewer)])
    await _publish(info, {name: getattr(row, name) for name in LOOK} | look, given)
    return None


def _above(template: ProfileTemplate, ids: Sequence[int]) -> list[GivenSection]:
    """The sections of a template, and below them those that are there, which are hidden from then on."""
    if len(template.sections) + len(ids) > MOST_SECTIONS:
        raise InvalidInputError(
            f"The profile would have more than {MOST_SECTIONS} sections: delete some of the {len(ids)} that it has.",
            field=("template",),
        )
    new = [
        GivenSection(
            id=None,
            title=one.title,
            description=None,
            keeps_description=False,
            is_visible=True,
            type=one.type,
            config=one.config,
            content=None,
        )
        for one in template.sections
    ]
    return new + [_unchanged(key)._replace(is_visible=False) for key in ids]


async def publish(info: Info, row: ProfileDocumentsRow, look: dict[str, Any], copy: KeptSections) -> int:
    """Let the locked profile be this, and keep what it was and what it is; the id of the new version."""
    viewer, database = info.context.signed_in, info.context.database
    await record(info, row)
    stored, pieces = await sections.own_sections(database, viewer), await sections.own_pieces(database, viewer)
    given = given_from(copy, [one.id for one in stored], pieces)
    return await _publish(info, look, await _without_lost_files(info, given))


async def _without_lost_files(info: Info, given: Sequence[GivenSection]) -> list[GivenSection]:
    """These sections without the pieces whose file has been deleted since, as it would have taken them along."""
    found = await files_that_are_there(info, [piece for one in given for piece in one.content or ()])
    return [
        one._replace(content=one.content and [p for p in one.content if p.media_id is None or p.media_id in found])
        for one in given
    ]


async def _publish(info: Info, look: dict[str, Any], given: Sequence[GivenSection]) -> int:
    viewer, database = info.context.signed_in, info.context.database
    await replace_sections(info, given, looks_up_sources=False)
    await versions.publish_documents(database, viewer, _json(look))
    version_id = await record(info, await profiles.lock_profile_documents(database, viewer))
    await versions.delete_old_versions(database, viewer)
    return version_id


async def record(info: Info, row: ProfileDocumentsRow) -> int:
    """Keep what is published as a version, unless it is one already; its id."""
    viewer, database = info.context.signed_in, info.context.database
    for version in await versions.profile_versions_by_user_ids(database, viewer, [viewer]):
        if version.number == row.version:
            return version.id
    look = {name: getattr(row, name) for name in LOOK}
    copy = await _copy_of_published(info)
    return await versions.insert_version(database, viewer, row.version, _json(look), copy)


async def _write(info: Info, draft: Draft, given: Sequence[GivenSection]) -> None:
    viewer, database = info.context.signed_in, info.context.database
    new = sum(one.id is None for one in given)
    new_pieces = sum(piece.id is None for one in given for piece in one.content or ())
    ids = await versions.draw_section_ids(database, new)
    piece_ids = await versions.draw_content_ids(database, new_pieces)
    changed = replaced(draft.sections, given, iter(ids), iter(piece_ids))
    await versions.update_draft(database, viewer, _json(draft.look), changed)


async def _draft(info: Info, key: int) -> Draft:
    row: VersionDocumentsRow
    (row,) = await versions.version_documents_by_ids(info.context.database, info.context.signed_in, [key])
    look = {name: getattr(row, name) for name in LOOK}
    return Draft(row.id, look, KeptSections.model_validate(row.sections))


async def _copy_of_published(info: Info) -> KeptSections:
    """The published sections under ids of their own."""
    viewer, database = info.context.signed_in, info.context.database
    rows = await sections.own_sections(database, viewer)
    contents = await profiles.content_by_section_ids(database, [row.id for row in rows])
    ids = await versions.draw_section_ids(database, len(rows))
    piece_ids = await versions.draw_content_ids(database, len(contents))
    by_section: dict[int, list[Any]] = {}
    for piece in contents:
        by_section.setdefault(piece.section_id, []).append(piece)
    return kept(rows, by_section, iter(ids), iter(piece_ids))


def _json(look: dict[str, Any]) -> dict[str, str | None]:
    return {name: None if look[name] is None else json.dumps(look[name]) for name in LOOK}


async def discard_draft(info: Info) -> int | None:
    """Delete the draft; its id, or None where there was none."""
    viewer, database = info.context.signed_in, info.context.database
    await profiles.lock_profile_documents(database, viewer)
    return await versions.delete_draft(database, viewer)
