"""What people of the world post, and what others do with it."""

from datetime import UTC, datetime
from itertools import product

from db.queries.feeds import FOLLOWING_FEEDS
from tests.visibility.world.cast import AUTHORS, World

POSTS = [
    *(("published", visibility) for visibility in ("public", "followers", "private")),
    *((status, "public") for status in ("draft", "scheduled", "deleted")),
]


def media(world: World, person: int, post: int | None) -> int:
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


def posts_of(world: World, name: str, person: int) -> list[int]:
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
    file = media(world, person, post)
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


def comments_on(world: World, post: int) -> list[int]:
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


def reactions(world: World, posts: list[int], comments: list[int]) -> None:
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


def markers(world: World, posts: list[int]) -> None:
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


def pins(world: World, posts: list[int]) -> None:
    """Above each feed three posts of anybody, whoever may see them."""
    feeds = world.connection.execute("SELECT id FROM custom_feeds ORDER BY id").fetchall()
    for number, (feed,) in enumerate(feeds):
        for place in (1, 2, 3):
            post = posts[(number * 7 + place * 11) % len(posts)]
            world.add("app.feed_pins", feed_id=feed, place=place, post_id=post)
