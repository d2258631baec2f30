"""Conversations as their member has them."""

from api.loaders.base import ListLoader, PageLoader, RowLoader
from db.queries import conversations as queries
from db.rows import ConversationRow, MessageRow, ParticipantRow, UnreadRow


class ConversationByIdLoader(RowLoader[ConversationRow]):
    async def rows(self, keys: list[int]) -> list[ConversationRow]:
        return await queries.conversations_by_ids(self.sight.database, self.sight.viewer_id, keys)


class ParticipantsByConversationIdLoader(ListLoader[ParticipantRow]):
    key = "conversation_id"

    async def rows(self, keys: list[int]) -> list[ParticipantRow]:
        return await queries.participants_by_conversation_ids(self.sight.database, keys)


class UnreadCountByConversationIdLoader(RowLoader[UnreadRow]):
    key = "conversation_id"

    async def rows(self, keys: list[int]) -> list[UnreadRow]:
        return await queries.unread_counts_by_conversation_ids(self.sight.database, self.sight.viewer_id, keys)


class MessageByIdLoader(RowLoader[MessageRow]):
    async def rows(self, keys: list[int]) -> list[MessageRow]:
        return await queries.messages_by_ids(self.sight.database, self.sight.viewer_id, keys)


class MessagesByConversationIdLoader(PageLoader[MessageRow]):
    async def rows(self, keys: list[int]) -> list[MessageRow]:
        return await queries.messages_by_conversation_ids(self.sight.database, self.sight.viewer_id, keys, self.window)


class ConversationsByUserIdLoader(PageLoader[ConversationRow]):
    async def rows(self, keys: list[int]) -> list[ConversationRow]:
        return await queries.conversations_by_user_ids(self.sight.database, self.sight.viewer_id, keys, self.window)
