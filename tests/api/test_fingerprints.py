"""The digest of an input, which distinguishes a retry from another request under the same key."""

from dataclasses import dataclass, field

from api.gql.idempotency import fingerprint_of


@dataclass
class Group:
    name: str
    words: list[str] = field(default_factory=list[str])


@dataclass
class GroupOfLater(Group):
    place: int | None = None


@dataclass
class Older:
    groups: list[Group]
    idempotency_key: str = "key"


@dataclass
class Newer(Older):
    pinned: list[str] = field(default_factory=list[str])


def test_a_field_that_a_later_release_adds_leaves_older_keys_as_they_are() -> None:
    older = fingerprint_of("createFeed", Older([Group("a", ["x"]), Group("b")]))
    newer = [GroupOfLater("a", ["x"]), GroupOfLater("b")]
    assert fingerprint_of("createFeed", Newer([*newer], "other key")) == older
    assert fingerprint_of("createFeed", Newer([*newer], pinned=["1"])) != older
    assert fingerprint_of("createFeed", Newer([newer[0], GroupOfLater("b", place=1)])) != older
    assert fingerprint_of("createList", Older([Group("a", ["x"]), Group("b")])) != older
