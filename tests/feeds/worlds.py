"""A small world with every case in it that a filter tells apart, and the same world as rows."""

from dataclasses import astuple
from datetime import datetime, timedelta
from random import Random

import psycopg
from psycopg.types.json import Jsonb

from db.enums import PostStatus, PostType, Visibility
from tests.feeds.model import Author, MuteWord, People, Post, World

PEOPLE = 9
POSTS = 160
FEEDS = range(1, 9)
TAGS = ("art", "bread", "çay", "news")
WORDS = (
    *("see https://example.org", "C++ code", "Ärger", "ÉCLAIR", "straße", "100%", "snake_case", "back\\slash"),
    *("İstanbul", "plain", "''; --"),
)
MUTED = (
    *("ärger", "É", "ß", "100%", "_", "\\", "c++", "C", "i", "#art", "news", "Ay", "çAY", ".", "''; --", "org see"),
    *("İSTANBUL", "nowhere", "a|b", "(", "x*", "[", "^", "$", "\\w", "{2}", "?"),
)
AGES = (0, 1, 23, 24, 25, 24 * 7, 24 * 7 + 1, 24 * 30, 24 * 40, 24 * 365, 24 * 400)


def invent(now: datetime, random: Random) -> World:
    ids = range(1, PEOPLE + 1)
    authors = {
        id_: Author(
            id_,
            is_active=id_ != PEOPLE,
            visibility=random.choice([Visibility.PUBLIC, Visibility.PUBLIC, Visibility.FOLLOWERS, Visibility.PRIVATE]),
            username=f"user_{id_}",
            display_name=random.choice([None, *WORDS]),
        )
        for id_ in ids
    }
    pairs = [(one, other) for one in ids for other in ids if one != other]
    lists = {
        id_: People(random.choice(ids), id_ % 2 == 0, frozenset(random.sample(ids, random.randint(0, 4))))
        for id_ in range(1, 5)
    }
    return World(
        now=now,
        authors=authors,
        posts=tuple(_post(now, random, id_) for id_ in range(1, POSTS + 1)),
        follows=frozenset(pair for pair in pairs if random.random() < 0.45),
        blocks=frozenset(random.sample(pairs, 3)),
        mutes=frozenset(random.sample(pairs, 5)),
        mute_words=tuple(
            MuteWord(
                id_,
                word,
                whole_word=random.random() < 0.7,
                except_followed=random.random() < 0.3,
                until=random.choice([None, None, now, now + timedelta(hours=1)]),
            )
            for id_ in ids
            for word in random.sample(MUTED, random.choice((0, 0, 1, 3)))
        ),
        lists=lists,
        discreet=frozenset(random.sample(ids, 2)),
        seen={
            (person, post): mark
            for person in ids
            for mark, post in enumerate(random.sample(range(1, POSTS + 1), random.choice((0, 30, 80))), 1)
        },
        opted_out=frozenset(random.sample(ids, 3)),
        pins={feed: tuple(random.sample(range(1, POSTS + 1), 3)) for feed in FEEDS},
    )


def _post(now: datetime, random: Random, id_: int) -> Post:
    type_ = random.choice(list(PostType))
    text = " ".join(random.sample(WORDS, 2))
    is_text = type_ in {PostType.TEXT_SHORT, PostType.TEXT_LONG}
    return Post(
        id=id_,
        user_id=random.randint(1, PEOPLE),
        type=type_,
        status=random.choice([PostStatus.PUBLISHED] * 9 + [PostStatus.DRAFT]),
        visibility=random.choice([Visibility.PUBLIC] * 4 + [Visibility.FOLLOWERS, Visibility.PRIVATE]),
        title=random.choice([None, random.choice(WORDS)]),
        content=text if is_text else random.choice([None, text]),
        tags=tuple(random.sample(TAGS, random.choice((0, 0, 1, 2)))),
        likes=random.choice((0, 0, 0, 1, 2, 3, 7, 8)),
        comments=random.choice((0, 0, 0, 1, 4)),
        reposts=random.choice((0, 0, 0, 1, 8)),
        # Few different times, so that ties are common.
        created_at=now - timedelta(hours=random.choice(AGES)),
        language=random.choice([None, "en", "en-GB", "pt", "pt-BR", "eng"]),
        pictures=tuple(random.choice([None, "", *WORDS]) for _ in range(random.choice((0, 0, 0, 1, 2)))),
    )


def write(connection: psycopg.Connection, world: World) -> None:
    """The world as rows. Counters are written as they are: no likes stand behind them."""
    with connection.cursor() as cursor:
        for author in world.authors.values():
            status = "active" if author.is_active else "suspended"
            cursor.execute(
                "INSERT INTO users (id, username, email, password_hash, status) OVERRIDING SYSTEM VALUE "
                "VALUES (%s, %s, %s, 'x', %s)",
                [author.id, author.username, f"user_{author.id}@example.org", status],
            )
            cursor.execute(
                "INSERT INTO user_profiles (user_id, visibility, display_name) VALUES (%s, %s, %s)",
                [author.id, author.visibility.value, author.display_name],
            )
        for query, pairs in (
            (b"INSERT INTO user_follows (follower_id, following_id) VALUES (%s, %s)", world.follows),
            (b"INSERT INTO app.user_blocks (blocker_id, blocked_id) VALUES (%s, %s)", world.blocks),
            (b"INSERT INTO app.user_mutes (muter_id, muted_id) VALUES (%s, %s)", world.mutes),
        ):
            cursor.executemany(query, sorted(pairs))
        cursor.executemany(
            "INSERT INTO app.mute_words (user_id, word, whole_word, except_followed, until) "
            "VALUES (%s, %s, %s, %s, %s)",
            [astuple(one) for one in reversed(world.mute_words)],
        )
        for id_ in sorted(world.discreet):
            cursor.execute("INSERT INTO app.user_settings (user_id, show_followers) VALUES (%s, FALSE)", [id_])
        for id_ in sorted(world.opted_out):
            cursor.execute("INSERT INTO app.feed_opt_outs (user_id) VALUES (%s)", [id_])
        for id_, people in world.lists.items():
            cursor.execute(
                "INSERT INTO user_lists (id, user_id, name, is_public) OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s)",
                [id_, people.owner, f"list {id_}", people.is_public],
            )
            members = [(id_, member) for member in people.members]
            cursor.executemany("INSERT INTO list_members (list_id, user_id) VALUES (%s, %s)", members)
        for post in world.posts:
            _write_post(cursor, post)
        seen = [(person, post, mark) for (person, post), mark in world.seen.items()]
        cursor.executemany("INSERT INTO app.seen_posts (user_id, post_id, mark) VALUES (%s, %s, %s)", seen)
        for feed, posts in world.pins.items():
            cursor.execute(
                "INSERT INTO custom_feeds (id, user_id, name) OVERRIDING SYSTEM VALUE VALUES (%s, 1, %s)",
                [feed, f"feed {feed}"],
            )
            pins = [(feed, place, post) for place, post in enumerate(posts, 1)]
            cursor.executemany("INSERT INTO app.feed_pins (feed_id, place, post_id) VALUES (%s, %s, %s)", pins)


def _write_post(cursor: psycopg.Cursor, post: Post) -> None:
    cursor.execute(
        "INSERT INTO posts (id, user_id, type, status, visibility, title, content, tags, media_urls, likes_count, "
        "comments_count, reposts_count, created_at, language) OVERRIDING SYSTEM VALUE "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            post.id,
            post.user_id,
            post.type.value,
            post.status.value,
            post.visibility.value,
            post.title,
            post.content,
            list(post.tags),
            Jsonb([]),
            post.likes,
            post.comments,
            post.reposts,
            post.created_at,
            post.language,
        ],
    )
    for number, text in enumerate(post.pictures):
        cursor.execute(
            "INSERT INTO post_media (post_id, user_id, type, file_url, object_key, file_size_bytes, mime_type, "
            "alt_text) VALUES (%s, %s, 'image', '/media/a', %s, 1, 'image/png', %s)",
            [post.id, post.user_id, f"key {post.id}.{number}", text],
        )
