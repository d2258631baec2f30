"""What the viewer has chosen for the account."""

import strawberry

from api.execution.columns import presents
from api.gql.node import Node, node_id
from db.queries.accounts import AccountSettingsRow


@strawberry.type(
    description="Which events e-mail is to report to the viewer. The choices are kept; no such e-mail is sent yet."
)
class AccountSettings(Node):
    id: strawberry.ID = node_id("AccountSettings", key="user_id")
    email_follows: bool = strawberry.field(description="Whether an e-mail reports new followers.")
    email_likes: bool = strawberry.field(description="Whether an e-mail reports likes.")
    email_comments: bool = strawberry.field(description="Whether an e-mail reports comments and replies.")
    email_reposts: bool = strawberry.field(description="Whether an e-mail reports reposts.")
    email_mentions: bool = strawberry.field(description="Whether an e-mail reports mentions.")
    email_messages: bool = strawberry.field(description="Whether an e-mail reports messages.")
    email_friend_requests: bool = strawberry.field(description="Whether an e-mail reports friend requests.")

    is_type_of = presents(AccountSettingsRow)
