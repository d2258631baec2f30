"""What feeds are made of, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from db.enums import PostStatus, PostType, Visibility


@dataclass(frozen=True)
class Author:
    id: int
    is_active: bool
    visibility: Visibility
    username: str
    display_name: str | None


@dataclass(frozen=True)
class Post:
    id: int
    user_id: int
    type: PostType
    status: PostStatus
    visibility: Visibility
    title: str | None
    content: str | None
    tags: tuple[str, ...]
    likes: int
    comments: int
    reposts: int
    created_at: datetime
    language: str | None
    pictures: tuple[str | None, ...]  # the alternative text of each, which are all files that there are

    @property
    def engagement(self) -> int:
        return self.likes + self.comments + self.reposts


@dataclass(frozen=True)
class People:
    """A list of people: who made it, whether others may use it, who is on it."""

    owner: int
    is_public: bool
    members: frozenset[int]


@dataclass(frozen=True)
class MuteWord:
    user_id: int
    word: str
    whole_word: bool
    except_followed: bool
    until: datetime | None


@dataclass(frozen=True)
class World:
    now: datetime
    authors: dict[int, Author]
    posts: tuple[Post, ...]
    follows: frozenset[tuple[int, int]]
    blocks: frozenset[tuple[int, int]]
    mutes: frozenset[tuple[int, int]]
    mute_words: tuple[MuteWord, ...]  # the newest first
    lists: dict[int, People]
    discreet: frozenset[int]  # who hides whom they know
    seen: dict[tuple[int, int], int]  # who has seen which post, with the number of the mark
    pins: dict[int, tuple[int, ...]]  # the posts above feeds, which are not in them
    opted_out: frozenset[int]  # who wants to be in no feed of people who do not follow them
