"""A group of Ada, who is its admin, Ben and Cleo; Dan is not in it."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api

GROUP = "conversation { id title viewerIsAdmin viewerCanSend members { role user { username } } }"
ERRORS = "userErrors { code field }"
SEND = """mutation ($id: ID!, $text: String!) { sendMessage(input: {conversationId: $id, content: $text}) {
  message { id } userErrors { code field } } }"""
SEEN = """query ($id: ID!) { conversation(id: $id) { title messages { nodes { content } } } }"""


class Group:
    def __init__(self, api: Api, *, title: str = "Tandem") -> None:
        self.api = api
        self.title = title
        self.ada, self.ben, self.cleo, self.dan = api.factory.cast()
        self.id = ""

    @property
    def key(self) -> int:
        return self.api.factory.scalar("SELECT max(id) FROM conversations WHERE kind = 'group'")

    async def begun(self) -> "Group":
        return await self.begun_with("ben", "cleo")

    async def begun_with(self, *names: str) -> "Group":
        created = await self.act("createConversation", self.ada, title=self.title, userIds=self.people(*names))
        assert created["userErrors"] == []
        self.id = created["conversation"]["id"]
        return self

    def people(self, *names: str) -> list[str]:
        return [encode("User", getattr(self, name)) for name in names]

    async def act(self, verb: str, viewer: int, **given: object) -> dict[str, Any]:
        """The payload. The group is named by itself, unless it is yet to be created."""
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        if verb != "createConversation":
            given = {"conversationId": self.id, **given}
        returned = "deletedId" if verb == "leaveConversation" else GROUP
        query = f"mutation ($input: {kind}!) {{ it: {verb}(input: $input) {{ {returned} {ERRORS} }} }}"
        return (await self.api.run(query, viewer=viewer, input=given))["it"]

    async def errors(self, verb: str, viewer: int, **given: object) -> list[tuple[str, list[str]]]:
        """The codes and fields of what is refused, which changes nothing."""
        before = self.rows()
        payload = await self.act(verb, viewer, **given)
        if payload["userErrors"]:
            assert self.rows() == before
            assert all(value is None for name, value in payload.items() if name != "userErrors")
        return [(error["code"], error["field"]) for error in payload["userErrors"]]

    async def say(self, viewer: int, text: str) -> list[str]:
        sent = (await self.api.run(SEND, viewer=viewer, id=self.id, text=text))["sendMessage"]
        return [error["code"] for error in sent["userErrors"]]

    async def receives(self, viewer: int) -> list[str] | None:
        """What somebody reads of it, the newest first; None for who is not in it."""
        found = (await self.api.run(SEEN, viewer=viewer, id=self.id))["conversation"]
        return found and [message["content"] for message in found["messages"]["nodes"]]

    def members(self) -> dict[str, bool]:
        """Who is in it, the first to join first, and whether as an admin."""
        rows = self.api.factory.connection.execute(
            "SELECT u.username, m.is_admin FROM app.conversation_members AS m JOIN users AS u ON u.id = m.user_id"
            " WHERE m.left_at IS NULL AND m.conversation_id = %s ORDER BY m.joined_at, m.user_id",
            [self.key],
        )
        return dict(rows.fetchall())

    def rows(self) -> list[tuple[Any, ...]]:
        return self.api.factory.connection.execute(
            "SELECT c.title, c.participant_ids, m.* FROM app.conversation_members AS m"
            " JOIN conversations AS c ON c.id = m.conversation_id ORDER BY m.conversation_id, m.user_id"
        ).fetchall()
