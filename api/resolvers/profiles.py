"""Profiles: what the viewer says on their own, and how it looks."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypedDict, cast

import strawberry
from pydantic import ValidationError
from strawberry import UNSET

from api.context import Info
from api.gql.enums import BackgroundType, ProfileTarget
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.validation import InvalidInputsError, refusals
from api.inputs.profiles import (
    UpdateBackgroundInput,
    UpdateLayoutInput,
    UpdateMusicInput,
    UpdateProfileInput,
    UpdateStyleInput,
)
from api.profiles.files import PICTURES, SOUNDS, VIDEOS, own_file
from api.profiles.versions import begun_draft, change_draft
from api.types.payloads import changed_viewer
from api.types.profile_versions import ProfileVersion
from api.types.profiles import Profile
from db.documents.background import BackgroundConfig
from db.documents.document import Document
from db.documents.layout import LayoutConfig
from db.documents.music import MusicConfig
from db.documents.style import StyleConfig
from db.errors import InvalidInputError
from db.queries import profiles
from db.queries.profile_versions import VersionRow
from db.queries.sessions import SessionRow
from db.queries.users import ProfileRow


def _profile() -> Any:
    return strawberry.field(default=None, graphql_type=Profile | None, description="The viewer's profile.")


def _draft() -> Any:
    return strawberry.field(
        default=None, graphql_type=ProfileVersion | None, description="The draft, when it was the target."
    )


@strawberry.type(description="The result of `updateProfile`.")
class UpdateProfilePayload:
    profile: ProfileRow | None = _profile()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateBackground`.")
class UpdateBackgroundPayload:
    profile: ProfileRow | None = _profile()
    draft: VersionRow | None = _draft()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateMusic`.")
class UpdateMusicPayload:
    profile: ProfileRow | None = _profile()
    draft: VersionRow | None = _draft()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateStyle`.")
class UpdateStylePayload:
    profile: ProfileRow | None = _profile()
    draft: VersionRow | None = _draft()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateLayout`.")
class UpdateLayoutPayload:
    profile: ProfileRow | None = _profile()
    draft: VersionRow | None = _draft()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


def _without_null(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_null(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
        for name, value in values.items()
        if value is not None and value is not UNSET
    }


def _given(value: Any) -> dict[str, Any]:
    """What an input names, without what is null or left out, by the names of a document."""
    return _without_null({name: found for name, found in asdict(value).items() if name != "target"})


class _Shaped(TypedDict):
    """What was changed, for a payload."""

    profile: ProfileRow | None
    draft: VersionRow | None


async def _change(
    info: Info, target: ProfileTarget, column: str, model: type[Document], changes: Mapping[str, Any]
) -> _Shaped:
    """Let the document in this column of the viewer's profile, or of its draft, have these values."""
    viewer, database, loaders = info.context.signed_in, info.context.database, info.context.loaders
    draft = await begun_draft(info) if target is ProfileTarget.DRAFT else None
    look = draft.look if draft else (await profiles.lock_profile_documents(database, viewer))._asdict()
    try:
        document = model.model_validate(look[column] or {}).changed(changes)
    except ValidationError as error:
        raise InvalidInputsError(refusals(error)) from error
    if draft is None:
        await profiles.update_profile_document(database, viewer, column, document.model_dump_json())
    else:
        await change_draft(info, draft, column, document)
    return {
        "profile": await loaders.profile_by_id.load(viewer),
        "draft": None if draft is None else await loaders.profile_version_by_id.load(draft.id),
    }


@strawberry.type
class ProfileMutation:
    @mutation(
        description="Changes what the viewer says about themselves. What is left out stays as it is; null removes. "
        "User errors: BAD_USER_INPUT, NOT_FOUND (the picture)."
    )
    @staticmethod
    async def update_profile(info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:
        viewer = info.context.signed_in
        changes = {name: value for name, value in asdict(input).items() if value is not UNSET}
        if "avatar_media_id" in changes:
            changes["avatar_media_id"] = await own_file(info, input.avatar_media_id, PICTURES, ("avatar_media_id",))
        await profiles.update_profile(info.context.database, viewer, changes)
        return UpdateProfilePayload(profile=await info.context.loaders.profile_by_id.load(viewer))

    @mutation(
        description="Sets what lies behind the viewer's profile. User errors: BAD_USER_INPUT, NOT_FOUND (the file)."
    )
    @staticmethod
    async def update_background(info: Info, input: UpdateBackgroundInput) -> UpdateBackgroundPayload:
        if bool(input.value) == (input.media_id is not None):
            raise InvalidInputError("Give either a value or a file.", field=("value",))
        kinds = VIDEOS if input.type is BackgroundType.VIDEO else PICTURES
        if input.type is BackgroundType.COLOR and input.media_id is not None:
            raise InvalidInputError("A colour has no file.", field=("media_id",))
        values = {
            "type": input.type,
            "value": input.value or "",
            "position": input.position,
            "media_id": await own_file(info, input.media_id, kinds),
        }
        return UpdateBackgroundPayload(
            **await _change(info, input.target, "background_config", BackgroundConfig, values)
        )

    @mutation(
        description="Sets what plays on the viewer's profile. What is left out stays as it is. User errors: "
        "BAD_USER_INPUT, NOT_FOUND (the file)."
    )
    @staticmethod
    async def update_music(info: Info, input: UpdateMusicInput) -> UpdateMusicPayload:
        if input.url and input.media_id:
            raise InvalidInputError("Give either an address or a file.", field=("media_id",))
        changes = _given(input)
        if input.url is not UNSET or input.media_id is not UNSET:
            changes["url"] = input.url or None
            changes["media_id"] = await own_file(info, input.media_id, SOUNDS)
        return UpdateMusicPayload(**await _change(info, input.target, "music_config", MusicConfig, changes))

    @mutation(
        description="Sets fonts, colours and sizes of the viewer's profile. What is absent or null stays as it is. "
        "Colours that are hard to read are taken, and listed in `contrastWarnings`. User errors: BAD_USER_INPUT."
    )
    @staticmethod
    async def update_style(info: Info, input: UpdateStyleInput) -> UpdateStylePayload:
        return UpdateStylePayload(**await _change(info, input.target, "style_config", StyleConfig, _given(input)))

    @mutation(
        description="Sets how the sections of the viewer's profile are laid out. What is absent or null stays as it "
        "is. User errors: BAD_USER_INPUT."
    )
    @staticmethod
    async def update_layout(info: Info, input: UpdateLayoutInput) -> UpdateLayoutPayload:
        return UpdateLayoutPayload(**await _change(info, input.target, "layout_config", LayoutConfig, _given(input)))
