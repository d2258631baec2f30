"""What older versions stored under other rules, addresses and tags, is found by the rules of today."""

import logging
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg.types.json import Jsonb

from db.maintenance.refolding import refold
from db.migrations.migrate import upgrade
from tests.api.accounts import LOGIN, PASSWORD
from tests.api.conftest import Api, api_over
from tests.cli.commands import VRSS, environment, vrss
from tests.factories import Factory
from tests.waiting import until_blocked_by

OLDER = "0006"  # the head when names were compared by lower() alone, and a hashtag was any \\w+
HASH = PasswordHasher(time_cost=1).hash(PASSWORD)
LOST = {
    "greek": ("ΓΙΩΡΓΟΣ@example.org", "γιωργος@example.org", True),
    "turk": ("İzmir@example.org", "i\u0307zmir@example.org", True),
    "wide": ("\uff21\uff44\uff41@example.org", "ada@example.org", False),
    "ligature": ("\ufb01n@example.org", "fin@example.org", False),
}
KEPT = {"plain": "Plain@example.org", "sharp": "stra\u00dfe@example.org", "idn": "Ada@b\u00fccher.example"}
POSTS: list[tuple[str, list[str], list[str]]] = [
    ("Plain #art", ["art", "music"], ["art", "music"]),
    ("#हिन्दी and #Straße", ["ह", "straße", "given"], ["हिन्दी", "strasse", "given"]),
    ("https://example.org/#part #हिन्दी", ["part", "ह"], ["हिन्दी"]),
    ("Given", ["#art", "rock & roll", "hip-hop", "e\u0301t\u00e9", "art", "c++", "👍"],
     ["art", "rock_roll", "hip_hop", "été", "c++", "👍"]),
    ("https://example.org/#part", ["part"], ["part"]),
    ("`#code` #art", ["art"], ["art"]),
]  # fmt: skip
FILTERS = [
    ("art", "tag", {"tag": "art"}),
    ("straße", "tag", {"tag": "strasse"}),
    ("hip-hop", "tag", {"tag": "hip_hop"}),
    ("c++", "text", {"contains": "c++"}),
    ("👍", "text", {"contains": "👍"}),
]
FEED = "{ viewer { feeds { posts { nodes { content tags } } } } }"


@pytest.fixture
def older(blank_database: str) -> str:
    upgrade(blank_database, OLDER)
    return blank_database


@pytest.fixture
async def make(older: str) -> AsyncGenerator[Factory]:
    with psycopg.connect(older, autocommit=True) as connection:
        yield Factory(connection)


def person(make: Factory, username: str, email: str) -> int:
    made = make.insert(
        "users", username=username, email=email, password_hash=HASH, status="active", email_verified=True
    )
    make.insert("user_profiles", "user_id", user_id=made, display_name=username)
    return made


def addresses(make: Factory) -> dict[str, tuple[str, bool]]:
    rows = make.connection.execute("SELECT username, email, email_verified FROM users")
    return {username: (email, verified) for username, email, verified in rows}


async def viewer_of(api: Api, login: str) -> str | None:
    viewer = (await api.run(LOGIN, login=login, password=PASSWORD))["login"]["viewer"]
    return viewer and viewer["username"]


async def test_people_of_an_older_database_log_in_with_their_addresses(older: str, make: Factory) -> None:
    for username, (email, _, _) in LOST.items():
        person(make, username, email)
    for username, email in KEPT.items():
        person(make, username, email)
    upgrade(older)
    assert addresses(make) == {username: (email, same) for username, (_, email, same) in LOST.items()} | {
        username: (email, True) for username, email in KEPT.items()
    }
    async with api_over(older) as api:
        for username, typed in [*((name, lost[0]) for name, lost in LOST.items()), *KEPT.items()]:
            assert await viewer_of(api, typed) == username
            assert await viewer_of(api, username) == username


async def test_a_link_for_an_older_address_works_on(older: str, make: Factory) -> None:
    ada = person(make, "greek", "ΓΙΩΡΓΟΣ@example.org")
    tokens = """INSERT INTO app.verification_tokens (user_id, purpose, token_hash, email, expires_at)
        VALUES (%s, %s, sha256(%s), %s, now() + interval '1 hour')"""
    make.connection.execute(tokens.encode(), [ada, "password_reset", b"reset", "ΓΙΩΡΓΟΣ@example.org"])
    make.connection.execute(tokens.encode(), [ada, "email_verification", b"change", "ΝΕΟΣ@example.org"])
    upgrade(older)
    stored = make.connection.execute("SELECT purpose, email FROM app.verification_tokens ORDER BY id").fetchall()
    assert stored == [("password_reset", "γιωργος@example.org"), ("email_verification", "νεος@example.org")]


async def test_accounts_whose_addresses_became_equal_are_both_kept(
    older: str, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    emails = {"first": "\uff41da1@example.org", "second": "ada\uff11@example.org", "spaced": "a\u00a8b@example.org"}
    ids = {username: person(make, username, email) for username, email in emails.items()}
    with caplog.at_level(logging.INFO, "db.migrations.migrate"):
        upgrade(older)
    assert addresses(make) == {
        "first": ("ada1@example.org", False),
        "second": (emails["second"], True),
        "spaced": (emails["spaced"], True),
    }
    stays = "It stays as it is: its owner logs in by the user name, and not by the address, until they change it."
    same = f"is the same as that of first (id {ids['first']}) by now"
    left = [
        f"second (id {ids['second']}): the e-mail address of this account {same}. {stays}",
        f"spaced (id {ids['spaced']}): the e-mail address of this account is none by now. {stays}",
    ]
    counted = "Brought to today's form: {} e-mail addresses, 0 posts, 0 filters."
    assert "\n".join([counted.format(1), *left]) in caplog.messages
    again = vrss("db", "refold", DATABASE_URL=older)
    composed = "Composed: 0 posts, 0 filters."
    assert (again.returncode, again.stdout) == (1, "\n".join([counted.format(0), *left, composed, ""]))
    assert again.stderr == "2 addresses are not as they are looked for.\n"
    async with api_over(older) as api:
        assert await viewer_of(api, emails["first"]) == "first"
        for username in emails:
            assert await viewer_of(api, username) == username


async def test_older_tags_are_found_by_older_filters(older: str, make: Factory) -> None:
    ada = person(make, "ada", "ada@example.org")
    posts = [make.post(ada, content, tags=tags, published_at="2026-01-01") for content, tags, _ in POSTS]
    feeds = [make.insert("custom_feeds", user_id=ada, name=tag) for tag, _, _ in FILTERS]
    for feed, (tag, _, _) in zip(feeds, FILTERS, strict=True):
        make.insert("feed_filters", feed_id=feed, type="tag", operator="contains", value=Jsonb({"tag": tag}))
    upgrade(older)
    assert make.connection.execute("SELECT id, tags FROM posts ORDER BY id").fetchall() == [
        (post, tags) for post, (_, _, tags) in zip(posts, POSTS, strict=True)
    ]
    assert make.connection.execute("SELECT type::text, value FROM feed_filters ORDER BY id").fetchall() == [
        (type_, value) for _, type_, value in FILTERS
    ]
    assert refold(make.connection) == (0, 0, 0, [])
    async with api_over(older) as api:
        feeds_found = (await api.run(FEED, viewer=ada))["viewer"]["feeds"]
    assert [[node["content"] for node in feed["posts"]["nodes"]] for feed in feeds_found] == [
        [],  # of nobody: the built-in feed
        ["`#code` #art", "Given", "Plain #art"],
        ["#हिन्दी and #Straße"],
        ["Given"],
        [],
        [],
    ]


def test_a_migration_killed_between_two_batches_is_taken_up(older: str, make: Factory) -> None:
    ada = person(make, "ada", "ada@example.org")
    make.connection.execute(
        "INSERT INTO posts (user_id, type, content, tags, published_at)"
        " SELECT %s, 'text_short', 'Post', '{hip-hop}', now() FROM generate_series(1, 700)",
        [ada],
    )
    with psycopg.connect(older) as holder:
        holder.execute("SELECT FROM posts ORDER BY id DESC LIMIT 1 FOR UPDATE")
        with subprocess.Popen([VRSS, "migrate"], env=environment(DATABASE_URL=older), stdout=sys.stderr) as migrating:
            backend = until_blocked_by(holder)
            migrating.kill()
        assert migrating.returncode == -signal.SIGKILL
        make.connection.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
    done = "SELECT count(*) FROM posts WHERE tags = '{hip_hop}'"
    assert make.scalar(done) == 500
    assert make.scalar("SELECT version_num FROM app.alembic_version") == "0010"
    upgrade(older)
    assert make.scalar(done) == 700
