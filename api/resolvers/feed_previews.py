"""Feeds while they are composed: what rules would give, and why a post is in a feed or is not."""

from typing import Annotated, NamedTuple

import strawberry
from strawberry import UNSET

from api.context import Info
from api.feeds.naming import with_named_feeds
from api.gql.errors import BadUserInputError
from api.gql.ids import decode
from api.gql.permissions import authenticated
from api.gql.user_errors import user_error
from api.gql.validation import InvalidInputsError
from api.inputs.feed_rules import FeedRulesInput, FeedSourceInput, rules_document
from api.loaders.feed_budget import VISIT_MS, TimeBudget
from api.loaders.feed_masks import masked
from api.loaders.feed_pages import Outcomes, own_reading
from api.loaders.feeds import rules_of
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
    async def preview_feed(self, info: Info, rules: Rules) -> Preview:
        try:
            return Preview(await with_named_feeds(info.context, rules_document(rules)), [])
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
        found = await _rules(info, feed)
        if found is None:
            return None
        budget = TimeBudget(context) if found.is_own else TimeBudget(context, VISIT_MS)
        reading = await own_reading(context, context.loaders, budget, found.feed_id)
        outcomes = await Outcomes(reading, found.rules, [key]).by_id()
        post = await context.loaders.post_by_id.load(key) if key in outcomes else None
        if post is None:
            return None
        word_id = outcomes[key].muted_word_id
        word = None if word_id is None else await context.loaders.mute_word_by_id.load(word_id)
        return explanation(found.shown, outcomes[key], post, word)


class _Explained(NamedTuple):
    """Rules, how the viewer may read them, and whether the viewer has chosen them."""

    rules: FeedRules
    shown: FeedRules
    is_own: bool
    feed_id: int | None = None


async def _rules(info: Info, source: FeedSourceInput) -> _Explained | None:
    if source.rules not in (None, UNSET):
        try:
            rules = await with_named_feeds(info.context, rules_document(source.rules))
        except InvalidInputsError as invalid:
            first = invalid.errors[0]
            raise BadUserInputError(f"{first.message} Where: {'.'.join(first.field)}") from invalid
        return _Explained(rules, rules, is_own=True)
    context = info.context
    feed = await context.loaders.feed_by_id.load(decode(source.feed_id or "", "Feed"))
    if feed is None:
        return None
    every = await rules_of(context.loaders, [feed])
    (shown,) = await masked(context, context.loaders, [feed], every)
    return _Explained(every[0], shown, is_own=feed.user_id == context.viewer_id, feed_id=feed.id)
