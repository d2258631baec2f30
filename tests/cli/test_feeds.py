"""`vrss feeds explain`, as an operator sees it."""

from typing import LiteralString

import psycopg
import pytest

from api.gql.ids import encode
from db.plans import explain_reading
from db.queries.feeds import following_feed_id
from db.statements import Bound
from tests.cli.commands import vrss


def explain(url: str, *words: str) -> str:
    done = vrss("feeds", "explain", *words, DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def change(url: str, statement: LiteralString) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def test_rules_scan_and_costs_of_a_page_are_named(seeded_database: str) -> None:
    said = explain(seeded_database, encode("Feed", 7))
    assert said.startswith("Feed 7, the first page as its owner reads it on ")
    assert "  - at least one of these holds:\n      tag is bread\n" in said
    assert "\nScan: index (tag, text), by time\n" in said
    assert "  1. near: the newest 4,000 posts\n" in said
    assert "  2. far: what the index has, month by month: 2,000 candidates\n" in said
    assert "\n  21 rows, " in said
    assert "\n  Tiers that read posts: near\n" in said
    assert "Index Scan of idx_posts_created\n" in said


@pytest.mark.parametrize(
    ("number", "scan", "tier"),
    [
        (1, "author first, by time", "near"),
        (2, "everything, by likes", "walk"),
        (5, "engagement, by time", "near"),
        (9, "author first, by likes, comments and reposts", "all"),
    ],
)
def test_each_kind_of_scan_is_named(seeded_database: str, number: int, scan: str, tier: str) -> None:
    change(
        seeded_database,
        """UPDATE feed_filters SET operator = 'greater_than', value = '{"metric": "likes", "at_least": 7}'
        WHERE feed_id = 5 AND type = 'engagement'""",
    )
    said = explain(seeded_database, str(number))
    assert f"\nScan: {scan}\n" in said
    assert f"\n  Tiers that read posts: {tier}\n" in said
    with psycopg.connect(seeded_database) as connection:
        texts = connection.execute("SELECT left(content, 25) FROM posts WHERE length(content) >= 25").fetchall()
    assert [text for (text,) in texts if text in said] == []


def test_the_last_page_of_somebody_else_is_short_and_has_notices(seeded_database: str) -> None:
    change(seeded_database, "DELETE FROM list_members")
    said = explain(seeded_database, "4", "--viewer", "Ben", "--first", "3", "--backward")
    assert said.startswith("Feed 4, the last page as ben reads it on ")
    assert "\nClients do not get it: ben may not open this feed now.\n" in said
    assert "\n  1. near: the oldest 4,000 posts\n" in said
    assert "\nNotices\n  WARNING LIST_GONE (group 1, filter 1): Nobody is on this list" in said


def test_the_whole_plan_has_no_muted_words(seeded_database: str) -> None:
    change(
        seeded_database,
        r"""INSERT INTO app.mute_words (user_id, word, except_followed)
        VALUES (2, 'zebra''s \ x', FALSE), (2, 'lion', TRUE)""",
    )
    said = explain(seeded_database, "7", "--plan")
    assert "Posts with words that the reader mutes are left out" in said
    assert "Index Scan" in said
    assert "Execution Time: " in said
    assert "butter" in said
    assert "THEN '…'::text ELSE '…'::text" in said
    assert "zebra" not in said
    assert "lion" not in said


def test_a_stopped_statement_is_a_sentence(seeded_database: str) -> None:
    change(seeded_database, "INSERT INTO app.mute_words (user_id, word) VALUES (1, 'zebra'), (2, 'zebra')")
    change(
        seeded_database,
        """CREATE OR REPLACE FUNCTION app.texts_of_post(post bigint, title text, content text, tags text[])
        RETURNS TABLE (texts text) LANGUAGE sql STABLE AS 'SELECT pg_sleep(0.2)::text || title || content'""",
    )
    said = explain(seeded_database, "7")
    assert said.endswith(
        "\nWhat it took\n  The server stopped it after 1,500 ms, as it stops it for clients, who then get COST_LIMIT.\n"
    )
    said = explain(seeded_database, "7", "--plan", "--viewer", "ada")
    assert "\n  The server stopped it after 300 ms, " in said
    assert "\n  The plan without a run:\n  Limit  (cost=" in said
    assert "zebra" not in said


def test_what_cannot_be_explained_is_a_sentence(seeded_database: str) -> None:
    following = str(following_feed_id(1))
    for words, sentence in (
        (["999"], "There is no feed 999."),
        (["0"], "0 is no id of a feed."),
        (["9" * 5_000], f"{'9' * 5_000} is no id of a feed."),
        ([encode("Post", 1)], f"{encode('Post', 1)} is no id of a feed."),
        ([following], "A Following feed has no rules: it is read by the one statement of the home feed."),
        (["1", "--viewer", "nobody"], "There is no account nobody."),
    ):
        done = vrss("feeds", "explain", *words, DATABASE_URL=seeded_database)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{sentence}\n")
    change(seeded_database, "UPDATE feed_filters SET value = '{}' WHERE feed_id = 1")
    done = vrss("feeds", "explain", "1", DATABASE_URL=seeded_database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The stored rules of feed 1 are none that this version can read.\n"


def test_a_feed_is_explained_at_head_only(blank_database: str) -> None:
    done = vrss("feeds", "explain", "1", DATABASE_URL=blank_database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The database is not migrated to this version: run `vrss migrate` first.\n"


def test_what_is_explained_cannot_write(seeded_database: str) -> None:
    with psycopg.connect(seeded_database, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            explain_reading(connection, b"DELETE FROM list_members", Bound(1_000))
        with pytest.raises(psycopg.errors.QueryCanceled):
            explain_reading(connection, b"SELECT pg_sleep(9)", Bound(10))
