"""Profiles: how the viewer's own looks."""

import strawberry
from pydantic import ValidationError

from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.validation import InvalidInputsError, refusals
from api.inputs.profiles import UpdateBackgroundInput
from api.types.payloads import changed_viewer
from api.types.profiles import Profile
from db.documents.background import BackgroundConfig
from db.queries import profiles
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow


@strawberry.type(description="The result of `updateBackground`.")
class UpdateBackgroundPayload:
    profile: ProfileRow | None = strawberry.field(
        default=None, graphql_type=Profile | None, description="The viewer's profile."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ProfileMutation:
    @mutation(description="Sets what lies behind the viewer's profile. User errors: BAD_USER_INPUT.")
    @staticmethod
    async def update_background(info: Info, input: UpdateBackgroundInput) -> UpdateBackgroundPayload:
        try:
            background = BackgroundConfig(type=input.type, value=input.value, position=input.position)
        except ValidationError as error:
            raise InvalidInputsError(refusals(error)) from error
        viewer = info.context.signed_in
        await profiles.update_background(info.context.database, viewer, background.model_dump_json())
        return UpdateBackgroundPayload(profile=await info.context.loaders.profile_by_id.load(viewer))
