"""Revisions from 0005 on go up and down while people write, whatever is killed on the way."""

import os
import random
import re
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from db.migrations.indexes import leading
from db.migrations.migrate import dump_schema
from db.migrations.readiness import head
from db.migrations.revision import MIGRATIONS
from tests.schema.commands import ALEMBIC, alembic, environment, psql
from tests.schema.releases import Release
from tests.schema.writers import writing
from tests.servers import Server, database

pytestmark = pytest.mark.proof

PROOF = os.environ.get("VRSS_PROOF") is not None
POSTS = 300_000 if PROOF else 10_000
KILLS = 3 if PROOF else 1
PEOPLE = 1_000

# Founding revisions meet empty databases; those after them meet people.
LATER = sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("*.up.sql"))[4:]
COLUMN, INDEX = "9001", "9002"
# Each by itself; and the two of the release at once, since they are the ones that change what the writers write.
EVERY = list(zip(["0004", *LATER], [*LATER, INDEX], strict=True))
# Each step goes down through all that came after it, so the first one has them all. The proof has that, and the newest.
STEPS = [*EVERY[:1], *EVERY[-4:]] if PROOF else EVERY[-2:]

# Without triggers and keys, which cost most of the time and have nothing to do with what is tried here.
FILL = f"""
SET session_replication_role = replica;
INSERT INTO users (username, email, password_hash)
SELECT 'user_' || n, 'user_' || n || '@example.org', 'x' FROM generate_series(1, {PEOPLE}) AS n;
INSERT INTO posts (user_id, type, content, published_at)
SELECT 1 + n % {PEOPLE}, 'text_short', 'Post ' || n, now() FROM generate_series(1, {POSTS}) AS n;
INSERT INTO post_interactions (user_id, post_id, type)
SELECT 1 + n % {PEOPLE}, 1 + n % 1999, 'like' FROM generate_series(1, {POSTS}) AS n ON CONFLICT DO NOTHING;
INSERT INTO comments (user_id, post_id, content)
SELECT 1 + n % {PEOPLE}, 1 + n % {POSTS}, 'Comment ' || n FROM generate_series(1, {POSTS}) AS n;
INSERT INTO comments (user_id, post_id, parent_comment_id, content)
SELECT user_id, post_id, id, 'Reply to ' || id FROM comments WHERE id % 4 = 0;
SET session_replication_role = origin;
ANALYZE;
"""

CONCURRENT = re.compile(r"^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+)\s+ON ([\w.]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The project with two more revisions: a column, and an index made beside the writers."""
    release = Release(tmp_path_factory.mktemp("release"), head())
    release.add(
        COLUMN,
        "ALTER TABLE posts ADD COLUMN probe integer NOT NULL DEFAULT 0;",
        "ALTER TABLE posts DROP COLUMN probe;",
    )
    release.add(
        INDEX,
        "CREATE INDEX CONCURRENTLY idx_posts_probe ON posts (probe, id);",
        "DROP INDEX idx_posts_probe;",
        concurrently=True,
    )
    return release


@pytest.fixture(scope="module")
def crowded(server: Server, empty_template: str, release: Release) -> Iterator[str]:
    """A template at the head of the release, with many rows."""
    with database(server, empty_template) as name:
        release.migrate(server.url(name), "upgrade", "head")
        with psycopg.connect(server.url(name), autocommit=True) as connection:
            connection.execute(FILL.encode())
        yield name


@pytest.fixture
def url(server: Server, crowded: str) -> Iterator[str]:
    with database(server, crowded) as name:
        yield server.url(name)


@pytest.mark.parametrize(("below", "revision"), STEPS)
def test_nobody_waits_for_a_revision_on_its_way_down_and_up(
    release: Release, url: str, below: str, revision: str
) -> None:
    before = dump_schema(url)
    with writing(url, people=PEOPLE, posts=POSTS) as writers:
        release.migrate(url, "downgrade", below)
        assert dump_schema(url) != before, revision
        release.migrate(url, "upgrade", "head")
    assert dump_schema(url) == before
    assert writers.waited == []


def test_a_revision_that_keeps_people_waiting_is_noticed(
    server: Server, crowded: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    release = Release(tmp_path_factory.mktemp("slow"), head())
    release.add(COLUMN, "", "")
    release.add(INDEX, "", "")
    release.add("9003", "LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.2);", "")
    with database(server, crowded) as name, writing(server.url(name), people=PEOPLE, posts=POSTS) as writers:
        release.migrate(server.url(name), "upgrade", "head")
    assert writers.waited


@pytest.mark.parametrize(("below", "revision"), STEPS)
def test_a_migrator_that_is_killed_is_no_obstacle_to_the_next(
    release: Release, url: str, below: str, revision: str
) -> None:
    before = dump_schema(url)
    chance = random.Random(revision)
    started = time.perf_counter()
    release.migrate(url, "downgrade", below)
    duration = time.perf_counter() - started
    with writing(url, people=PEOPLE, posts=POSTS):
        for _ in range(KILLS):
            for words in (["upgrade", "head"], ["downgrade", below]):
                migrator = subprocess.Popen(
                    [ALEMBIC, *words], cwd=release.project, env=environment(url), stderr=subprocess.DEVNULL
                )
                try:
                    migrator.wait(chance.uniform(0.4, 1.1) * duration)
                except subprocess.TimeoutExpired:
                    migrator.kill()
                    migrator.wait()
        release.migrate(url, "upgrade", "head")
    assert dump_schema(url) == before
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid").fetchall() == []


def concurrent(release: Release) -> list[tuple[str, str]]:
    """The indexes that are made beside the writers, with their tables."""
    texts = [path.read_text(encoding="utf-8") for path in (release.project / "db/sql/migrations").glob("*.up.sql")]
    return [(made[1], made[2]) for text in texts if (made := CONCURRENT.search(text))]


def test_an_invalid_index_of_that_name_is_replaced(release: Release, url: str) -> None:
    before = dump_schema(url)
    release.migrate(url, "downgrade", "0004")
    with psycopg.connect(url, autocommit=True) as connection, psycopg.connect(url) as writer:
        there = "SELECT to_regclass(%s) IS NOT NULL"  # some tables are made by later revisions
        planted = [one for one in concurrent(release) if connection.execute(there, [one[1]]).fetchone() == (True,)]
        assert "idx_posts_probe" in [index for index, _ in planted]
        connection.execute("SET lock_timeout = '10ms'")
        for index, table in planted:
            writer.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE".encode())
            with pytest.raises(errors.LockNotAvailable):
                connection.execute(f"CREATE INDEX CONCURRENTLY {index} ON {table} ((1))".encode())
        left = connection.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid").fetchone()
        assert left == (len(planted),)
    release.migrate(url, "upgrade", "head")
    assert dump_schema(url) == before


def test_no_way_down_does_by_half_what_it_cannot_do_again() -> None:
    """CONCURRENTLY commits by itself: killed right after it, an index would be gone that the version still claims.

    One that is built before anything else is only too many, and is dropped or built again.
    """
    rests = {path.name: leading(path.read_text("utf-8"))[1] for path in MIGRATIONS.glob("*.down.sql")}
    assert [name for name, rest in rests.items() if "CONCURRENTLY" in rest] == []


def test_the_script_makes_the_same_with_indexes_made_outside_of_transactions(
    release: Release, crowded: str, blank_database: str, server: Server
) -> None:
    psql(blank_database, release.script("upgrade", "head"))
    assert dump_schema(blank_database) == dump_schema(server.url(crowded))
    psql(blank_database, release.script("downgrade", "head:0004"))
    psql(blank_database, release.script("upgrade", "0004:head"))
    assert dump_schema(blank_database) == dump_schema(server.url(crowded))


def test_a_revision_that_makes_no_index_is_named(
    release: Release, url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wrong = Release(tmp_path_factory.mktemp("wrong"), head())
    wrong.add(COLUMN, "", "")
    wrong.add(INDEX, "", "")
    wrong.add("9003", "CREATE INDEX idx_posts_probe ON posts (probe);", "", concurrently=True)
    refused = alembic(url, "upgrade", "head", project=wrong.project)
    assert refused.returncode != 0
    assert "9003_test.up.sql does not begin with CREATE INDEX CONCURRENTLY" in refused.stdout + refused.stderr
