"""Every mutation that takes an idempotency key, and how it is asked."""

from typing import Any, NamedTuple

from api.gql.ids import encode
from tests.api.conftest import Api

KEY = "8f14e45f-ceea-467f-a8c1-1e2d3c4b5a69"


class Creating(NamedTuple):
    """A mutation, the object in its payload, its table, and its input: USER and POST are the ids of somebody else's.

    `varied` is the field of the input that tests change.
    """

    verb: str
    created: str
    table: str
    given: dict[str, Any]
    varied: str = "content"

    @property
    def query(self) -> str:
        kind = f"{self.verb[0].upper()}{self.verb[1:]}Input"
        return (
            f"mutation ($input: {kind}!) {{ it: {self.verb}(input: $input) {{ "
            f"object: {self.created} {{ id }} userErrors {{ code field message }} }} }}"
        )


CREATING = [
    Creating("addComment", "comment", "comments", {"postId": "POST", "content": "Hi"}),
    Creating("createConversation", "conversation", "conversations", {"title": "Tandem", "userIds": ["USER"]}, "title"),
    Creating("createFeed", "feed", "custom_feeds", {"name": "Hi", "rules": {}}, "name"),
    Creating("forkFeed", "feed", "custom_feeds", {"feedId": "FEED", "name": "Hi"}, "name"),
    Creating("importFeed", "feed", "custom_feeds", {"document": {"version": 1, "name": "Hi", "rules": {}}}, "name"),
    Creating("createList", "list", "user_lists", {"name": "Wool", "userIds": ["USER"]}, "name"),
    Creating("createMuteWord", "muteWord", "app.mute_words", {"word": "wool"}, "word"),
    Creating("sendMessage", "message", "messages", {"recipientId": "USER", "content": "Hi"}),
    Creating(
        "initiateUpload",
        "upload",
        "app.pending_uploads",
        {"fileName": "one.png", "mimeType": "image/png", "sizeBytes": "10"},
        "altText",
    ),
    Creating("createPost", "post", "posts", {"content": "Hi", "status": "DRAFT"}),
]


def the_input(api: Api, creating: Creating, **more: object) -> dict[str, Any]:
    ids = {
        "USER": api.user_id("ben"),
        "POST": encode("Post", api.factory.scalar("SELECT min(id) FROM posts")),
        "FEED": encode("Feed", api.factory.scalar("SELECT coalesce(min(id), 1) FROM custom_feeds")),
    }
    given = {name: _named(value, ids) for name, value in creating.given.items()}
    return {**given, **more}


def _named(value: Any, ids: dict[str, str]) -> Any:
    """The value with ids in place of their names."""
    if isinstance(value, list):
        return [_named(one, ids) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return ids.get(value, value) if isinstance(value, str) else value


def cast(api: Api) -> tuple[int, int]:
    ada, ben, *_ = api.factory.cast()
    api.factory.post(ben)
    api.factory.insert("custom_feeds", user_id=ben, name="Theirs", sharing="public")
    return ada, ben


def count(api: Api, creating: Creating) -> int:
    return api.factory.scalar(f"SELECT count(*) FROM {creating.table}")


async def ask(api: Api, creating: Creating, viewer: int, **more: object) -> dict[str, Any]:
    return (await api.run(creating.query, viewer=viewer, input=the_input(api, creating, **more)))["it"]
