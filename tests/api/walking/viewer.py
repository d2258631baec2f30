"""What only one person sees of what they have: what they have written, conversations, sessions."""

import operator
import random
from datetime import timedelta
from typing import Any

from api.gql.ids import encode
from tests.api.walking.walked import Row, Walked, micros, other, own
from tests.api.walking.world import HIDDEN, SEEN, World


def of_writing(world: World) -> dict[str, Walked]:
    """What Ada has written and nobody else sees."""
    mine: dict[str, Any] = {"seen": [world.ada], "hidden": [], "stops": False}

    def posts(field: str, **given: Any) -> Walked:
        path = f"viewer {{ {field}(PAGE) BODY }}"
        fixed = {"type": "text_short", "content": "Hello", **given.pop("fixed")}
        return world.walked(path, "posts", "user_id", own("Post"), fixed=fixed, **{**mine, **given})

    return {
        "Viewer.drafts": posts("drafts", fixed={"status": "draft"}, at=("updated_at",)),
        "Viewer.scheduled": posts(
            "scheduled", fixed={"status": "scheduled"}, at=("scheduled_for",), rank=operator.neg,
            start=world.now + timedelta(days=1),
        ),
        "Viewer.deletedPosts": posts("deletedPosts", fixed={"status": "deleted"}, at=("deleted_at",)),
        "Viewer.media": world.walked(
            "viewer { media(PAGE) BODY }", "post_media", "user_id", own("Media"), name="object_key",
            fixed={"type": "image", "file_url": "/media/placeholders/image/1-40x30.svg", "file_size_bytes": 1,
                   "mime_type": "image/png"},
            **mine,
        ),
        "Viewer.lists": world.walked(
            "viewer { lists(PAGE) BODY }", "user_lists", "user_id", own("UserList"), name="name", **mine
        ),
    }  # fmt: skip


def of_conversations(world: World) -> dict[str, Walked]:
    """Ada's with Ben, and those of Tom, who has left most of his."""
    make, ada, tom = world.make, world.ada, world.make.user("tom")
    talk = make.insert("conversations", kind="direct", participant_ids=[ada, world.ben])
    for who in (ada, world.ben):
        make.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=who)
    path = f'node(id: "{encode("Conversation", talk)}") {{ ... on Conversation {{ messages(PAGE) BODY }} }}'
    talks = [make.insert("conversations", kind="group", participant_ids=[tom, ada]) for _ in range(SEEN + HIDDEN)]
    return {
        "Conversation.messages": world.walked(
            path, "messages", "sender_id", own("Message"), fixed={"conversation_id": talk, "content": "Hi"},
            seen=[ada, world.ben], hidden=[],
        ),
        "Viewer.conversations": world.walked(
            "viewer { conversations(PAGE) BODY }", "app.conversation_members", "conversation_id", other("Conversation"),
            viewer=tom, seen=talks[:SEEN], hidden=talks[SEEN:], fixed={"user_id": tom}, tie="conversation_id", most=1,
            at=("last_message_at",), marks={"left_at": world.now + timedelta(hours=1)},
        ),
    }  # fmt: skip


def of_sessions(world: World) -> dict[str, Walked]:
    """Uma's, most of which are over, and the one that she asks in."""
    make, uma = world.make, world.make.user("uma")
    world.api.tokens[uma] = make.session(uma)
    used = "SELECT last_used_at FROM app.sessions WHERE user_id = %s"
    current: int = make.scalar("SELECT id FROM app.sessions WHERE user_id = %s", uma)
    asks = Row((micros(make.scalar(used, uma)), current), encode("Session", current), None)
    sessions = world.walked(
        "viewer { sessions(PAGE) BODY }", "app.sessions", "expires_at", own("Session"), viewer=uma,
        seen=[world.now + timedelta(days=7)], hidden=[world.now - timedelta(hours=1)], at=("last_used_at",),
        fixed={"user_id": uma, "created_at": world.now - timedelta(days=30)}, rest={current: asks},
        name="token_hash", name_of=_digest,
    )  # fmt: skip
    return {"Viewer.sessions": sessions}


def _digest(chance: random.Random) -> bytes:
    return chance.randbytes(32)
