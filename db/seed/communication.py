"""Conversations and their messages."""

from datetime import timedelta
from typing import NamedTuple

from db.enums import ConversationKind
from db.seed.people import id_of
from db.seed.tables import ConversationMemberRow, ConversationRow, MessageRow
from db.seed.texts.conversations import TALKS, Talk
from db.seed.timeline import Timeline

_PAIR = 2


class Communication(NamedTuple):
    conversations: list[ConversationRow]
    members: list[ConversationMemberRow]
    messages: list[MessageRow]


def communication(timeline: Timeline) -> Communication:
    messages = _messages(timeline)
    conversations: list[ConversationRow] = []
    members: list[ConversationMemberRow] = []
    for id_, talk in enumerate(TALKS, 1):
        own = [message for message in messages if message.conversation_id == id_]
        begin, end = own[0].created_at, own[-1].created_at
        is_group = len(talk.people) > _PAIR
        conversations.append(
            ConversationRow(
                id=id_,
                kind=ConversationKind.GROUP if is_group else ConversationKind.DIRECT,
                participant_ids=sorted(map(id_of, talk.people)),
                title=talk.title,
                last_message_at=end,
                created_at=begin,
            )
        )
        members += [
            ConversationMemberRow(
                id_,
                id_of(name),
                end,
                _last_read(talk, id_of(name), own),
                begin,
                is_admin=is_group and name == talk.people[0],
            )
            for name in talk.people
        ]
    return Communication(conversations, members, messages)


def _messages(timeline: Timeline) -> list[MessageRow]:
    """All messages in the order of time, which is the order of their ids."""
    spoken = [
        (timeline.ago(talk.days_ago) + timedelta(minutes=talk.minutes * number), conversation, id_of(sender), text)
        for conversation, talk in enumerate(TALKS, 1)
        for number, (sender, text) in enumerate(talk.lines)
    ]
    return [
        MessageRow(id_, conversation, sender, text, at)
        for id_, (at, conversation, sender, text) in enumerate(sorted(spoken), 1)
    ]


def _last_read(talk: Talk, reader: int, messages: list[MessageRow]) -> int:
    """The last message that this member has read: one has read what lies before one's own."""
    seen = messages[: len(messages) - talk.unread]
    own = [message for message in messages if message.sender_id == reader]
    return max(message.id for message in [*seen, *own])
