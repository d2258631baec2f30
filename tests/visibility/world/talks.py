"""What people of the world say to one another, and what they are notified of."""

from itertools import product
from typing import Any

from tests.visibility.world.cast import VIEWERS, World


def conversations_of(world: World) -> list[int]:
    """Of all; of the authors; one that the viewers have left; one whose beginning they do not see; and of two."""
    everybody = list(world.people.values())
    talks = [_talk(world, everybody), _talk(world, world.authors), _talk(world, everybody), _talk(world, everybody)]
    others = [world.people[name] for name in VIEWERS]
    mine = "conversation_id = %s AND user_id = ANY (%s)"
    left = f"UPDATE app.conversation_members SET left_at = joined_at WHERE {mine}"
    beginning = "(SELECT max(id) - 9 FROM messages)"
    late = f"UPDATE app.conversation_members SET hidden_before_message_id = {beginning} WHERE {mine}"
    world.connection.execute(left.encode(), [talks[2], others])
    world.connection.execute(late.encode(), [talks[3], others])
    talks += [_talk(world, [world.people[name], other]) for name, other in product(("open", "out"), others)]
    hidden = f"UPDATE app.conversation_members SET hidden_at = last_message_at WHERE {mine}"
    world.connection.execute(hidden.encode(), [talks[3], others[:1]])
    passer = world.add("users", username=world.word(), email=f"{world.word()}@example.org", password_hash="x")
    world.add("messages", conversation_id=talks[0], sender_id=passer, content=world.word(), created_at=world.now())
    world.connection.execute("DELETE FROM users WHERE id = %s", [passer])
    return talks


def _talk(world: World, members: list[int]) -> int:
    kind, title = ("direct", None) if len(members) == 2 else ("group", world.word())
    talk = world.add("conversations", kind=kind, title=title, participant_ids=sorted(members), created_at=world.now())
    at = world.now()
    for member in members:
        world.add(
            "app.conversation_members",
            conversation_id=talk,
            user_id=member,
            joined_at=at,
            last_message_at=world.now(),
            is_admin=kind == "group" and len(members) > len(world.authors) and member not in world.authors,
        )
    messages = [
        world.add("messages", conversation_id=talk, sender_id=one, content=world.word(), created_at=world.now())
        for one in members
    ]
    world.connection.execute("UPDATE messages SET deleted_at = now() WHERE id = %s", [messages[-1]])
    for message, before in zip(messages[1:], messages, strict=False):
        world.add("app.message_replies", message_id=message, reply_to_id=before)
    return talk


def notifications(
    world: World, person: int, posts: dict[int, list[int]], comments: list[list[int]], talks: list[int]
) -> None:
    news: list[dict[str, Any]] = [{"type": "system"}]
    others = [other for other in world.people.values() if other != person]
    news += [{"type": "follow", "actor_id": other} for other in others]
    news += [
        {"type": "mention", "actor_id": author, "post_id": post}
        for author in world.authors
        if author != person
        for post in posts[author]
    ]
    actor = world.people["friend" if person != world.people["friend"] else "stranger"]
    news += [{"type": "like", "actor_id": actor, "post_id": post} for post in posts[person]]
    news += [{"type": "comment", "actor_id": actor, "comment_id": one} for found in comments[:8:7] for one in found]
    news += [{"type": "message", "actor_id": actor, "conversation_id": talk} for talk in talks[:5]]
    for number, one in enumerate(news):
        at = world.now()
        read = {"is_read": True, "read_at": at} if number % 3 == 0 else {}
        read |= {"withdrawn_at": at} if number % 6 == 0 and number else {}
        words = {"title": world.word(), "content": world.word(), "action_url": f"/{world.word()}"}
        world.add("notifications", user_id=person, created_at=at, **words, **read, **one)
