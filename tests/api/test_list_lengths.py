"""Every list that a client sends has a length beyond which it is refused."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# graphql-core's types are generic in what nothing here looks into.

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from api.schema import schema
from tests.api.conftest import Api

_NODES = "query ($v: [ID!]!) { nodes(ids: $v) { id } }"
_POST = 'mutation ($v: [String!]!) { createPost(input: {type: TEXT_SHORT, content: "x", tags: $v}) {'
_LIST = 'mutation ($v: [ID!]!) { createList(input: {name: "People", userIds: $v}) {'
_GROUP = 'mutation ($v: [ID!]!) { createConversation(input: {title: "People", userIds: $v}) {'
_ADD = 'mutation ($v: [ID!]!) { addConversationMembers(input: {conversationId: "Q29udmVyc2F0aW9uOjE", userIds: $v}) {'
_READ = "mutation ($v: [ID!]!) { markNotificationsRead(input: {ids: $v}) {"
_SEEN = "mutation ($v: [ID!]!) { markSeen(input: {postIds: $v}) {"
_FILES = "mutation ($v: [ID!]!) { createPost(input: {type: IMAGE, mediaIds: $v}) {"
_CHANGE = 'mutation ($v: [String!]!) { updatePost(input: {postId: "UG9zdDox", FIELD}) {'
_ERRORS = " userErrors { code message } } }"
_FEED = 'mutation ($v: TYPE!) { createFeed(input: {name: "x", rules: {groups: FILTERS}}) {' + _ERRORS
_FILTER = _FEED.replace("FILTERS", "[{filters: [FILTER]}]")
_TYPE = _FILTER.replace("FILTER", "{postType: {FIELD: $v}}")
_ORDER = "mutation ($v: [ID!]!) { reorderFeeds(input: {feedIds: $v}) {" + _ERRORS
_PIN_FIRST = 'mutation ($v: [ID!]!) { createFeed(input: {name: "x", rules: {}, pinnedPostIds: $v}) {' + _ERRORS
_PIN = 'mutation ($v: [ID!]!) { updateFeed(input: {feedId: "RmVlZDox", pinnedPostIds: $v}) {' + _ERRORS
_SECTIONS = "mutation ($v: [SectionInput!]!) { updateSections(input: {sections: $v}) {" + _ERRORS
_PIECES = 'mutation ($v: [SectionContentInput!]!) { updateSections(input: {sections: [{title: "x", content: $v}]}) {'
_CONTENT = 'mutation ($v: [SectionContentInput!]!) { setSectionContent(input: {sectionId: "UHJvZmlsZVNlY3Rpb246MQ", '
_NOTIFICATIONS = "query ($v: [NotificationType!]) { viewer { notifications(types: $v) { nodes { id } } } }"
_SEARCH = 'query ($v: [KIND!]!) { searchPosts(query: "x", filter: {FIELD: $v}) { nodes { id } } }'
# The operation that sends the list, and the most that it may hold.
BOUNDS = {
    "Query.nodes(ids)": (_NODES, 100),
    "CreatePostInput.tags": (_POST + _ERRORS, 20),
    "CreatePostInput.mediaIds": (_FILES + _ERRORS, 10),
    "UpdatePostInput.tags": (_CHANGE.replace("FIELD", "tags: $v") + _ERRORS, 20),
    "UpdatePostInput.mediaIds": (_CHANGE.replace("FIELD", "mediaIds: $v").replace("String", "ID") + _ERRORS, 10),
    "CreateListInput.userIds": (_LIST + _ERRORS, 100),
    "CreateConversationInput.userIds": (_GROUP + _ERRORS, 49),
    "AddConversationMembersInput.userIds": (_ADD + _ERRORS, 49),
    "MarkNotificationsReadInput.ids": (_READ + _ERRORS, 100),
    "DeleteNotificationsInput.ids": (_READ.replace("markNotificationsRead", "deleteNotifications") + _ERRORS, 100),
    "Viewer.notifications(types)": (_NOTIFICATIONS, 8),
    "MarkSeenInput.postIds": (_SEEN + _ERRORS, 100),
    "FeedRulesInput.groups": (_FEED.replace("TYPE", "[FeedGroupInput!]").replace("FILTERS", "$v"), 20),
    "FeedGroupInput.filters": (_FEED.replace("TYPE", "[FeedFilterInput!]").replace("FILTERS", "[{filters: $v}]"), 20),
    "PostTypeFilterInput.types": (_TYPE.replace("TYPE", "[PostType!]").replace("FIELD", "types"), 9),
    "PostTypeFilterInput.groups": (_TYPE.replace("TYPE", "[PostTypeGroup!]").replace("FIELD", "groups"), 4),
    "AuthorFilterInput.userIds": (_FILTER.replace("TYPE", "[ID!]").replace("FILTER", "{author: {userIds: $v}}"), 100),
    "CreateFeedInput.pinnedPostIds": (_PIN_FIRST, 3),
    "UpdateFeedInput.pinnedPostIds": (_PIN, 3),
    "ReorderFeedsInput.feedIds": (_ORDER, 51),
    "TextFilterInput.in": (
        _FILTER.replace("TYPE", "[TextField!]").replace("FILTER", '{text: {contains: "x", in: $v}}'),
        5,
    ),
    "LanguageFilterInput.anyOf": (
        _FILTER.replace("TYPE", "[LanguageTag!]").replace("FILTER", "{language: {anyOf: $v}}"),
        20,
    ),
    "UpdateSectionsInput.sections": (_SECTIONS, 30),
    "SectionInput.content": (_PIECES + _ERRORS, 50),
    "SetSectionContentInput.content": (_CONTENT + "content: $v}) {" + _ERRORS, 50),
    "PostSearchFilterInput.types": (_SEARCH.replace("KIND", "PostType").replace("FIELD", "types"), 9),
    "PostSearchFilterInput.tags": (_SEARCH.replace("KIND", "String").replace("FIELD", "tags"), 5),
    "PostSearchFilterInput.languages": (_SEARCH.replace("KIND", "LanguageTag").replace("FIELD", "languages"), 10),
}
VALUES: dict[str, object] = {
    "Viewer.notifications(types)": "LIKE",
    "UpdateSectionsInput.sections": {"title": "About", "config": {"links": {}}},
    "SectionInput.content": {"type": "TEXT", "content": "Hello"},
    "SetSectionContentInput.content": {"type": "TEXT", "content": "Hello"},
    "FeedRulesInput.groups": {"filters": [{"tag": "jazz"}]},
    "FeedGroupInput.filters": {"tag": "jazz"},
    "PostTypeFilterInput.types": "SONG",
    "PostTypeFilterInput.groups": "SONG",
    "TextFilterInput.in": "TITLE",
    "LanguageFilterInput.anyOf": "en",
    "PostSearchFilterInput.types": "SONG",
    "PostSearchFilterInput.languages": "en",
}


def _nullable(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _lists() -> set[str]:
    found: set[str] = set()
    for name, kind in schema._schema.type_map.items():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if name.startswith("__"):
            continue
        for field_name, field in getattr(kind, "fields", {}).items():
            if isinstance(kind, GraphQLInputObjectType):
                if isinstance(_nullable(field.type), GraphQLList):
                    found.add(f"{name}.{field_name}")
                continue
            arguments: dict[str, Any] = field.args
            for argument, given in arguments.items():
                if isinstance(_nullable(given.type), GraphQLList):
                    found.add(f"{name}.{field_name}({argument})")
    return found


def test_every_list_of_the_schema_has_a_bound() -> None:
    assert _lists() == set(BOUNDS)


@pytest.mark.parametrize("place", BOUNDS)
async def test_a_list_that_is_too_long_is_refused(api: Api, place: str) -> None:
    query, most = BOUNDS[place]
    ada, *_ = api.factory.cast()
    values: list[object] = [VALUES.get(place, "VXNlcjox")] * (most + 1)
    if "tags" in place:
        values = [f"tag{number}" for number in range(most + 1)]
    response = await api.post({"query": query, "variables": {"v": values}}, viewer=ada)
    assert "BAD_USER_INPUT" in response.text
    assert str(most) in response.text
    assert api.factory.scalar("SELECT (SELECT count(*) FROM posts) + (SELECT count(*) FROM custom_feeds)") == 0
    assert api.factory.scalar("SELECT count(*) FROM user_lists") == 0
