"""app.profile_versions.sections: the sections of a profile at one time, with what stood in them."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from db.documents.document import BIGINT_MAX, Choice, Document, Many
from db.documents.section_config import section_config
from db.enums import SectionContentType, SectionType

Id = Annotated[int, Field(ge=1, le=BIGINT_MAX)]


class KeptPiece(Document):
    """A piece of a section. `copy_of` is the one on the published profile that it was copied from."""

    id: Id
    copy_of: Id | None = None
    type: Annotated[SectionContentType, Choice]
    title: str | None = None
    content: str | None = None
    url: str | None = None
    media_id: Id | None = None


class KeptSection(Document):
    """A section. `copy_of` is the one on the published profile that it was copied from."""

    id: Id
    copy_of: Id | None = None
    type: Annotated[SectionType, Choice]
    title: str
    description: str | None = None
    is_visible: bool = True
    config: dict[str, Any]
    content: Many[KeptPiece] = ()

    @model_validator(mode="after")
    def _has_the_config_of_its_type(self) -> Self:
        section_config(self.type, self.config)
        return self


class KeptSections(Document):
    sections: Many[KeptSection] = ()

    @property
    def section_ids(self) -> list[int]:
        return [section.id for section in self.sections]

    @property
    def content_ids(self) -> list[int]:
        return [piece.id for section in self.sections for piece in section.content]
