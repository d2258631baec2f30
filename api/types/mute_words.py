"""Words that the viewer mutes."""

from datetime import datetime

import strawberry

from api.execution.columns import presents
from api.gql.node import Node, node_id
from db.queries.mute_words import MuteWordRow


@strawberry.type(
    description="A word that keeps posts out of the feeds that the viewer reads: the home feed, every custom feed, "
    "previews of rules, and feeds in sections of profiles. It is looked for in titles, texts, tags (with "
    "their #) and the alternative texts of files, of posts by others. Only the viewer sees it."
)
class MuteWord(Node):
    id: strawberry.ID = node_id("MuteWord")
    word: str = strawberry.field(
        description="The word or phrase: 1 to 100 characters, composed (NFC), with single spaces. Upper and lower case "
        "count as the same."
    )
    whole_word: bool = strawberry.field(
        description="Whether it counts only where it is not part of a longer word of letters, digits and _; else "
        "any part of a text counts. Scripts without spaces between words, such as Chinese and Japanese, need false."
    )
    except_followed: bool = strawberry.field(
        description="Whether posts of people the viewer follows are let through all the same."
    )
    until: datetime | None = strawberry.field(
        description="When it stops to keep posts out; null for never. It stays listed until it is deleted."
    )
    created_at: datetime = strawberry.field(description="When it was added.")

    is_type_of = presents(MuteWordRow)
