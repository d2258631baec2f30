"""Ready-made looks for a profile, and giving it one of them."""

import strawberry

from api.context import Info
from api.gql.enums import ProfileTarget
from api.gql.mutation import mutation, user_errors
from api.gql.permissions import active
from api.gql.user_errors import UserError
from api.inputs.profile_templates import ApplyTemplateInput
from api.profiles import templates
from api.profiles.versions import apply_template
from api.types.payloads import changed_viewer
from api.types.profile_templates import ProfileTemplate
from api.types.profile_versions import ProfileVersion
from api.types.profiles import Profile
from api.types.users import User
from db.queries.profile_versions import VersionRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow, UserRow


@strawberry.type
class ProfileTemplateQuery:
    @strawberry.field(
        graphql_type=list[ProfileTemplate] | None,
        description="Ready-made looks for a profile, in a fixed order.",
        extensions=active(),
    )
    def profile_templates(self) -> list[templates.ProfileTemplate]:
        return list(templates.TEMPLATES)


@strawberry.type(description="The result of `applyTemplate`.")
class ApplyTemplatePayload:
    profile: ProfileRow | None = strawberry.field(
        default=None, graphql_type=Profile | None, description="The viewer's profile."
    )
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The viewer as others see them, with their sections."
    )
    draft: VersionRow | None = strawberry.field(
        default=None, graphql_type=ProfileVersion | None, description="The draft, when it was the target."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ProfileTemplateMutation:
    @mutation(
        description="Gives the viewer's profile, or its draft, the style, layout and sections of a template. The "
        "sections that it has stay below the new ones, hidden. What was published before is kept as a version. User "
        "errors: BAD_USER_INPUT (too many sections)."
    )
    @staticmethod
    async def apply_template(info: Info, input: ApplyTemplateInput) -> ApplyTemplatePayload:
        viewer, loaders = info.context.signed_in, info.context.loaders
        to_draft = input.target is ProfileTarget.DRAFT
        draft = await apply_template(info, templates.BY_KEY[input.template], to_draft=to_draft)
        return ApplyTemplatePayload(
            profile=await loaders.profile_by_id.load(viewer),
            user=await loaders.user_by_id.load(viewer),
            draft=None if draft is None else await loaders.profile_version_by_id.load(draft.id),
        )
