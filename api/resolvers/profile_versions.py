"""Publishing and discarding the draft of a profile, and restoring earlier versions."""

from typing import Any

import strawberry

from api.context import Info
from api.gql.ids import decode, encode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.profile_versions import PublishProfileDraftInput, RestoreProfileVersionInput
from api.profiles.versions import discard_draft, publish_draft, restore_version
from api.types.payloads import changed_viewer
from api.types.profile_versions import ProfileVersion
from api.types.profiles import Profile
from api.types.users import User
from db.queries.profile_versions import VersionRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow, UserRow


def _field(graphql_type: Any, description: str) -> Any:
    return strawberry.field(default=None, graphql_type=graphql_type, description=description)


@strawberry.type(description="The result of `publishProfileDraft`.")
class PublishProfileDraftPayload:
    profile: ProfileRow | None = _field(Profile | None, "The viewer's profile.")
    user: UserRow | None = _field(User | None, "The viewer as others see them, with their sections.")
    version: VersionRow | None = _field(
        ProfileVersion | None, "The new version, the current one: the first of `viewer.profileVersions`."
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the draft, which has ended."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `discardProfileDraft`.")
class DiscardProfileDraftPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the draft; null when there was none."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `restoreProfileVersion`.")
class RestoreProfileVersionPayload:
    profile: ProfileRow | None = _field(Profile | None, "The viewer's profile.")
    user: UserRow | None = _field(User | None, "The viewer as others see them, with their sections.")
    version: VersionRow | None = _field(
        ProfileVersion | None, "The new version, the current one: the first of `viewer.profileVersions`."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ProfileVersionMutation:
    @mutation(
        description="Publishes the draft and ends it. Sections that it was begun with keep the ids that they have on "
        "the published profile. What was published before is kept as a version, of which there are 50 at most. User "
        "errors: NOT_FOUND (no draft), CONFLICT (the published profile has changed since)."
    )
    @staticmethod
    async def publish_profile_draft(info: Info, input: PublishProfileDraftInput) -> PublishProfileDraftPayload:
        viewer, loaders = info.context.signed_in, info.context.loaders
        made = await publish_draft(info, overwrite=input.overwrite)
        return PublishProfileDraftPayload(
            profile=await loaders.profile_by_id.load(viewer),
            user=await loaders.user_by_id.load(viewer),
            version=await loaders.profile_version_by_id.load(made.version_id),
            deleted_id=None if made.draft_id is None else encode("ProfileVersion", made.draft_id),
        )

    @mutation(description="Deletes the draft. No error when there is none.")
    @staticmethod
    async def discard_profile_draft(info: Info) -> DiscardProfileDraftPayload:
        deleted = await discard_draft(info)
        return DiscardProfileDraftPayload(deleted_id=None if deleted is None else encode("ProfileVersion", deleted))

    @mutation(
        description="Makes an earlier version the current one, as a new version. Sections that are still there keep "
        "their ids. A draft stays as it is. User errors: NOT_FOUND."
    )
    @staticmethod
    async def restore_profile_version(info: Info, input: RestoreProfileVersionInput) -> RestoreProfileVersionPayload:
        viewer, loaders = info.context.signed_in, info.context.loaders
        made = await restore_version(info, decode(input.version_id, "ProfileVersion"))
        return RestoreProfileVersionPayload(
            profile=await loaders.profile_by_id.load(viewer),
            user=await loaders.user_by_id.load(viewer),
            version=await loaders.profile_version_by_id.load(made.version_id),
        )
