"""Predicates that the matrix cannot miss, each with its reason, and the statements that it asks nothing of."""

from collections.abc import Mapping

_READING = "Shown in tests/api/test_reading_conversations."
_LIVE = "Shown in tests/live/test_delivery."
# What nothing shows the loss of, and why it is there.
REDUNDANT: Mapping[str, str] = {
    "feeds_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "lock_feed: f.user_id = %(viewer)s": "It only locks; what follows asks whose feed it is.",
    "create_feed: f.user_id = %(viewer)s": "Shown in tests/api/test_feeds.",
    "delete_filters: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "insert_filters: f.user_id = %(viewer)s": "The feed is locked or new, as one of the viewer's.",
    "delete_pins: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "insert_pins: f.user_id = %(viewer)s": "The feed is locked or new, as one of the viewer's.",
    "lock_profile_documents: f.user_id = %(viewer)s": "Shown in tests/api/test_profile_changes.",
    "insert_pins: post.user_id = %(viewer)s": "Shown in tests/api/test_pinned_posts.",
    **{
        f"{name}: {predicate}": "Shown in tests/api/test_withdrawn_notifications."
        for name, predicates in {
            "withdraw_like": ("l.user_id = %(viewer)s", "c.deleted_at IS NULL"),
            "withdraw_comment_like": ("i.user_id = %(viewer)s", "l.user_id = %(viewer)s", "c.deleted_at IS NULL"),
        }.items()
        for predicate in predicates
    },
    "reader_token_owners_by_token_hashes: t.purpose = 'reader'": "The feed itself is looked up with it once more.",
    "reader_token_owners_by_token_hashes: u.status = 'active'": "The feed itself is looked up with it once more.",
    "feed_by_reader_token: t.purpose = 'reader'": "Shown in tests/api/test_feed_readers.",
    "feed_by_reader_token: owner.status = 'active'": "Shown in tests/api/test_feed_readers.",
    "insert_feed_token: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "mute_words_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "uploads_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "uploads_by_ids: m.user_id = %(viewer)s": "Shown in tests/api/test_uploads.",
    "reserve_upload: s.user_id = %(viewer)s": "Shown in tests/api/test_storage_quotas.",
    "lock_upload: p.user_id = %(viewer)s": "The upload was looked up, as one of the viewer's.",
    "set_feed_marker: app.visible_feeds(%(viewer)s)": "The feed was looked up, as one that the viewer may open.",
    "set_feed_marker: other.user_id = %(viewer)s": "It counts: test_an_account_has_a_thousand_markers.",
    "delete_lost_markers: app.visible_feeds(%(viewer)s)": "Only at that number: the same test.",
    "delete_lost_markers: m.user_id = %(viewer)s": "Only at that number: the same test.",
    "delete_feed_tokens: f.user_id = %(viewer)s": "The feed is locked, as one of the viewer's.",
    "free_feed_name: f.user_id = %(viewer)s": "Shown in tests/api/test_feed_documents.",
    "feed_by_token: f.sharing <> 'private'": "The token is deleted in the transaction that makes the feed private.",
    "feeds_by_names: app.visible_feeds(%(viewer)s)": "Shown in tests/api/test_feeds_in_feeds.",
    "lists_by_names: app.visible_lists(%(viewer)s)": "Shown in tests/api/test_feed_documents.",
    "order_feeds: f.user_id = %(viewer)s": "The ids are those of the viewer's feeds.",
    "feed_ids_of_user: f.user_id = %(viewer)s": "Shown in tests/api/test_feeds.",
    "object_of_idempotency_key: k.user_id = %(viewer)s": "tests/api/test_idempotency.py has it: it takes a known key.",
    "notifications_by_user_ids: own.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "unread_notifications_by_user_ids: news.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "unread_notification_counts_by_user_ids: unread.user_id = %(viewer)s": "For the plan: the function asks the same.",
    "posts_by_user_ids: shared.status = 'published'": "For the index: open_posts asks the same.",
    "posts_by_user_ids: own.status = 'published'": "For the index: open_posts asks the same.",
    "conversations_by_user_ids: cm.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "blocked_users_by_user_ids: ub.blocker_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "muted_by_user_ids: um.muter_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "follow_requests_by_user_ids: own.target_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "follow_request_counts_by_user_ids: own.target_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "sent_follow_requests_by_user_ids: own.requester_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    **{
        f"{write}: app.visible_posts(%(viewer)s)": "The answer reads the post again, and undoes all if it is not open."
        for write in ("repost", "like_post", "bookmark_post", "share_post")
    },
    "version_documents_by_ids: v.user_id = %(viewer)s": "Only a version that is seen leads to it.",
    "profile_versions_by_user_ids: v.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "profile_drafts_by_user_ids: v.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "delete_old_versions: every.user_id = %(viewer)s": "Shown in tests/api/test_profile_versions.",
    "delete_old_versions: v.user_id = %(viewer)s": "Shown in tests/api/test_profile_versions.",
    "own_pieces: s.user_id = %(viewer)s": "Shown in tests/api/test_section_content.",
    "own_sources: f.user_id = %(viewer)s": "Shown in tests/api/test_sections.",
    "own_sources: l.user_id = %(viewer)s": "Shown in tests/api/test_sections.",
    **{
        f"{write}: s.user_id = %(viewer)s": "The ids are those of the viewer's sections and pieces."
        for write in ("update_sections", "delete_pieces", "update_pieces", "insert_pieces")
    },
    "latest_mark: m.user_id = %(viewer)s": "Shown in tests/api/test_seen_posts.",
    "mark_seen: s.user_id = %(viewer)s": "Shown in tests/api/test_seen_posts.",
    "mark_seen: s.user_id = %(viewer)s (2)": "Shown in tests/api/test_seen_posts.",
    "add_views: p.status = 'published'": "Shown in tests/api/test_views.",
    "request_follow: app.visible_users(%(viewer)s)": "The answer reads the user, and undoes all if there is none.",
    "approve_follow_request: app.visible_users(%(viewer)s)": "The request that it is given was seen.",
    "reject_follow_request: app.visible_users(%(viewer)s)": "The request that it is given was seen.",
    "members_by_list_ids: app.visible_lists(%(viewer)s)": "Only a list that is seen leads to it.",
    "add_members: app.visible_users(%(viewer)s)": "Shown in tests/api/test_lists.",
    "add_members: l.user_id = %(viewer)s": "The list was created in this transaction.",
    "count_lists: l.user_id = %(viewer)s": "Shown in tests/api/test_lists.",
    "add_member: app.visible_users(%(viewer)s)": "The person was seen before.",
    "add_member: l.user_id = %(viewer)s": "The list was locked as the viewer's before.",
    "remove_member: l.user_id = %(viewer)s": "The list was locked as the viewer's before.",
    "bookmarks_by_user_ids: i.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "media_by_user_ids: pm.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "drafts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "scheduled_posts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "deleted_posts_by_user_ids: own.user_id = %(viewer)s": "Only the viewer leads to it, with its own id.",
    "deleted_posts_by_user_ids: own.status = 'deleted'": "For the index: nothing else has been deleted at any time.",
    "scheduled_posts_by_user_ids: own.status = 'scheduled'": "Shown in tests/api/test_post_status.",
    "insert_revision: p.user_id = %(viewer)s": "The post is locked, as one of the viewer's.",
    "feeds_with_reader_tokens: t.purpose = 'reader'": "Shown in tests/api/test_feed_readers.",
    "lock_own_media: m.user_id = %(viewer)s": "Shown in tests/api/test_ownership.",
    "attach_media: m.user_id = %(viewer)s": "The files are locked, as the viewer's.",
    "revisions_by_post_ids: own.user_id = %(viewer)s": "The type asks whose post it is, too.",
    **{
        f"posts_by_{way}: {row}.user_id = %(viewer)s": "For the pages of others: visible_posts asks the same."
        for way in ("search", "rank")
        for row in ("latest", "s")
    },
    "latest_followed: f.follower_id = %(viewer)s": "Shown in tests/api/test_search_posts.",
    "popular_posts: posts.status = 'published'": "For the index: visible_posts asks the same.",
    "posts_of_circle: shared.status = 'published'": "For the index: visible_posts asks the same.",
    "posts_of_circle: app.visible_circles(%(viewer)s)": "Shown in tests/api/test_discovery.",
    "users_by_names: app.visible_users(%(viewer)s)": "Shown in tests/api/test_authoring.",
    "notify_mentions: app.visible_posts(m.user_id)": "Shown in tests/api/test_authoring.",
    "notify_comment_mentions: app.visible_comments(u.id)": "Shown in tests/api/test_comment_mentions.",
    "lock_own_post: p.user_id = %(viewer)s": "It only locks; what follows asks whose post it is.",
    "due_posts: p.status = 'scheduled'": "Shown in tests/api/test_scheduled_posts.",
    "due_posts: author.status = 'active'": "Shown in tests/api/test_scheduled_posts.",
    "lock_due_post: p.status = 'scheduled'": "Shown in tests/api/test_scheduled_posts.",
    "lock_due_post: author.status = 'active'": "Shown in tests/api/test_scheduled_posts.",
    "profile_documents_by_user_ids: app.visible_profiles(%(viewer)s)": "Only a profile that is seen leads to it.",
    "home_feed: posts.status = 'published'": "For the index: visible_posts asks the same.",
    "open_comments: c.deleted_at IS NULL OR c.replies_count > 0": "Pages ask the same, for their index.",
    "insert_comment: app.visible_posts(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "like_comment: app.visible_comments(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "like_comment: c.deleted_at IS NULL": "The answer reads it again, and undoes all if it is deleted.",
    "edit_comment: app.visible_comments(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "notify_repost: r.user_id = %(viewer)s": "Shown in tests/api/test_reposts.",
    "notify_repost: app.visible_profiles(p.user_id)": "Shown in tests/api/test_reposts.",
    "delete_unread_notifications_by: n.user_id = %(viewer)s": "Shown in tests/api/test_privacy.",
    "mute_of_user: m.muter_id = %(viewer)s": "Shown in tests/api/test_payloads.",
    "mark_conversation_read: m.user_id = %(viewer)s": "Shown in tests/api/test_reading_conversations.",
    "mark_conversation_read: m.left_at IS NULL": "The answer reads it again, and undoes all if there is none.",
    "latest_message_of_others: app.memberships(%(viewer)s)": "What is marked is the viewer's membership alone.",
    "latest_message_of_others: app.open_messages(%(viewer)s)": "Shown in tests/api/test_messages.",
    "latest_message_of_others: said.id > m.hidden_before_message_id": "Shown in tests/api/test_messages.",
    "mark_conversation_unread_from: m.user_id = %(viewer)s": "Shown in tests/api/test_messages.",
    "set_conversation_muted: m.user_id = %(viewer)s": "Shown in tests/api/test_messages.",
    "hide_conversation: m.user_id = %(viewer)s": "Shown in tests/api/test_hidden_conversations.",
    **{
        f"{name}: m.left_at IS NULL": "The answer reads it again, and undoes all if there is none."
        for name in ("mark_conversation_unread_from", "set_conversation_muted", "hide_conversation")
    },
    **{f"read_notifications_of_conversation: {row}.user_id = %(viewer)s": _READING for row in "nm"},
    "reply_to_message: g.deleted_at IS NULL": "Shown in tests/api/test_replies_to_messages.",
    "own_membership: app.memberships(%(viewer)s)": "Shown in tests/api/test_groups_at_once.",
    "messages_since: app.visible_messages(%(viewer)s)": _LIVE,
    "messages_since: app.memberships(%(viewer)s)": "What may be seen asks for the membership, too.",
    "notifications_since: app.visible_notifications(%(viewer)s)": _LIVE,
    "notifications_since: n.user_id = %(viewer)s": "What may be seen asks for it, too.",
    "watches_with_messages: app.memberships(w.viewer)": "It only wakes who then reads by messages_since.",
    "recipients_by_ids: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "create_group: p.user_id = %(viewer)s": "Shown in tests/api/test_groups.",
    "size_of_group: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "leave_group: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "set_admin: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "other_admin: m.left_at IS NULL": "Who leaves is no admin any more.",
    "pass_on_groups: m.left_at IS NULL": "Shown in tests/api/test_groups.",
    "pass_on_groups: m.left_at IS NULL (2)": "Who leaves is no admin any more.",
    "end_deserted_groups: m.left_at IS NULL": "Shown in tests/jobs/test_groups.",
    "edit_message: app.visible_messages(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "delete_message: app.visible_messages(%(viewer)s)": "The answer reads it again, and undoes all if there is none.",
    "mark_conversation_read_to: m.user_id = %(viewer)s": "Shown in tests/api/test_reading_conversations.",
    "mark_conversation_read_to: m.left_at IS NULL": "The message that it is given was seen, so its conversation was.",
    "lock_post_of_media: m.user_id = %(viewer)s": "It only locks; what follows asks whose file it is.",
    "follow_user: app.visible_users(%(viewer)s)": "The answer reads the user again, and undoes all if there is none.",
    "mute_user: app.visible_users(%(viewer)s)": "The answer reads the user again, and undoes all if there is none.",
}
# What the world of the matrix is too small for, and tests/plans/test_home_feed.py misses.
OF_SCALE = "home_feed: app.open_posts(%(viewer)s)"
# Without it the answer is the same, and takes a statement more: time enough to tell.
OF_TIME = "user_id_by_username: app.visible_users(%(viewer)s)"
# What mutations ask before they write, beside what they write by.
ASKED_BEFORE = {"recipients_by_ids", "own_membership", "blocked_in_conversation", "blocked_users_by_ids"}
# Statements of operators and jobs, and of accounts, whose rows are found by a secret or by the account's own id.
OTHERS = {
    *("counters", "storage", "user_counts", "accounts", "audit", "sessions", "verification", "jobs"),
    *("purges", "account_parts", "account_purges", "trending"),
}
