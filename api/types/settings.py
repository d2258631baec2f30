"""What the viewer has chosen for the account."""

import strawberry

from api.execution.columns import presents
from db.queries.accounts import AccountSettingsRow


@strawberry.type(description="What the viewer has chosen: of what it is told by mail.")
class AccountSettings:
    email_follows: bool = strawberry.field(description="Whether mail tells of new followers.")
    email_likes: bool = strawberry.field(description="Whether mail tells of likes.")
    email_comments: bool = strawberry.field(description="Whether mail tells of comments and replies.")
    email_reposts: bool = strawberry.field(description="Whether mail tells of reposts.")
    email_mentions: bool = strawberry.field(description="Whether mail tells of mentions.")
    email_messages: bool = strawberry.field(description="Whether mail tells of messages.")
    email_friend_requests: bool = strawberry.field(description="Whether mail tells of friend requests.")

    is_type_of = presents(AccountSettingsRow)
