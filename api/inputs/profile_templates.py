"""The input that names a template of a profile."""

import strawberry

from api.gql.enums import ProfileTarget, ProfileTemplateKey


@strawberry.input(description="The input of `applyTemplate`.")
class ApplyTemplateInput:
    template: ProfileTemplateKey = strawberry.field(description="The template.")
    target: ProfileTarget = strawberry.field(default=ProfileTarget.DRAFT, description="Which profile to change.")
