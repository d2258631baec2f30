"""What the SDL marks as @owned is refused to everybody else, by the same answer as what never existed."""

from datetime import UTC, datetime, timedelta

import pytest
from graphql import InputObjectTypeDefinitionNode, parse
from psycopg.types.json import Jsonb

from api.gql.ids import encode
from api.media.store import new_key
from api.schema import schema
from db.queries.feeds import following_feed_id
from tests.api.conftest import Api
from tests.media.samples import SAMPLES
from tests.seed.rows import contents

NOBODYS = 2**40
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()

MUTATIONS = {
    "ApproveFollowRequestInput.followRequestId": "approveFollowRequest(input: {followRequestId: $id})",
    "RejectFollowRequestInput.followRequestId": "rejectFollowRequest(input: {followRequestId: $id})",
    "UpdateListInput.listId": 'updateList(input: {listId: $id, name: "Mine"})',
    "DeleteListInput.listId": "deleteList(input: {listId: $id})",
    "AddListMemberInput.listId": 'addListMember(input: {listId: $id, userId: "BEN"})',
    "RemoveListMemberInput.listId": 'removeListMember(input: {listId: $id, userId: "CLEO"})',
    "UpdateMuteWordInput.muteWordId": "updateMuteWord(input: {muteWordId: $id, wholeWord: false})",
    "DeleteMuteWordInput.muteWordId": "deleteMuteWord(input: {muteWordId: $id})",
    "EditCommentInput.commentId": 'editComment(input: {commentId: $id, content: "Mine"})',
    "CreatePostInput.mediaIds": "createPost(input: {type: IMAGE, mediaIds: [$id]})",
    "UpdatePostInput.postId": 'updatePost(input: {postId: $id, content: "Changed"})',
    "UpdatePostInput.mediaIds": 'updatePost(input: {postId: "POST", mediaIds: [$id]})',
    "DeletePostInput.postId": "deletePost(input: {postId: $id})",
    "PublishPostInput.postId": "publishPost(input: {postId: $id})",
    "RestorePostInput.postId": "restorePost(input: {postId: $id})",
    "SchedulePostInput.postId": f'schedulePost(input: {{postId: $id, scheduledFor: "{TOMORROW}"}})',
    "UnschedulePostInput.postId": "unschedulePost(input: {postId: $id})",
    "UpdateMediaInput.mediaId": 'updateMedia(input: {mediaId: $id, altText: "x"})',
    "DeleteMediaInput.mediaId": "deleteMedia(input: {mediaId: $id})",
    "UpdateProfileInput.avatarMediaId": "updateProfile(input: {avatarMediaId: $id})",
    "UpdateBackgroundInput.mediaId": "updateBackground(input: {type: IMAGE, mediaId: $id})",
    "UpdateMusicInput.mediaId": "updateMusic(input: {mediaId: $id})",
    "CompleteUploadInput.uploadId": "completeUpload(input: {uploadId: $id})",
    "AbortUploadInput.uploadId": "abortUpload(input: {uploadId: $id})",
    "UpdateConversationInput.conversationId": 'updateConversation(input: {conversationId: $id, title: "Mine"})',
    "AddConversationMembersInput.conversationId": (
        'addConversationMembers(input: {conversationId: $id, userIds: ["CLEO"]})'
    ),
    "RemoveConversationMemberInput.conversationId": (
        'removeConversationMember(input: {conversationId: $id, userId: "DAN"})'
    ),
    "SetConversationRoleInput.conversationId": (
        'setConversationRole(input: {conversationId: $id, userId: "DAN", role: ADMIN})'
    ),
    "HideConversationInput.conversationId": "hideConversation(input: {conversationId: $id})",
    "LeaveConversationInput.conversationId": "leaveConversation(input: {conversationId: $id})",
    "MarkConversationReadInput.conversationId": "markConversationRead(input: {conversationId: $id})",
    "MarkConversationUnreadInput.conversationId": "markConversationUnread(input: {conversationId: $id})",
    "MuteConversationInput.conversationId": "muteConversation(input: {conversationId: $id})",
    "UnmuteConversationInput.conversationId": "unmuteConversation(input: {conversationId: $id})",
    "EditMessageInput.messageId": 'editMessage(input: {messageId: $id, content: "Changed"})',
    "DeleteMessageInput.messageId": "deleteMessage(input: {messageId: $id})",
    "MarkAllNotificationsReadInput.upToId": "markAllNotificationsRead(input: {upToId: $id})",
    "UpdateFeedInput.feedId": 'updateFeed(input: {feedId: $id, name: "Changed"})',
    "ShareFeedInput.feedId": "shareFeed(input: {feedId: $id, sharing: LINK})",
    "CreateFeedUrlsInput.feedId": "createFeedUrls(input: {feedId: $id})",
    "RevokeFeedUrlsInput.feedId": "revokeFeedUrls(input: {feedId: $id})",
    "DeleteFeedInput.feedId": "deleteFeed(input: {feedId: $id})",
    "ReorderFeedsInput.feedIds": 'reorderFeeds(input: {feedIds: [$id, "BUILT_IN"]})',
    "SetDefaultFeedInput.feedId": "setDefaultFeed(input: {feedId: $id})",
    "SectionInput.id": "updateSections(input: {sections: [{id: $id}]})",
    "SectionContentInput.id": (
        'setSectionContent(input: {sectionId: "SECTION", content: [{id: $id, type: TEXT, content: "Mine"}]})'
    ),
    "SectionContentInput.mediaId": (
        'setSectionContent(input: {sectionId: "SECTION", content: [{type: IMAGE, mediaId: $id}]})'
    ),
    "FeedSectionInput.feedId": ('updateSections(input: {sections: [{title: "Feed", config: {feed: {feedId: $id}}}]})'),
    "ListSectionInput.listId": ('updateSections(input: {sections: [{title: "List", config: {list: {listId: $id}}}]})'),
    "SetSectionContentInput.sectionId": "setSectionContent(input: {sectionId: $id, content: []})",
    "RestoreProfileVersionInput.versionId": "restoreProfileVersion(input: {versionId: $id})",
    "RevokeSessionInput.sessionId": "revokeSession(input: {sessionId: $id})",
}
TALKS = (
    *("UpdateConversation", "AddConversationMembers", "RemoveConversationMember", "SetConversationRole"),
    *("LeaveConversation", "HideConversation"),
)
LISTS = ("UpdateList", "DeleteList", "AddListMember", "RemoveListMember")
ERRORS = "userErrors { __typename code field message }"


def test_every_owned_input_is_tried_here() -> None:
    owned = {
        f"{node.name.value}.{field.name.value}"
        for node in parse(schema.as_str()).definitions
        if isinstance(node, InputObjectTypeDefinitionNode)
        for field in node.fields or ()
        if any(directive.name.value == "owned" for directive in field.directives or ())
    }
    assert owned == set(MUTATIONS)


@pytest.mark.parametrize("coordinate", MUTATIONS)
async def test_what_is_somebody_elses_is_not_found_and_stays_as_it_is(
    api: Api, empty_database: str, coordinate: str
) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.session(ben)
    group = api.factory.insert("conversations", kind="group", participant_ids=[ada, ben])
    answer = api.factory.insert("messages", conversation_id=group, sender_id=ben, content="Hi")
    api.factory.insert(
        "app.conversation_members",
        "user_id",
        conversation_id=group,
        user_id=ada,
        last_read_message_id=answer,
        muted=coordinate.startswith("Unmute"),
        is_admin=True,
    )
    api.factory.insert("app.conversation_members", "user_id", conversation_id=group, user_id=dan)
    message = api.factory.insert("messages", conversation_id=group, sender_id=ada, content="Hi")
    feed = ("Feed", api.factory.insert("custom_feeds", user_id=ada, name="Mine", display_order=3))
    draft, bens = api.factory.post(ada, status="draft"), api.factory.post(ben, status="draft")
    request = api.factory.insert("app.follow_requests", requester_id=ben, target_id=ada)
    kept = api.factory.insert("user_lists", user_id=ada, name="Kept")
    api.factory.insert("list_members", "user_id", list_id=kept, user_id=cleo)
    sections = {one: _section(api, one) for one in (ada, ben)}
    empty: dict[str, object] = {"sections": Jsonb({"sections": []}), "section_ids": [], "content_ids": []}
    version = api.factory.insert("app.profile_versions", user_id=ada, number=7, **empty)
    word = ("MuteWord", api.factory.insert("app.mute_words", user_id=ada, word="wool"))
    kind, key = {
        **{f"{name}MuteWordInput.muteWordId": word for name in ("Update", "Delete")},
        **{f"{name}Input.listId": ("UserList", kept) for name in LISTS},
        "ApproveFollowRequestInput.followRequestId": ("FollowRequest", request),
        "RejectFollowRequestInput.followRequestId": ("FollowRequest", request),
        **{
            f"{name}Input.conversationId": ("Conversation", group)
            for name in (
                *TALKS,
                "MarkConversationRead",
                "MarkConversationUnread",
                "MuteConversation",
                "UnmuteConversation",
            )
        },
        **{f"{name}MessageInput.messageId": ("Message", message) for name in ("Edit", "Delete")},
        "EditCommentInput.commentId": ("Comment", api.factory.comment(ada, api.factory.post(ada))),
        **{f"{name}UploadInput.uploadId": ("Upload", _upload(api, ada)) for name in ("Complete", "Abort")},
        "MarkAllNotificationsReadInput.upToId": (
            "Notification",
            api.factory.insert("notifications", user_id=ada, type="system", title="x"),
        ),
        "UpdateProfileInput.avatarMediaId": ("Media", api.factory.media(ada)),
        "UpdateBackgroundInput.mediaId": ("Media", api.factory.media(ada)),
        "UpdateMusicInput.mediaId": ("Media", api.factory.media(ada, type="audio", mime_type="audio/mpeg")),
        "SectionContentInput.mediaId": ("Media", api.factory.media(ada)),
        "UpdateMediaInput.mediaId": ("Media", api.factory.media(ada)),
        "DeleteMediaInput.mediaId": ("Media", api.factory.media(ada, api.factory.post(ada))),
        **{f"{name}PostInput.mediaIds": ("Media", api.factory.media(ada)) for name in ("Create", "Update")},
        "DeletePostInput.postId": ("Post", api.factory.post(ada)),
        "RestorePostInput.postId": ("Post", _deleted(api, ada)),
        "UnschedulePostInput.postId": (
            "Post",
            api.factory.post(ada, status="scheduled", scheduled_for=datetime.now(UTC)),
        ),
        **{f"{name}PostInput.postId": ("Post", draft) for name in ("Publish", "Schedule", "Update")},
        **{f"{name}FeedInput.feedId": feed for name in ("Update", "Share", "Delete", "SetDefault")},
        **{f"{name}FeedUrlsInput.feedId": feed for name in ("Create", "Revoke")},
        "ReorderFeedsInput.feedIds": feed,
        "RestoreProfileVersionInput.versionId": ("ProfileVersion", version),
        "FeedSectionInput.feedId": feed,
        "ListSectionInput.listId": ("UserList", kept),
        **{
            f"{name}d": ("ProfileSection", sections[ada])
            for name in ("SectionInput.i", "SetSectionContentInput.sectionI")
        },
        "SectionContentInput.id": (
            "SectionContent",
            api.factory.scalar("SELECT id FROM section_content WHERE section_id = %s", sections[ada]),
        ),
        "RevokeSessionInput.sessionId": ("Session", _session(api, ada)),
    }[coordinate]
    verb = MUTATIONS[coordinate].replace("BEN", encode("User", ben)).replace("CLEO", encode("User", cleo))
    verb = verb.replace("DAN", encode("User", dan))
    verb = verb.replace("BUILT_IN", encode("Feed", following_feed_id(ada)))
    query = f"mutation ($id: ID!) {{ refused: {verb} {{ {ERRORS} }} }}"
    await api.run("{ viewer { id } }", viewer=ben)
    before = contents(empty_database)
    answers = [
        (await api.run(_of(query, bens, sections[ben]), viewer=ben, id=encode(kind, id_)))["refused"]
        for id_ in (key, NOBODYS)
    ]
    assert answers[0] == answers[1]
    assert [error["code"] for error in answers[0]["userErrors"]] == ["NOT_FOUND"]
    assert contents(empty_database) == before
    query = _of(query, draft, sections[ada])
    assert (await api.run(query, viewer=ada, id=encode(kind, key)))["refused"]["userErrors"] == []
    assert contents(empty_database) != before


def _upload(api: Api, owner: int) -> int:
    """One whose bytes are there."""
    key, data = new_key("in"), SAMPLES["image/png"]
    incoming = api.store.incoming(key, len(data))
    incoming.open()
    incoming.write(data)
    incoming.finish()
    incoming.close()
    return api.factory.insert(
        "app.pending_uploads",
        user_id=owner,
        type="image",
        object_key=key,
        mime_type="image/png",
        file_size_bytes=len(data),
        expires_at=api.factory.scalar("SELECT now() + interval '1 hour'"),
    )


def _of(query: str, post: int, section: int) -> str:
    """With what else the caller must name of their own."""
    return query.replace("POST", encode("Post", post)).replace("SECTION", encode("ProfileSection", section))


def _section(api: Api, owner: int) -> int:
    """The first of two sections."""
    first, _ = (
        api.factory.insert("profile_sections", user_id=owner, type="static_text", title="About", display_order=order)
        for order in (0, 1)
    )
    api.factory.insert("section_content", section_id=first, content_type="text", content="Hello")
    return first


def _deleted(api: Api, author: int) -> int:
    post = api.factory.post(author)
    api.factory.connection.execute("UPDATE posts SET status = 'deleted' WHERE id = %s", [post])
    return post


def _session(api: Api, user: int) -> int:
    api.factory.session(user)
    return api.factory.scalar("SELECT max(id) FROM app.sessions")
