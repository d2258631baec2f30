"""Words that keep posts out of the viewer's feeds: adding, changing and deleting them."""

from datetime import UTC, datetime

import strawberry
from strawberry import UNSET

from api.context import Info
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.inputs.mute_words import CreateMuteWordInput, DeleteMuteWordInput, UpdateMuteWordInput
from api.types.mute_words import MuteWord
from api.types.payloads import changed_viewer
from db.documents.texts import phrase_of
from db.errors import InvalidInputError, NotFoundError
from db.feeds.mute_words import MOST_CHARACTERS, MOST_WORDS, too_many
from db.queries import mute_words
from db.queries.mute_words import MuteWordRow
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `createMuteWord`.")
class CreateMuteWordPayload:
    mute_word: MuteWordRow | None = strawberry.field(
        default=None, graphql_type=MuteWord | None, description="The muted word, first in `viewer.muteWords`."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updateMuteWord`.")
class UpdateMuteWordPayload:
    mute_word: MuteWordRow | None = strawberry.field(
        default=None, graphql_type=MuteWord | None, description="The muted word."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `deleteMuteWord`.")
class DeleteMuteWordPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id of the deleted word.")
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


async def _created(info: Info, word_id: int) -> CreateMuteWordPayload:
    found = await info.context.loaders.mute_word_by_id.load(word_id)
    if found is None:
        raise NotFoundError(field=("mute_word_id",))
    return CreateMuteWordPayload(mute_word=found)


def _in_future(until: datetime | None) -> datetime | None:
    if until is not None and until <= datetime.now(UTC):
        raise InvalidInputError("This must be in the future.", field=("until",))
    return until


@strawberry.type
class MuteWordMutation:
    @mutation(
        description="Mutes a word: posts of others that have it leave the feeds that the viewer reads. An account has "
        f"at most {MOST_WORDS}, of {MOST_CHARACTERS:,} characters in all (fewer where most of these differ, as in "
        "Chinese: 500 that all differ), those counted that have stopped. User errors: BAD_USER_INPUT (also for one "
        "word too many), CONFLICT (it is muted already; `updateMuteWord` changes it).",
        creation=Creation("mute_word", _created),
    )
    @staticmethod
    async def create_mute_word(info: Info, input: CreateMuteWordInput) -> CreateMuteWordPayload:
        viewer, database = info.context.signed_in, info.context.database
        until = _in_future(input.until)
        await mute_words.lock_mute_words_of_user(database, viewer)
        word = phrase_of(input.word)
        others = await mute_words.mute_words_by_user_ids(database, viewer, [viewer])
        if (refused := too_many([*(other.word for other in others), word])) is not None:
            raise InvalidInputError(refused, field=("word",))
        created = await mute_words.create_mute_word(
            database,
            viewer,
            word,
            whole_word=input.whole_word,
            except_followed=input.except_followed,
            until=until,
        )
        return CreateMuteWordPayload(mute_word=created)

    @mutation(
        description="Changes how or until when a word is muted; another word is another `createMuteWord`. User errors: "
        "NOT_FOUND, BAD_USER_INPUT."
    )
    @staticmethod
    async def update_mute_word(info: Info, input: UpdateMuteWordInput) -> UpdateMuteWordPayload:
        sets_until = input.until is not UNSET
        changed = await mute_words.update_mute_word(
            info.context.database,
            info.context.signed_in,
            decode(input.mute_word_id, "MuteWord"),
            whole_word=input.whole_word,
            except_followed=input.except_followed,
            sets_until=sets_until,
            until=_in_future(input.until) if sets_until else None,
        )
        if changed is None:
            raise NotFoundError(field=("mute_word_id",))
        return UpdateMuteWordPayload(mute_word=changed)

    @mutation(description="Mutes a word no longer. User errors: NOT_FOUND.")
    @staticmethod
    async def delete_mute_word(info: Info, input: DeleteMuteWordInput) -> DeleteMuteWordPayload:
        viewer, database = info.context.signed_in, info.context.database
        if not await mute_words.delete_mute_word(database, viewer, decode(input.mute_word_id, "MuteWord")):
            raise NotFoundError(field=("mute_word_id",))
        return DeleteMuteWordPayload(deleted_id=input.mute_word_id)
