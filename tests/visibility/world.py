"""One world with every state in it that visibility tells apart. Each text of it is a word of its own: a canary.

Six people whom others look at (open, close, shut, shy, out, gone) have everything that people can have, in every
state. Six others stand to all of them in one way each (stranger, follower, friend, blocked, blocker, muter). Whoever is
blocked is a friend as well, as if a block had severed nothing: what a block hides, nothing but the block hides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count, product
from typing import Any

import psycopg

from db.documents.feed_filters import AuthorFilter, OtherFeedFilter, Relation
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Match
from db.feeds.rows import filter_rows
from db.queries.feeds import FOLLOWING_FEEDS
from tests.rows import insert

AUTHORS: Mapping[str, tuple[str, str]] = {
    "open": ("public", "active"),
    "close": ("followers", "active"),
    "shut": ("private", "active"),
    "shy": ("public", "active"),
    "out": ("public", "suspended"),
    "gone": ("public", "deleted"),
}
AUDIENCES = {"open": "followers", "close": "friends", "shut": "nobody", "shy": "everyone"}
VIEWERS = ("stranger", "follower", "friend", "blocked", "blocker", "muter")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
POSTS = [
    *(("published", visibility) for visibility in ("public", "followers", "private")),
    *((status, "public") for status in ("draft", "scheduled", "deleted")),
]
STATIC = ("links", "static_text", "static_image", "video")


@dataclass
class World:
    connection: psycopg.Connection
    people: dict[str, int] = field(default_factory=dict[str, int])
    clock: Any = field(default_factory=lambda: count(1))
    words: Any = field(default_factory=lambda: count(1000))

    @property
    def authors(self) -> list[int]:
        return [self.people[name] for name in AUTHORS]

    def word(self) -> str:
        """A canary: found again in any answer, and in no other place of the world."""
        return f"zq{next(self.words)}zq"

    def drawn(self, table: str) -> int:
        """An id that no row of this table has."""
        row = self.connection.execute(f"SELECT nextval('public.{table}_id_seq')".encode()).fetchone()
        assert row is not None
        return int(row[0])

    def now(self) -> datetime:
        return BEGINNING + timedelta(minutes=next(self.clock))

    def add(self, table: str, **values: object) -> int:
        row = insert(self.connection, f"{'' if '.' in table else 'public.'}{table}", **values)
        return int(str(row.get("id", 0)))


def build(connection: psycopg.Connection) -> None:
    world = World(connection)
    with connection.transaction():
        for name in (*AUTHORS, *VIEWERS):
            _person(world, name)
        _relations(world)
        _follow_requests(world)
        posts = {person: _posts(world, name, person) for name, person in world.people.items()}
        comments = [_comments(world, post) for person in world.authors for post in posts[person]]
        every = [post for found in posts.values() for post in found]
        _reactions(world, every, [one for found in comments for one in found])
        for person in world.people.values():
            _features(world, person)
            _sessions(world, person)
        _markers(world, every)
        _pins(world, every)
        talks = _conversations(world)
        for person in world.people.values():
            _notifications(world, person, posts, comments, talks)
    # As if the job had looked at nobody's visibility.
    connection.execute("INSERT INTO app.trending_posts (hours, post_id, score) SELECT 24, id, id FROM public.posts")
    connection.execute("ANALYZE")


def _person(world: World, name: str) -> None:
    visibility, status = AUTHORS.get(name, ("public", "active"))
    person = world.add(
        "users",
        username=world.word(),
        email=f"{world.word()}@example.org",
        password_hash="x",
        status=status,
        deleted_at=world.now() if status == "deleted" else None,
    )
    world.people[name] = person
    avatar = _media(world, person, None)
    world.add(
        "user_profiles",
        user_id=person,
        display_name=world.word(),
        bio=world.word(),
        location=world.word(),
        website=f"https://example.org/{world.word()}",
        visibility=visibility,
        avatar_media_id=avatar,
        background_config={"type": "image", "value": f"https://example.org/{world.word()}"},
        music_config={"url": f"https://example.org/{world.word()}"},
        style_config={},
        layout_config={},
    )
    if name in AUDIENCES:
        audience = AUDIENCES[name]
        world.add("app.user_settings", user_id=person, show_followers=name != "shy", allow_messages_from=audience)
    if name in {"shy", "muter"}:
        world.add("app.feed_opt_outs", user_id=person, created_at=world.now())


def _relations(world: World) -> None:
    others = [world.people[name] for name in VIEWERS]
    mutual = [*world.authors, *(world.people[name] for name in ("friend", "blocked", "blocker"))]
    pairs = [pair for pair in product(mutual, mutual) if pair[0] != pair[1]]
    pairs += [(world.people[name], author) for name in ("follower", "muter") for author in world.authors]
    pairs.append((world.people["stranger"], world.people["friend"]))  # to follow somebody is not to follow anybody
    # Whom nobody else suggests, whom one of the viewers must not see, and who are not followed back.
    pairs += [(world.people["shy"], world.people["stranger"]), (world.people["friend"], world.people["follower"])]
    pairs.append((world.people["out"], world.people["stranger"]))
    for one, other in sorted(set(pairs)):
        world.add("user_follows", follower_id=one, following_id=other, created_at=world.now())
    for one, other in zip(others, [*others[1:], others[0]], strict=True):
        world.add("app.user_mutes", muter_id=one, muted_id=other, created_at=world.now())
    pair = {"blocker_id": world.people["blocker"], "blocked_id": world.people["follower"]}
    world.add("app.user_blocks", **pair, created_at=world.now())
    for author in world.authors:
        world.add("app.user_blocks", blocker_id=author, blocked_id=world.people["blocked"], created_at=world.now())
        world.add("app.user_blocks", blocker_id=world.people["blocker"], blocked_id=author, created_at=world.now())
        world.add("app.user_mutes", muter_id=world.people["muter"], muted_id=author, created_at=world.now())


def _follow_requests(world: World) -> None:
    """Between each of the authors and some of those who look, both ways; also where there is a follow or a block."""
    others = [world.people[name] for name in ("stranger", "blocked", "blocker")]
    for one, other in product(world.authors, others):
        world.add("app.follow_requests", requester_id=one, target_id=other, created_at=world.now())
        world.add("app.follow_requests", requester_id=other, target_id=one, created_at=world.now())


def _media(world: World, person: int, post: int | None) -> int:
    return world.add(
        "post_media",
        user_id=person,
        post_id=post,
        type="image",
        file_url=f"https://example.org/{world.word()}",
        thumbnail_url=f"https://example.org/{world.word()}",
        placeholder=world.word(),
        alt_text=world.word(),
        object_key=f"key {next(world.words)}",
        file_size_bytes=1,
        mime_type="image/png",
        created_at=world.now(),
    )


def _posts(world: World, name: str, person: int) -> list[int]:
    return [_post(world, name, person, *state) for state in (POSTS if name in AUTHORS else POSTS[:1])]


def _post(world: World, name: str, person: int, status: str, visibility: str) -> int:
    at = world.now()
    post = world.add(
        "posts",
        user_id=person,
        type="image",
        status=status,
        visibility=visibility,
        title=world.word(),
        content=world.word(),
        content_html=f"<p>{world.word()}</p>",
        tags=[world.word()],
        thumbnail_url=f"https://example.org/{world.word()}",
        scheduled_for=at if status == "scheduled" else None,
        # Those of one author were deleted too long ago to be restored.
        deleted_at=(at if name == "close" else datetime.now(UTC)) if status == "deleted" else None,
        created_at=at,
    )
    file = _media(world, person, post)
    for _ in range(2):
        world.add(
            "app.post_revisions",
            post_id=post,
            title=world.word(),
            content=world.word(),
            tags=[world.word()],
            media_ids=[file],
            replaced_at=world.now(),
        )
    if status == "published":
        _mentions(world, post)
    return post


def _mentions(world: World, post: int) -> None:
    """Everybody who is there yet."""
    for position, mentioned in enumerate(reversed(world.people.values())):
        world.add("app.post_mentions", post_id=post, user_id=mentioned, position=position)


def _comments(world: World, post: int) -> list[int]:
    """By people of all kinds, with replies; deleted ones with and without replies."""

    def comment(name: str, parent: int | None = None) -> int:
        who = world.people[name]
        given = {"post_id": post, "user_id": who, "parent_comment_id": parent, "created_at": world.now()}
        return world.add("comments", content=world.word(), content_html=f"<p>{world.word()}</p>", **given)

    first, *others = [comment(name) for name in ("open", "out", "blocked", "blocker")]
    replies = [comment(name, first) for name in ("friend", "out", "blocker")]
    blank, bare = comment("open"), comment("open")
    under = comment("friend", blank)
    below = comment("friend", replies[0])
    deleted = [blank, bare, replies[0]]
    world.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = ANY (%s)", [deleted])
    return [first, *others, *replies, blank, bare, under, below]


def _reactions(world: World, posts: list[int], comments: list[int]) -> None:
    for number, (comment, person) in enumerate(product(comments, world.people.values())):
        if number % 7 in {0, 3}:
            world.add("app.comment_likes", user_id=person, comment_id=comment, created_at=world.now())
    for number, (post, person) in enumerate(product(posts, world.people.values())):
        if number % 3:
            world.add("post_interactions", user_id=person, post_id=post, type="like", created_at=world.now())
        if number % 5 == 0:
            world.add("post_interactions", user_id=person, post_id=post, type="bookmark", created_at=world.now())
        if number % 2 == 0:
            world.add("reposts", user_id=person, post_id=post, comment=world.word(), created_at=world.now())
        if number % 4 == 1:
            world.add("app.seen_posts", user_id=person, post_id=post, mark=number + 1, seen_at=world.now())
    for person in world.people.values():
        world.add("app.seen_marks", user_id=person, latest=len(posts) * len(world.people))


def _features(world: World, person: int) -> None:
    """Lists, feeds and sections: each type, and one of each that shows less than it names. And muted words.

    One of these is the end of some canaries: a hundredth of all texts has it.
    """
    world.add("app.mute_words", user_id=person, word=world.word(), created_at=world.now())
    world.add(
        "app.pending_uploads",
        user_id=person,
        type="image",
        object_key=f"in/{world.word()}",
        mime_type=world.word(),
        file_size_bytes=1,
        created_at=world.now(),
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    ending = f"{person * 7 % 100:02}zq"
    world.add("app.mute_words", user_id=person, word=ending, whole_word=False, created_at=world.now())
    lists = [
        world.add(
            "user_lists",
            user_id=person,
            name=world.word(),
            description=world.word(),
            is_public=is_public,
            created_at=world.now(),
        )
        for is_public in (True, False)
    ]
    for list_, member in product(lists, world.people.values()):
        world.add("list_members", list_id=list_, user_id=member, created_at=world.now())
    by = [AuthorFilter(relation=Relation.FOLLOWERS), AuthorFilter(list_id=lists[1]), AuthorFilter(list_id=lists[0])]
    rules = [
        FeedRules(),
        FeedRules(scope=FeedScope.FOLLOWING),
        *(FeedRules(groups=(FilterGroup(filters=(one,)),)) for one in by),
        FeedRules(unseen_only=True),
    ]
    feeds = [_feed(world, person, order, found) for order, found in enumerate(rules)]
    # One of two others that others may open, and one that they may not.
    named = tuple(OtherFeedFilter(feed_id=feeds[order]) for order in (2, 4))
    feeds.append(_feed(world, person, len(feeds), FeedRules(groups=(FilterGroup(match=Match.ANY, filters=named),))))
    for feed in feeds[:2]:
        for purpose in ("link", "reader"):
            world.add(
                "app.feed_tokens",
                token_hash=sha256(feed_token(feed, purpose).encode()).digest(),
                feed_id=feed,
                purpose=purpose,
            )
    configs: list[tuple[str, dict[str, Any]]] = [
        *(("feed", {"feed_id": feed}) for feed in feeds),
        *(("list", {"list_id": list_}) for list_ in lists),
        *((name, {}) for name in ("gallery", "reposts", "friends", "followers", "following", *STATIC)),
    ]
    shown = [(*config, True) for config in configs]
    hidden = [(*config, False) for config in configs if config[0] in {"gallery", "static_text", "followers"}]
    for order, (type_, config, is_visible) in enumerate([*shown, *hidden]):
        section = world.add(
            "profile_sections",
            user_id=person,
            type=type_,
            title=world.word(),
            description=world.word(),
            config=config,
            display_order=order,
            is_visible=is_visible,
        )
        if type_ in STATIC:
            world.add(
                "section_content",
                section_id=section,
                content_type="text",
                title=world.word(),
                content=world.word(),
                url=f"https://example.org/{world.word()}",
            )

    for is_draft in (False, True):
        _version(world, person, configs, is_draft=is_draft)


def _version(world: World, person: int, configs: list[tuple[str, dict[str, Any]]], *, is_draft: bool) -> None:
    """A version of a profile: a section of each type, and a hidden one."""
    configs = [configs[0], *configs[6:]]
    sections = [_kept(world, type_, config, is_visible=type_ != "gallery") for type_, config in configs]
    world.add(
        "app.profile_versions",
        user_id=person,
        number=0 if is_draft else 1,
        begun_from=1 if is_draft else None,
        background_config={"type": "image", "value": f"https://example.org/{world.word()}"},
        music_config={"url": f"https://example.org/{world.word()}"},
        style_config={},
        layout_config={},
        sections={"sections": sections},
        section_ids=[one["id"] for one in sections],
        content_ids=[piece["id"] for one in sections for piece in one["content"]],
        created_at=world.now(),
    )


def _kept(world: World, type_: str, config: dict[str, Any], *, is_visible: bool) -> dict[str, Any]:
    piece = {"copy_of": None, "type": "text", "title": world.word(), "content": world.word()}
    piece |= {"id": world.drawn("section_content"), "url": f"https://example.org/{world.word()}"}
    return {
        "id": world.drawn("profile_sections"),
        "copy_of": None,
        "type": type_,
        "title": world.word(),
        "description": world.word(),
        "is_visible": is_visible,
        "config": config,
        "content": [piece] if type_ in STATIC else [],
    }


def _markers(world: World, posts: list[int]) -> None:
    """In two feeds of everybody, and in the Following feed: at posts that their readers may see, and others."""
    rows = world.connection.execute("SELECT id FROM custom_feeds WHERE display_order IN (0, 3) ORDER BY id").fetchall()
    for person in world.people.values():
        for number, feed in enumerate([*(row[0] for row in rows), FOLLOWING_FEEDS + person]):
            post = posts[(person + 5 * number) % len(posts)]
            world.connection.execute(
                "INSERT INTO app.feed_markers (user_id, feed_id, rules_version, post_created_at, post_id)"
                " SELECT %s, %s, 1, created_at, id FROM posts WHERE id = %s",
                [person, feed, post],
            )


def _pins(world: World, posts: list[int]) -> None:
    """Above each feed three posts of anybody, whoever may see them."""
    feeds = world.connection.execute("SELECT id FROM custom_feeds ORDER BY id").fetchall()
    for number, (feed,) in enumerate(feeds):
        for place in (1, 2, 3):
            post = posts[(number * 7 + place * 11) % len(posts)]
            world.add("app.feed_pins", feed_id=feed, place=place, post_id=post)


def feed_token(feed: int, purpose: str) -> str:
    """What opens a feed to whoever has it."""
    return f"{purpose}-{feed}"


def _feed(world: World, person: int, order: int, rules: FeedRules) -> int:
    """A copy of the one before by somebody else, as everybody has as many."""
    original = world.connection.execute("SELECT max(id) - 6 FROM custom_feeds").fetchone()
    feed = world.add(
        "custom_feeds",
        sharing=("public", "link", "public", "public", "private", "public", "public")[order],
        forked_from_id=None if original is None or (original[0] or 0) < 1 else original[0],
        user_id=person,
        name=world.word(),
        description=world.word(),
        algorithm_config=rules.model_dump(mode="json"),
        display_order=order,
    )
    for row in filter_rows(rules):
        world.add(
            "feed_filters",
            feed_id=feed,
            type=row.filter_type,
            operator=row.filter_operator,
            value=row.value,
            group_id=row.group_id,
            logical_operator=row.logical_operator,
            display_order=row.display_order,
        )
    return feed


def _conversations(world: World) -> list[int]:
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


def token(person: int) -> str:
    """What a person of the world signs its requests with."""
    return f"of the world, {person}"


def _sessions(world: World, person: int) -> None:
    """One that lives, one that was revoked, and one that is over; and a new address that waits to be confirmed."""
    now = datetime.now(UTC)
    week = timedelta(days=7)
    for name, revoked_at, expires_at in (("", None, now + week), ("revoked", now, now + week), ("over", None, now)):
        world.add(
            "app.sessions",
            user_id=person,
            token_hash=sha256(f"{token(person)}{name}".encode()).digest(),
            user_agent=world.word(),
            created_at=world.now(),
            last_used_at=world.now(),
            revoked_at=revoked_at,
            expires_at=expires_at,
        )
    world.add(
        "app.verification_tokens",
        user_id=person,
        purpose="email_verification",
        token_hash=sha256(f"address of {person}".encode()).digest(),
        email=f"new{person}@example.org",
        expires_at=now + week,
    )


def _notifications(
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
