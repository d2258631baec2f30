"""The enums of conversations that only the schema knows."""

from enum import StrEnum

from api.gql.described import described


class ConversationRole(StrEnum):
    MEMBER = "member"
    ADMIN = "admin"


described(
    ConversationRole,
    "What a member of a conversation may do.",
    MEMBER="Read and write.",
    ADMIN="Change title and members, too.",
)
