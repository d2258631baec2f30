"""Sections as a draft or an earlier version holds them, and as they are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.profiles.pieces import GivenPiece
from api.profiles.sections import STATIC, GivenSection, stored_config
from db.documents.profile_sections import KeptPiece, KeptSection, KeptSections
from db.documents.section_config import section_config
from db.enums import SectionContentType, SectionType
from db.queries.profiles import SectionContentRow, SectionRow
from db.queries.sections import PieceSizeRow


def kept(
    rows: Sequence[SectionRow],
    contents: Mapping[int, Sequence[SectionContentRow]],
    ids: Iterator[int],
    pieces: Iterator[int],
) -> KeptSections:
    """The published sections as a version holds them, under ids of its own."""
    return KeptSections(
        sections=tuple(
            KeptSection(
                id=next(ids),
                copy_of=row.id,
                type=SectionType(row.type),
                title=row.title,
                description=row.description,
                is_visible=row.is_visible,
                config=row.config,
                content=tuple(_piece(piece, next(pieces)) for piece in contents.get(row.id, ())),
            )
            for row in rows
        )
    )


def _piece(piece: SectionContentRow, key: int) -> KeptPiece:
    return KeptPiece(
        id=key,
        copy_of=piece.id,
        type=SectionContentType(piece.content_type),
        title=piece.title,
        content=piece.content,
        url=piece.url,
        media_id=piece.media_id,
    )


def given_from(
    kept_sections: KeptSections, sections: Iterable[int], pieces: Iterable[PieceSizeRow]
) -> list[GivenSection]:
    """What a version holds, to be published: what it was copied from is changed where it is still there."""
    known, section_of = set(sections), {piece.id: piece.section_id for piece in pieces}
    found: list[GivenSection] = []
    for one in kept_sections.sections:
        key = one.copy_of if one.copy_of in known else None
        content = [
            GivenPiece(
                piece.copy_of if key is not None and section_of.get(piece.copy_of or 0) == key else None,
                piece.type, piece.title, piece.content, piece.url, piece.media_id,
            )
            for piece in one.content
        ]  # fmt: skip
        found.append(
            GivenSection(
                id=key,
                title=one.title,
                description=one.description,
                keeps_description=False,
                is_visible=one.is_visible,
                type=one.type,
                config=section_config(one.type, one.config),
                content=content if one.type in STATIC else None,
            )
        )
    return found


def as_rows(user_id: int, kept_sections: KeptSections) -> dict[int, SectionRow]:
    """The sections of a version as those of a profile are read."""
    return {
        one.id: SectionRow(one.id, user_id, one.type, one.title, one.description, one.config, place, one.is_visible)
        for place, one in enumerate(kept_sections.sections)
    }


def sizes(kept_sections: KeptSections) -> list[PieceSizeRow]:
    return [
        PieceSizeRow(piece.id, one.id, sum(len(text or "") for text in (piece.title, piece.content, piece.url)))
        for one in kept_sections.sections
        for piece in one.content
    ]


def replaced(
    before: KeptSections, given: Sequence[GivenSection], ids: Iterator[int], pieces: Iterator[int]
) -> KeptSections:
    """The sections of a draft after a change; `ids` and `pieces` are for what is new."""
    stored = {one.id: one for one in before.sections}
    return KeptSections(
        sections=tuple(_changed(None if one.id is None else stored[one.id], one, ids, pieces) for one in given)
    )


def _changed(before: KeptSection | None, one: GivenSection, ids: Iterator[int], pieces: Iterator[int]) -> KeptSection:
    content = () if before is None else before.content
    if one.content is not None:
        content = _pieces(content, one.content, pieces)
    if before is None:
        assert one.type is not None  # noqa: S101  (a new one without is refused before)
        return KeptSection(
            id=next(ids),
            type=one.type,
            title=one.title or "",
            description=one.description,
            is_visible=one.is_visible is not False,
            config=stored_config(one.config),
            content=content,
        )
    return before.model_copy(
        update={
            "title": one.title or before.title,
            "description": before.description if one.keeps_description else one.description,
            "is_visible": before.is_visible if one.is_visible is None else one.is_visible,
            "config": before.config if one.config is None else stored_config(one.config),
            "content": content,
        }
    )


def _pieces(before: Sequence[KeptPiece], given: Sequence[GivenPiece], ids: Iterator[int]) -> tuple[KeptPiece, ...]:
    copies = {piece.id: piece.copy_of for piece in before}
    return tuple(
        KeptPiece(
            id=next(ids) if one.id is None else one.id,
            copy_of=None if one.id is None else copies[one.id],
            type=one.type,
            title=one.title,
            content=one.content,
            url=one.url,
            media_id=one.media_id,
        )
        for one in given
    )
