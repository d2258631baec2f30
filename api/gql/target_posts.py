"""The post that the input of a mutation names, in `postId`."""

from api.context import Info
from db.enums import PostStatus
from db.errors import NotFoundError
from db.queries.posts import PostRow

_FIELD = ("post_id",)


async def visible_post(info: Info, post_id: int, field: tuple[str, ...] = _FIELD) -> PostRow:
    """The post, which may be a draft or a deleted post of the viewer; else NOT_FOUND."""
    post = await info.context.loaders.post_by_id.load(post_id)
    if post is None:
        raise NotFoundError(field=field)
    return post


async def published_post(info: Info, post_id: int) -> PostRow:
    """The post, if there is anything to like, to share or to comment on; else NOT_FOUND, also to its author."""
    post = await visible_post(info, post_id)
    if post.status != PostStatus.PUBLISHED:
        raise NotFoundError(field=_FIELD)
    return post
