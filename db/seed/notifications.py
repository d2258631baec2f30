"""Whom the demo posts mention, and notifications: one for each thing that happened, as the service would write it."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg import sql

from db.enums import NotificationType, PostStatus
from db.seed.communication import Communication
from db.seed.people import CAST, EVERYBODY
from db.seed.posts import Post
from db.seed.social import Social
from db.seed.tables import ConversationMemberRow, FollowRow
from db.seed.timeline import Timeline

_MENTION = re.compile(r"@(\w+)")
_EXCERPT = 200

# What is younger than this has not been read yet.
_UNREAD_DAYS = 2.0


class NotificationRow(NamedTuple):
    table = sql.Identifier("public", "notifications")
    id: int
    user_id: int
    type: str
    actor_id: int | None
    post_id: int | None
    comment_id: int | None
    conversation_id: int | None
    message_id: int | None
    title: str
    content: str | None
    action_url: str | None
    is_read: bool
    read_at: datetime | None
    created_at: datetime


class PostMentionRow(NamedTuple):
    table = sql.Identifier("app", "post_mentions")
    post_id: int
    user_id: int
    position: int


class Mailbox:
    """Collects notifications; none is about one's own acts."""

    def __init__(self, timeline: Timeline) -> None:
        self._anchor = timeline.anchor
        self._seen_until = timeline.ago(_UNREAD_DAYS)
        self._rows: list[NotificationRow] = []
        self._names = {person.id: person.username for person in EVERYBODY}

    def add(  # noqa: PLR0913  (the columns of a notification)
        self,
        user_id: int,
        type_: NotificationType,
        actor_id: int,
        at: datetime,
        title: str,
        *,
        post_id: int | None = None,
        comment_id: int | None = None,
        conversation_id: int | None = None,
        message_id: int | None = None,
        content: str | None = None,
        is_read: bool | None = None,
    ) -> None:
        if user_id == actor_id:
            return
        if is_read is None:
            is_read = at < self._seen_until
        is_about_person = type_ in {NotificationType.FOLLOW, NotificationType.FRIEND_REQUEST}
        self._rows.append(
            NotificationRow(
                id=0,
                user_id=user_id,
                type=type_,
                actor_id=actor_id,
                post_id=post_id,
                comment_id=comment_id,
                conversation_id=conversation_id,
                message_id=message_id,
                title=title,
                content=content[:_EXCERPT] if content else None,
                action_url=f"/users/{self._names[actor_id]}" if is_about_person else None,
                is_read=is_read,
                read_at=min(at + timedelta(hours=6), self._anchor) if is_read else None,
                created_at=at,
            )
        )

    def rows(self) -> list[NotificationRow]:
        """In the order of time, which is the order of their ids."""
        ordered = sorted(self._rows, key=lambda row: (row.created_at, row.user_id, row.type, row.actor_id))
        return [row._replace(id=id_) for id_, row in enumerate(ordered, 1)]


def post_mentions(posts: list[Post]) -> list[PostMentionRow]:
    return [
        PostMentionRow(post.id, user_id, place)
        for post in posts
        for place, user_id in enumerate(_mentioned(post.text.content))
    ]


def notifications(
    timeline: Timeline, posts: list[Post], social: Social, communication: Communication
) -> list[NotificationRow]:
    mailbox = Mailbox(timeline)
    _notify_of_people(mailbox, social.follows)
    for row in social.requests:
        mailbox.add(row.target_id, NotificationType.FOLLOW, row.requester_id, row.created_at, "New follow request")
    _notify_of_posts(mailbox, posts, social)
    _notify_of_comments(mailbox, posts, social)
    _notify_of_messages(mailbox, communication)
    return mailbox.rows()


def _mentioned(text: str) -> list[int]:
    return [CAST[name].id for name in dict.fromkeys(_MENTION.findall(text))]


def _notify_of_people(mailbox: Mailbox, follows: list[FollowRow]) -> None:
    since = {(row.follower_id, row.following_id): row.created_at for row in follows}
    for (follower, followed), at in since.items():
        mailbox.add(followed, NotificationType.FOLLOW, follower, at, "New follower")
        back = since.get((followed, follower))
        if back is not None:
            mailbox.add(followed, NotificationType.FRIEND_REQUEST, follower, max(at, back), "New friend")


def _notify_of_posts(mailbox: Mailbox, posts: list[Post], social: Social) -> None:
    author = {post.id: post.author.id for post in posts}
    for row in social.interactions:
        if row.type == "like":
            mailbox.add(
                author[row.post_id], NotificationType.LIKE, row.user_id, row.created_at, "New like", post_id=row.post_id
            )
    for repost in social.reposts:
        mailbox.add(
            author[repost.post_id],
            NotificationType.REPOST,
            repost.user_id,
            repost.created_at,
            "New repost",
            post_id=repost.post_id,
            content=repost.comment,
        )
    for post in posts:
        if post.status is not PostStatus.PUBLISHED:
            continue
        for user_id in _mentioned(post.text.content):
            mailbox.add(
                user_id,
                NotificationType.MENTION,
                post.author.id,
                post.at,
                "New mention",
                post_id=post.id,
                content=post.text.content,
            )


def _notify_of_comments(mailbox: Mailbox, posts: list[Post], social: Social) -> None:
    author = {post.id: post.author.id for post in posts}
    speaker = {row.id: row.user_id for row in social.comments}
    for row in social.comments:
        titles = {author[row.post_id]: "New comment"}
        if row.parent_comment_id is not None:
            titles[speaker[row.parent_comment_id]] = "New reply"
        for user_id, title in titles.items():
            mailbox.add(
                user_id,
                NotificationType.COMMENT,
                row.user_id,
                row.created_at,
                title,
                post_id=row.post_id,
                comment_id=row.id,
                content=row.content,
            )


def _notify_of_messages(mailbox: Mailbox, communication: Communication) -> None:
    members: dict[int, list[ConversationMemberRow]] = {}
    for member in communication.members:
        members.setdefault(member.conversation_id, []).append(member)
    for message in communication.messages:
        for member in members[message.conversation_id]:
            mailbox.add(
                member.user_id,
                NotificationType.MESSAGE,
                message.sender_id,
                message.created_at,
                "New message",
                conversation_id=message.conversation_id,
                message_id=message.id,
                content=message.content,
                is_read=message.id <= member.last_read_message_id,
            )
