"""The sections of a profile: replacing them, and what stands in them."""

import strawberry

from api.context import Info
from api.gql.enums import ProfileTarget
from api.gql.ids import decode, encode_all
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.sections import SetSectionContentInput, UpdateSectionsInput, given_content, given_sections
from api.profiles.files import require_files
from api.profiles.pieces import MOST_CHARACTERS, MOST_PIECES
from api.profiles.sections import MOST_SECTIONS, replace_content, replace_sections
from api.profiles.versions import begun_draft, draft_of_viewer, replace_draft_content, replace_draft_sections
from api.types.payloads import changed_viewer
from api.types.profile_versions import ProfileVersion
from api.types.profiles import Profile
from api.types.sections.static import StaticSection
from api.types.users import User
from db.errors import ConflictError, InvalidInputError
from db.queries import profiles
from db.queries.profile_versions import VersionRow
from db.queries.profiles import SectionRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow, UserRow


@strawberry.type(description="The result of `updateSections`.")
class UpdateSectionsPayload:
    user: UserRow | None = strawberry.field(
        default=None, graphql_type=User | None, description="The viewer as others see them, with their sections."
    )
    profile: ProfileRow | None = strawberry.field(
        default=None, graphql_type=Profile | None, description="The viewer's profile."
    )
    draft: VersionRow | None = strawberry.field(
        default=None, graphql_type=ProfileVersion | None, description="The draft, when it was the target."
    )
    deleted_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The ids of the deleted sections."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `setSectionContent`.")
class SetSectionContentPayload:
    section: SectionRow | None = strawberry.field(
        default=None, graphql_type=StaticSection | None, description="The section with its pieces."
    )
    deleted_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The ids of the deleted pieces."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


_TOGETHER = f"All pieces of a profile together may have {MOST_CHARACTERS:,} characters."


@strawberry.type
class SectionMutation:
    @mutation(
        description="Replaces the sections of the viewer's profile, all at once and in this order: an entry with `id` "
        "changes that section, one without creates one, and sections that are missing are deleted. An entry with "
        f"nothing but `id` keeps a section as it is, so a list of ids reorders. At most {MOST_SECTIONS}. {_TOGETHER} "
        "User errors: BAD_USER_INPUT, NOT_FOUND (a section, piece, file, feed or list), CONFLICT (another version)."
    )
    @staticmethod
    async def update_sections(info: Info, input: UpdateSectionsInput) -> UpdateSectionsPayload:
        viewer, database, loaders = info.context.signed_in, info.context.database, info.context.loaders
        given = given_sections(input.sections)
        if input.target is ProfileTarget.DRAFT and input.expected_version is not None:
            raise InvalidInputError("A draft has no version; leave this out.", field=("expected_version",))
        contents = [(("sections", str(place), "content"), one.content or ()) for place, one in enumerate(given)]
        await require_files(info, contents)
        profile = await profiles.lock_profile_documents(database, viewer)
        if input.expected_version not in (None, profile.version):
            raise ConflictError(
                f"The profile has changed since; it is version {profile.version} now.", field=("expected_version",)
            )
        draft = None
        if input.target is ProfileTarget.DRAFT:
            draft = await begun_draft(info)
            deleted = await replace_draft_sections(info, draft, given)
        else:
            deleted = await replace_sections(info, given)
            await profiles.count_version(database, viewer)
        return UpdateSectionsPayload(
            user=await loaders.user_by_id.load(viewer),
            profile=await loaders.profile_by_id.load(viewer),
            draft=None if draft is None else await loaders.profile_version_by_id.load(draft.id),
            deleted_ids=encode_all("ProfileSection", deleted),
        )

    @mutation(
        description="Replaces the pieces of a static section, all at once and in this order: an entry with `id` "
        "replaces that piece, one without creates one, and pieces that are missing are deleted. At most "
        f"{MOST_PIECES}. {_TOGETHER} User errors: BAD_USER_INPUT, NOT_FOUND (the section, a piece or a file)."
    )
    @staticmethod
    async def set_section_content(info: Info, input: SetSectionContentInput) -> SetSectionContentPayload:
        viewer, section_id = info.context.signed_in, decode(input.section_id, "ProfileSection")
        given = given_content(input.content)
        await require_files(info, [(("content",), given)])
        await profiles.lock_profile_documents(info.context.database, viewer)
        draft = await draft_of_viewer(info)
        if draft is not None and section_id in draft.sections.section_ids:
            deleted = await replace_draft_content(info, draft, section_id, given)
        else:
            deleted = await replace_content(info, section_id, given)
            await profiles.count_version(info.context.database, viewer)
        return SetSectionContentPayload(
            section=await info.context.loaders.section_by_id.load(section_id),
            deleted_ids=encode_all("SectionContent", deleted),
        )
