"""Feeds while they are composed: what rules would give, and why a post is in a feed or is not."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from api.context import Info
from api.gql.errors import BadUserInputError
from api.gql.ids import decode
from api.gql.permissions import authenticated
from api.gql.user_errors import user_error
from api.gql.validation import InvalidInputsError
from api.inputs.feed_rules import FeedRulesInput, FeedSourceInput, rules_document
from api.loaders.feed_budget import TimeBudget
from api.loaders.feeds import Outcomes, rules_of
from api.types.feed_outcomes import Explanation, FeedExplanation, explanation
from api.types.feed_previews import FeedPreview, Preview
from db.documents.feed_rules import FeedRules

Rules = Annotated[FeedRulesInput, strawberry.argument(description="The rules to try.")]
Source = Annotated[FeedSourceInput, strawberry.argument(description="The feed to explain, saved or not.")]
PostId = Annotated[strawberry.ID, strawberry.argument(description="The post to explain.")]


@strawberry.type
class FeedPreviewQuery:
    @strawberry.field(
        graphql_type=FeedPreview | None,
        description="Tries rules without saving them: the posts, and how many recent candidates each filter keeps and "
        "drops. Requires sign-in (UNAUTHENTICATED otherwise).",
        extensions=authenticated(),
    )
    def preview_feed(self, rules: Rules) -> Preview:
        try:
            return Preview(rules_document(rules), [])
        except InvalidInputsError as invalid:
            return Preview(None, [user_error(refusal) for refusal in invalid.errors])

    @strawberry.field(
        graphql_type=FeedExplanation | None,
        description="Says of one post why it is in a feed, or why it is not: every filter and every check with its "
        "outcome. Null when the viewer may not see the post or the feed. Rules that are not valid are BAD_USER_INPUT; "
        "`previewFeed` names each of their errors. Requires sign-in (UNAUTHENTICATED otherwise).",
        extensions=authenticated(),
    )
    async def explain_post(self, info: Info, feed: Source, post_id: PostId) -> Explanation | None:
        context, key = info.context, decode(post_id, "Post")
        rules = await _rules(info, feed)
        if rules is None:
            return None
        outcomes = await Outcomes(context, rules, context.viewer_id, [key], TimeBudget(context)).by_id()
        post = await context.loaders.post_by_id.load(key) if key in outcomes else None
        return None if post is None else explanation(rules, outcomes[key], post)


async def _rules(info: Info, source: FeedSourceInput) -> FeedRules | None:
    if source.rules not in (None, UNSET):
        try:
            return rules_document(source.rules)
        except InvalidInputsError as invalid:
            first = invalid.errors[0]
            raise BadUserInputError(f"{first.message} Where: {'.'.join(first.field)}") from invalid
    feed = await info.context.loaders.feed_by_id.load(decode(source.feed_id or "", "Feed"))
    return None if feed is None else (await rules_of(info.context.loaders, [feed]))[0]
