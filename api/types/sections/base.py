"""What all sections of a profile have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar

import strawberry
from strawberry import Parent

from api.gql.enums import SectionType
from api.gql.node import Node, node_id
from db.documents.section_config import section_config
from db.queries.profiles import SectionRow


def setting(name: str, graphql_type: Any, description: str) -> Any:
    """A field that reads one key of the section's config through its pydantic model."""

    def resolve_setting(root: Parent[SectionRow]) -> Any:
        return setting_of(root, name)

    return strawberry.field(resolver=resolve_setting, graphql_type=graphql_type, description=description)


def setting_of(section: SectionRow, name: str) -> Any:
    return getattr(section_config(SectionType(section.type), section.config), name)


def limit_of(section: SectionRow) -> int:
    """The default page size of the section's list."""
    return setting_of(section, "limit")


def owners(sections: Sequence[SectionRow]) -> list[int]:
    return [section.user_id for section in sections]


@strawberry.interface(
    description="A part of a profile. Fields that several section types share have the same type in all of them, so "
    "that one query can ask for all sections at once."
)
class ProfileSection(Node):
    section_type: ClassVar[SectionType]

    id: strawberry.ID = node_id("ProfileSection")
    type: SectionType = strawberry.field(description="What it shows.")
    title: str = strawberry.field(description="The title, up to 100 characters.")
    description: str | None = strawberry.field(description="A few words about it, up to 500 characters.")
    is_visible: bool = strawberry.field(
        description="Whether others see it; hidden sections are returned to the owner only."
    )

    @classmethod
    def is_type_of(cls, source: object, _info: object) -> bool:
        return isinstance(source, SectionRow) and source.type == cls.section_type
