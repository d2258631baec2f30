"""What every object must answer to every viewer, worked out once for a world."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.visibility import questions
from tests.visibility.edges import EDGES
from tests.visibility.expectations import VALUES, words
from tests.visibility.oracle import Sight
from tests.visibility.rows import SECTIONS, Rows, Thing

WORD = re.compile(r"zq\d+zq")
TABLES = {
    "User": "users",
    "Post": "posts",
    "PostRevision": "post_revisions",
    "Comment": "comments",
    "Repost": "reposts",
    "Media": "post_media",
    "Feed": "custom_feeds",
    "Conversation": "conversations",
    "Message": "messages",
    "Notification": "notifications",
    "UserList": "user_lists",
    "MuteWord": "mute_words",
    "Upload": "pending_uploads",
    "FollowRequest": "follow_requests",
    "Session": "sessions",
    "SectionContent": "section_content",
    "ProfileVersion": "profile_versions",
    **dict.fromkeys(("Profile", "BlockedUser", "Viewer", "AccountSettings", "Privacy", "Storage"), "users"),
}
NOBODY = 10**15  # the key of what never existed
UNLIMITED = 2**31 - 1
SETTINGS = {
    **{f"max_{name}": UNLIMITED for name in ("cost", "characters", "tokens", "depth", "fields", "aliases")},
    **{f"max_{name}": UNLIMITED for name in ("root_fields", "directives", "fragments", "repeats", "body_bytes")},
    "rate_limit": 0,
}


class FailedError(Exception):
    """An operation has errors, which none of the matrix may have."""


class Answer(NamedTuple):
    """What one object must answer: its words, and its edges and values by the names of their fields."""

    words: frozenset[str]
    edges: dict[str, Thing | list[Thing] | None]
    values: dict[str, Any]


@dataclass
class Oracle:
    """Everything that each viewer must be told, worked out once for a world."""

    rows: Rows
    viewers: dict[str, int | None]
    sights: dict[str, Sight] = field(init=False)
    things: list[Thing] = field(init=False)
    _answers: dict[tuple[str, Thing], Answer | None] = field(default_factory=dict[tuple[str, Thing], Answer | None])
    _allowed: dict[str, tuple[set[str], set[Thing]]] = field(default_factory=dict[str, tuple[set[str], set[Thing]]])

    def __post_init__(self) -> None:
        self.sights = {name: Sight(self.rows, viewer) for name, viewer in self.viewers.items()}
        self.things = [(kind, row["id"]) for kind, table in TABLES.items() for row in self.rows[table]]
        self.things += [(SECTIONS[row["type"]], row["id"]) for row in self.rows["profile_sections"]]

    def asked_of(self, name: str) -> list[Thing]:
        """The objects that a viewer asks for: all, but of the many notifications of others only some."""
        mine = self.viewers[name]
        return [
            thing
            for number, thing in enumerate(self.things)
            if thing[0] != "Notification"
            or self.rows.one("notifications", thing[1])["user_id"] == mine
            or number % 40 == 0
        ]

    def answer(self, name: str, thing: Thing) -> Answer | None:
        """What an object must answer to a viewer; None when there is no such object for it."""
        if (name, thing) not in self._answers:
            sight = self.sights[name]
            self._answers[name, thing] = self._answer(sight, thing) if sight.sees(thing) else None
        return self._answers[name, thing]

    @staticmethod
    def _answer(sight: Sight, thing: Thing) -> Answer:
        fields = {one.name: one.kind for one in questions.asked(thing[0])}
        return Answer(
            frozenset(WORD.findall(" ".join(words(sight, thing)))),
            {name: EDGES[name](sight, thing[1]) for name, kind in fields.items() if kind == "edge"},
            {name: VALUES[name](sight, thing[1]) for name, kind in fields.items() if kind == "value"},
        )

    def allowed(self, name: str) -> tuple[set[str], set[Thing]]:
        """All words and objects that a viewer may meet anywhere."""
        if name not in self._allowed:
            seen = [thing for thing in self.things if self.sights[name].sees(thing)]
            # An entry of `viewer.blocked` has the id of somebody who is seen nowhere else.
            seen += [("User", key) for kind, key in seen if kind == "BlockedUser"]
            told = [answer.words for thing in seen if (answer := self.answer(name, thing)) is not None]
            self._allowed[name] = (set[str]().union(*told), {as_named(thing) for thing in seen})
        return self._allowed[name]


def as_named(thing: Thing) -> Thing:
    """The thing as its id names it."""
    return ("ProfileSection" if thing[0] in SECTIONS.values() else thing[0], thing[1])
