"""Ready-made looks for a profile."""

from collections.abc import Sequence

import strawberry

from api.context import Info
from api.execution.columns import computed
from api.gql.enums import ProfileTemplateKey, SectionType
from api.profiles import templates
from api.types.profiles import ProfileLayout, ProfileStyle


@strawberry.type(description="A ready-made look with sections to fill in.")
class ProfileTemplate:
    key: ProfileTemplateKey = strawberry.field(description="Which template it is.")
    name: str = strawberry.field(description="The name, in English.")
    description: str = strawberry.field(description="What it is good for, in English.")
    style: ProfileStyle = strawberry.field(description="Its fonts, colours and sizes.")
    layout: ProfileLayout = strawberry.field(description="Its layout.")

    @computed(graphql_type=list[SectionType], description="The sections that it adds, from top to bottom.")
    @staticmethod
    def section_types(found: Sequence[templates.ProfileTemplate], _info: Info) -> Sequence[list[SectionType]]:
        return [template.section_types for template in found]
