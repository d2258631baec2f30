"""Writing posts, and changing them."""

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import UNSET

from api.authoring.files import copies, files_do_not_fit, own_files, thumbnail
from api.authoring.texts import read_text, tags_of
from api.context import Info
from api.gql.enums import NewPostStatus
from api.gql.idempotency import Creation
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.target_posts import visible_post
from api.gql.user_errors import UserError
from api.inputs.authoring import CreatePostInput, UpdatePostInput, require_time_ahead
from api.types.payloads import NewEdge, changed_author, changed_viewer, edge_of, new_edge
from api.types.posts import Post
from api.types.users import USER_POSTS
from api.types.viewer import DRAFTS
from db.documents.posts import too_long, without_text
from db.enums import PostStatus, PostType
from db.errors import ConflictError, InvalidInputError, NotFoundError
from db.queries import authoring, media, notifying_mentions, post_revisions, post_texts
from db.queries.authoring import Contents, DraftRow, OwnPostRow
from db.queries.media import MediaRow
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow
from db.queries.users import UserRow


@strawberry.type(description="The result of `createPost`.")
class CreatePostPayload:
    post: PostRow | None = strawberry.field(default=None, graphql_type=Post | None, description="The new post.")
    post_edge: NewEdge | None = edge_of(
        Post, "The post as a new entry of the author's posts; null unless it is published."
    )
    draft_edge: NewEdge | None = edge_of(Post, "The post as a new entry of `viewer.drafts`; null unless it is a draft.")
    user: UserRow | None = changed_author()
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The result of `updatePost`.")
class UpdatePostPayload:
    post: PostRow | None = strawberry.field(default=None, graphql_type=Post | None, description="The post.")
    draft_edge: NewEdge | None = edge_of(
        Post, "The post as the first entry of `viewer.drafts`; null unless it is a draft that was changed."
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


def _check(type_: PostType, content: str | None, files: Sequence[MediaRow] | None, status: str) -> None:
    """What a post of this status must have: a draft no more than that its text is not too long.

    `files` is None where they stay as they are: some may have been deleted, which keeps nobody from the other changes.
    """
    sentence = too_long(type_, content)
    if sentence is None and status != PostStatus.DRAFT:
        sentence = without_text(type_, content)
    if sentence is not None:
        raise InvalidInputError(sentence, field=("content",))
    if files is None or status == PostStatus.DRAFT:
        return
    if (sentence := files_do_not_fit(type_, files)) is not None:
        raise InvalidInputError(sentence, field=("media_ids",) if files else ("type",))


async def _contents(
    info: Info, written: dict[str, Any], given: Sequence[str], language: str | None, files: Sequence[MediaRow]
) -> tuple[Contents, list[int]]:
    """What is stored of a post, and whom it mentions. `given` are the tags besides those in the text."""
    text = await read_text(info.context.database, info.context.signed_in, written["content"], given, language)
    made = Contents(
        **written,
        content_html=text.html,
        tags=text.tags,
        language=text.language,
        is_language_detected=text.is_language_detected,
        media_urls=copies(files),
        thumbnail_url=thumbnail(files),
    )
    return made, text.mentioned


async def _created(info: Info, post_id: int) -> CreatePostPayload:
    """What a post's creation returns, as it is now; also to a retry."""
    own = await authoring.lock_own_post(info.context.database, info.context.signed_in, post_id)
    if own is None:
        raise NotFoundError
    post = await visible_post(info, post_id, field=())
    place = DraftRow(info.context.signed_in, own.updated_at, post_id)
    return CreatePostPayload(
        post=post,
        post_edge=new_edge(USER_POSTS, post) if post.status == PostStatus.PUBLISHED else None,
        draft_edge=new_edge(DRAFTS, place, post) if post.status == PostStatus.DRAFT else None,
    )


def _media_ids(ids: Sequence[strawberry.ID]) -> list[int]:
    return [decode(one, "Media") for one in ids]


@strawberry.type
class AuthoringMutation:
    @mutation(
        description="Writes a post of any type: published, scheduled or kept as a draft. `#words` in the text become "
        "tags; `@names` of people whom the author may see become mentions, and notify these people once the post is "
        "published. Neither is found in code and in links. User errors: BAD_USER_INPUT, NOT_FOUND (a file), CONFLICT "
        "(a file of another post).",
        creation=Creation("post", _created),
    )
    @staticmethod
    async def create_post(info: Info, input: CreatePostInput) -> CreatePostPayload:
        database, viewer = info.context.database, info.context.signed_in
        status = PostStatus(input.status.value)
        if (input.scheduled_for is not None) != (input.status is NewPostStatus.SCHEDULED):
            raise InvalidInputError("A time is for SCHEDULED, which needs one.", field=("scheduled_for",))
        if input.scheduled_for is not None:
            require_time_ahead(input.scheduled_for)
        files = await own_files(database, viewer, _media_ids(input.media_ids))
        _check(input.type, input.content, files, status)
        written = {
            "type": input.type.value,
            "visibility": input.visibility.value,
            "title": input.title,
            "content": input.content,
        }
        contents, mentioned = await _contents(info, written, input.tags, input.language, files)
        created = await authoring.insert_post(database, viewer, contents, status, input.scheduled_for)
        if created is None:  # the account is not active any more
            raise NotFoundError
        if files:
            await authoring.set_media(database, viewer, created.id, [one.id for one in files])
        if mentioned:
            await post_texts.set_mentions(database, created.id, mentioned)
            await notifying_mentions.notify_mentions(database, [created.id])
        return await _created(info, created.id)

    @mutation(
        description="Changes a post in any status but DELETED. A change of title, text, tags or files after publishing "
        "sets `editedAt`, and keeps the version before it in `revisions`: the latest 50. User errors: NOT_FOUND (the "
        "post or a file), BAD_USER_INPUT, CONFLICT (deleted; a new type after publishing; a file of another post)."
    )
    @staticmethod
    async def update_post(info: Info, input: UpdatePostInput) -> UpdatePostPayload:
        database, viewer, post_id = info.context.database, info.context.signed_in, decode(input.post_id, "Post")
        old = await authoring.lock_own_post(database, viewer, post_id)
        if old is None:
            raise NotFoundError(field=("post_id",))
        if old.status == PostStatus.DELETED:
            raise ConflictError("This post is deleted. Restore it first.", field=("post_id",))
        type_ = PostType(old.type) if input.type is None else input.type
        if type_ != old.type and old.status == PostStatus.PUBLISHED:
            raise ConflictError("A published post keeps its type.", field=("type",))
        had = await media.media_by_post_ids(database, [post_id])
        files = had
        if input.media_ids is not None:
            files = await own_files(database, viewer, _media_ids(input.media_ids), post_id)
        written = {
            "type": type_.value,
            "visibility": old.visibility if input.visibility is None else input.visibility.value,
            "title": old.title if input.title is UNSET else input.title,
            "content": old.content if input.content is UNSET else input.content,
        }
        is_refitted = input.media_ids is not None or type_ != old.type
        _check(type_, written["content"], files if is_refitted else None, old.status)
        contents, mentioned = await _contents(info, written, await _given_tags(old, input), _stated(old, input), files)
        changes = _changes(old, contents)
        if [one.id for one in files] != [one.id for one in had]:
            changes.add("files")
        if not changes:
            return UpdatePostPayload(post=await visible_post(info, post_id))
        is_edit = bool(changes & {"title", "content", "tags", "files"})
        if is_edit and old.status == PostStatus.PUBLISHED:
            await post_revisions.keep_revision(database, viewer, post_id)
        await authoring.set_media(database, viewer, post_id, [one.id for one in files])
        updated = await authoring.update_post(database, viewer, post_id, contents, is_edit=is_edit)
        if updated is None:
            raise NotFoundError(field=("post_id",))
        await post_texts.set_mentions(database, post_id, mentioned)
        if old.status == PostStatus.PUBLISHED:
            await notifying_mentions.renew_mentions(database, post_id)
        post = await visible_post(info, post_id)
        return UpdatePostPayload(
            post=post, draft_edge=new_edge(DRAFTS, updated, post) if old.status == PostStatus.DRAFT else None
        )


async def _given_tags(old: OwnPostRow, input: UpdatePostInput) -> list[str]:
    """The tags besides those of the text: the new ones, or those that the text before did not have."""
    if input.tags is not None:
        return input.tags
    own = set(await tags_of(old.content or ""))
    return [tag for tag in old.tags if tag not in own]


def _stated(old: OwnPostRow, input: UpdatePostInput) -> str | None:
    """The language that the author states, or stated."""
    if input.language is not UNSET:
        return input.language
    return None if old.is_language_detected else old.language


def _changes(old: OwnPostRow, new: Contents) -> set[str]:
    """The names of what is another."""
    names = ("type", "visibility", "title", "content", "tags", "language", "is_language_detected")
    return {name for name in names if getattr(old, name) != getattr(new, name)}
