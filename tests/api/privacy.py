"""Verbs between people, and everywhere that one of them could be met."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.factories import Factory

VERBS = {
    "blockUser": "blocked { id username }",
    "unblockUser": "user { username viewerFollows followsViewer isFriend }",
    "muteUser": "user { username }",
    "unmuteUser": "user { username }",
    "removeFollower": "user { username followsViewer isFriend }",
}
LISTS = "{ viewer { blocked { nodes { id username } } muted { nodes { username } } } }"
# Everywhere that Ben, who is in all of it, could be met by Ada.
PLACES = """query ($post: ID!) {
  user(username: "ben") { username }
  homeFeed { nodes { content } }
  post(id: $post) { likers { nodes { username } } comments { nodes { content replies { nodes { content } } } } }
  cleo: user(username: "cleo") { followers { nodes { username } } reposts { nodes { content } } }
  viewer { unreadNotificationCount notifications { nodes { type } }
    conversations { nodes { participants { username } messages { nodes { content } } unreadCount } }
    feeds { posts { nodes { content } } } } }"""


async def verb(api: Api, name: str, viewer: int, user: int) -> dict[str, Any]:
    query = f"mutation ($id: ID!) {{ {name}(input: {{userId: $id}}) {{ {VERBS[name]} userErrors {{ code field }} }} }}"
    return (await api.run(query, viewer=viewer, id=encode("User", user)))[name]


def pairs(api: Api) -> list[tuple[object, ...]]:
    """All blocks, mutes and follows."""
    tables = b"TABLE app.user_blocks UNION ALL TABLE app.user_mutes UNION ALL TABLE user_follows"
    return sorted(api.factory.connection.execute(tables).fetchall())


def crowd(make: Factory) -> tuple[int, int, int]:
    """Ada and Ben are friends, and meet on a post of Cleo's, in a group of three and in Ada's feeds."""
    ada, ben, cleo, _ = make.cast()
    for one, other in ((ada, ben), (ben, ada), (ada, cleo), (ben, cleo)):
        make.follow(one, other)
    post = make.post(cleo, "Of Cleo")
    asked = make.comment(ada, post, "Asked")
    make.comment(ben, post, "Answered", parent_comment_id=asked)
    make.comment(ben, post, "Said")
    make.like(ben, post)
    bens = make.post(ben, "Of Ben")
    make.insert("reposts", user_id=cleo, post_id=bens)
    group = make.insert("conversations", kind="group", participant_ids=[ada, ben, cleo], title="Three")
    for member in (ada, ben, cleo):
        make.insert("app.conversation_members", "user_id", conversation_id=group, user_id=member)
    for sender, content in ((cleo, "Hello"), (ben, "Hi")):
        make.insert("messages", conversation_id=group, sender_id=sender, content=content)
    make.insert("notifications", user_id=ada, type="follow", actor_id=ben, title="New follower")
    make.insert("custom_feeds", user_id=ada, name="All")
    return ada, ben, post
