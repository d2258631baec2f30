"""Posts that the viewer has seen."""

import strawberry

from api.context import Info
from api.gql.ids import decode
from api.gql.mutation import mutation, user_errors
from api.gql.user_errors import UserError
from api.gql.visibility import seen
from api.inputs.posts import MarkSeenInput
from api.types.payloads import changed_viewer
from api.types.posts import Post
from db.queries import seen_posts
from db.queries.posts import PostRow
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `markSeen`.")
class MarkSeenPayload:
    posts: list[PostRow] = strawberry.field(
        default_factory=list,
        graphql_type=list[Post],
        description="The posts that the viewer has seen now, in the order of their ids in the input.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class SeenPostMutation:
    @mutation(
        description="Notes that the viewer has seen these posts, for `unseenOnly` and `viewsCount`; nobody else sees "
        "that. Send what was on the screen in batches. Of each person the 10,000 posts are remembered that they saw "
        "last for the first time: to see one again changes nothing. Ids of posts that are not published, do not exist "
        "or may not be seen are ignored. User errors: BAD_USER_INPUT.",
    )
    @staticmethod
    async def mark_seen(info: Info, input: MarkSeenInput) -> MarkSeenPayload:
        context = info.context
        keys = list(dict.fromkeys(decode(global_id, "Post") for global_id in input.post_ids))
        noted = await seen_posts.mark_seen(context.database, context.signed_in, keys)
        is_new = {row.id: row.is_new for row in noted}
        posts = seen(await context.loaders.post_by_id.load_many([key for key in keys if key in is_new]))
        # Before the transaction ends: if it fails, what is tried again counts no second time.
        for post in posts:
            if is_new[post.id]:
                context.count_view(post.id, post.user_id)
        return MarkSeenPayload(posts=posts)
