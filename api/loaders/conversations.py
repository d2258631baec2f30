"""Conversations as their member has them."""

from asyncio import Future

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import conversations as queries
from db.queries import messages
from db.queries.conversations import ConversationRow, MessageRow, ParticipantRow, UnreadRow
from db.queries.messages import ReplyRow


class ConversationByIdLoader(RowLoader[ConversationRow]):
    def rows(self, keys: list[int]) -> Future[list[ConversationRow]]:
        return queries.conversations_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ParticipantsByConversationIdLoader(ListLoader[ParticipantRow]):
    key = "conversation_id"

    def rows(self, keys: list[int]) -> Future[list[ParticipantRow]]:
        return queries.participants_by_conversation_ids(self.sight.database, keys)


class UnreadCountByConversationIdLoader(RowLoader[UnreadRow]):
    key = "conversation_id"

    def rows(self, keys: list[int]) -> Future[list[UnreadRow]]:
        return queries.unread_counts_by_conversation_ids(self.sight.database, self.sight.viewer_id, keys)


class MessageByIdLoader(RowLoader[MessageRow]):
    def rows(self, keys: list[int]) -> Future[list[MessageRow]]:
        return queries.messages_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ReplyByMessageIdLoader(RowLoader[ReplyRow]):
    key = "message_id"

    def rows(self, keys: list[int]) -> Future[list[ReplyRow]]:
        return messages.replies_by_message_ids(self.sight.database, keys)


class MessagesByConversationIdLoader(PageLoader[MessageRow]):
    def rows(self, keys: list[int]) -> Future[list[MessageRow]]:
        return queries.messages_by_conversation_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ConversationsByUserIdLoader(PageLoader[ConversationRow]):
    def rows(self, keys: list[int]) -> Future[list[ConversationRow]]:
        return queries.conversations_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
