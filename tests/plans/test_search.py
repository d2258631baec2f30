"""What a page of search or discovery costs is bounded, whoever uses the words, and whoever stands in front of them."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from bench import crowd
from bench.explain import Mode, Plan, explain
from db.documents.search_terms import index_words_of, marks_of, words_of
from db.maintenance.search_rows import SCRIPT
from db.queries.ranked_search import MOST_RANKED
from db.queries.trending import WINDOWS
from db.statements import load
from tests.plans.large import MANY, filled
from tests.plans.modes import MODES
from tests.servers import Server

pytestmark = pytest.mark.proof

PAGE = 21
REACH = 10 * PAGE
MONTH = 4 * 336  # posts of a crowd that are of one month
NEAR = {"posts_by_search": 2_000, "posts_by_rank": 4_000}
PHRASE = 1_000
INT = 2**63
MOST_POPULAR: LiteralString = "SELECT following_id FROM user_follows GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"

# Each is 20 000 posts, one every half an hour: newer than all others and not to be seen, or older than all others.
CROWDS = [
    (
        b"INSERT INTO users (id, username, email, password_hash, status) OVERRIDING SYSTEM VALUE"
        b" VALUES (900000, 'gone', 'gone@example.org', 'x', 'suspended'), (900001, 'oldie', 'oldie@example.org', 'x',"
        b" 'active')"
    ),
    b"INSERT INTO user_profiles (user_id, visibility) VALUES (900000, 'public'), (900001, 'public')",
    (
        b"INSERT INTO posts (user_id, type, title, content, tags, published_at, created_at, likes_count)"
        b" SELECT 900000, 'text_long', 'Spam', 'hiddenword ' || n, '{hiddentag}', at, at, 2000000 FROM"
        b" (SELECT n, '2030-01-01'::timestamptz + n * interval '30 minutes' AS at FROM many) AS m"
    ),
    (
        b"INSERT INTO posts (user_id, type, content, tags, language, published_at, created_at)"
        b" SELECT 900001, 'text_long', 'oldword right left ' || n, '{oldtag}', 'xx', at, at FROM"
        b" (SELECT n, '2015-01-01'::timestamptz + n * interval '30 minutes' AS at FROM many) AS m"
    ),
    # Who follows many is blocked by 20 000 people of one name.
    (
        b"INSERT INTO users (id, username, email, password_hash, status) OVERRIDING SYSTEM VALUE"
        b" SELECT 1000000 + n, 'foe_' || n, 'foe_' || n || '@example.org', 'x', 'active' FROM many"
    ),
    (
        b"INSERT INTO user_profiles (user_id, display_name, visibility) SELECT id, username, 'public' FROM users WHERE"
        b" id > 1000000"
    ),
    (
        b"INSERT INTO app.user_blocks (blocker_id, blocked_id) SELECT 1000000 + n,"
        b" (SELECT max(id) - 1 FROM users WHERE username LIKE 'person_%') FROM many"
    ),
    SCRIPT.replace("app.index_user(id)", "id").encode(),
    (
        b"INSERT INTO app.user_search (user_id, username, name)"
        b" SELECT u.id, lower(u.username), app.search_name(display_name)"
        b" FROM users AS u JOIN user_profiles AS f ON f.user_id = u.id WHERE status = 'active' ON CONFLICT DO NOTHING"
    ),
    b"INSERT INTO app.used_tags (name, people_count) SELECT 'tag' || n, n FROM many",
    b"INSERT INTO app.trending_posts (hours, post_id, score) SELECT 24, id, 7 FROM posts WHERE user_id = 900000",
]
SEARCHES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "everybody": ("the", {}),
    "many": ("bread", {}),
    "nobody": ("qxzvkj", {}),
    "not everybody": ("-the", {}),
    "hidden": ("hiddenword", {}),
    "old": ("oldword", {}),
    "a tag that is hidden": (None, {"tags": ["hiddentag"]}),
    "a tag that is old": (None, {"tags": ["oldtag"]}),
    "a tag of nobody": (None, {"tags": ["qxzvkj"]}),
    "old, by its author": ("oldword", {"author": 900001}),
    "old, by another author": ("oldword", {"author": 117}),
    "old, by people one follows": ("oldword", {"authors": range(900_001, 900_201)}),
    "common, by people one follows": ("the", {"authors": range(1, 201)}),
    "common, by people who wrote nothing": ("the", {"authors": range(800_001, 800_201)}),
    "common, of a rare type": ("the", {"types": ["gif"]}),
    "common, in a language of nobody": ("the", {"languages": ["qq"]}),
    "common, in an old language": ("right", {"languages": ["xx"]}),
    "a phrase of nobody": ('"left right"', {}),
    "not a phrase": ('oldword -"left right"', {}),
    "all letters": ("a b c d e f g h i j k l m n o p q r s t u v w x y z", {}),
}


@pytest.fixture(scope="module")
def connection(server: Server, crowd_template: str) -> Iterator[psycopg.Connection]:
    with filled(server, crowd_template, CROWDS) as opened:
        yield opened


@pytest.fixture(scope="module")
def big(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE reltuples >= 1000")}


def viewer(connection: psycopg.Connection) -> int:
    return crowd.viewer(connection, crowd.FOLLOWS_100)


def ends(**columns: object) -> dict[str, object]:
    """Both bounds of a page, infinitely far away but where they are given."""
    bounds: dict[str, object] = {}
    for column in ("created_at", "top_at", "id", "top_id", "score", "engagement_bucket"):
        is_time = column.endswith("_at")
        bounds[f"after_{column}"] = "infinity" if is_time else INT - 1
        bounds[f"before_{column}"] = "-infinity" if is_time else -INT
    return {**bounds, **columns}


def searched(connection: psycopg.Connection, name: str) -> dict[str, object]:
    text, marks = SEARCHES[name]
    return {
        **ends(),
        "viewer": viewer(connection),
        "words": None if text is None else words_of(text),
        "index_words": None if text is None else index_words_of(words_of(text)),
        "marks": marks_of(**marks),
        "since": "-infinity",
        "until": "infinity",
        "limit": PAGE,
        "reach": REACH,
        "most": MOST_RANKED,
        "sort": "relevance",
        "backward": False,
    }


NOUNS = ("search", "ranked_search", "tags", "discovery", "trending", "users")
STATEMENTS = {name: found for noun in NOUNS for name, found in load(noun).items()}


def run(connection: psycopg.Connection, name: str, given: dict[str, object], mode: Mode) -> list[Plan]:
    statement = STATEMENTS[name]
    if statement.backward is None:
        both = [(statement, False), (statement, True)] if "backward" in statement.parameters else [(statement, False)]
    else:
        both = [(statement, False), (statement.backward, True)]
    return [explain(connection, one.sql, {**given, "backward": backward}, mode) for one, backward in both]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("statement", NEAR)
@pytest.mark.parametrize("name", SEARCHES)
def test_a_page_of_a_search_is_bounded(
    connection: psycopg.Connection, big: set[str], name: str, statement: str, mode: Mode
) -> None:
    given = searched(connection, name)
    looked_at = MOST_RANKED if statement == "posts_by_rank" else REACH
    # The newest posts, those of a month, and each candidate with what decides whether it is shown. A phrase looks at
    # as many as it says.
    bound = NEAR[statement] + 2 * MONTH + 6 * looked_at
    if "phrase" in name:
        bound += 2 * PHRASE
    # Each of the weeks that are looked at costs some buffers for each word and author: the crowds cover fifteen years.
    authors = len(SEARCHES[name][1].get("authors", ()))
    for plan in run(connection, statement, given, mode):
        assert not plan.scanned_tables & big
        assert plan.rows_touched <= bound, name
        assert plan.buffers <= 2 * bound + 6_000 + 700 * authors, name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["everybody", "old", "hidden"])
def test_a_deep_page_of_a_search_costs_no_more(
    connection: psycopg.Connection, big: set[str], name: str, mode: Mode
) -> None:
    given = searched(connection, name)
    for at in ("2015-06-01", "2025-06-01", "2030-06-01"):
        places: dict[str, object] = {"after_created_at": at, "after_id": 1, "after_top_at": at, "after_top_id": 1}
        for statement, near in NEAR.items():
            for plan in run(connection, statement, {**given, **places}, mode):
                assert not plan.scanned_tables & big
                assert plan.rows_touched <= near + 2 * MONTH + 6 * MOST_RANKED


def test_hidden_posts_cut_a_page_short_at_a_place_to_go_on_from(connection: psycopg.Connection) -> None:
    given = searched(connection, "hidden")
    for name in ("posts_by_search", "posts_by_rank"):
        rows = connection.execute(STATEMENTS[name].sql, given).fetchall()
        assert [row[-1] for row in rows] == [True], name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["person", "erson_", "qxzvkj", "p", "foe", "oe_1", "foe_777", "x" * 100])
def test_a_search_for_people_is_bounded(connection: psycopg.Connection, big: set[str], name: str, mode: Mode) -> None:
    lookers: list[tuple[LiteralString, int]] = [(crowd.FOLLOWS_100, 0), (crowd.FOLLOWS_1000, MANY)]
    for who, blocks in lookers:
        given = {**ends(), "viewer": crowd.viewer(connection, who), "name": name, "limit": PAGE}
        for plan in run(connection, "users_by_name", given, mode):
            assert "Function Scan" not in {node["Node Type"] for node in plan.nodes if "people" in str(node)}
            # The blocks of whoever looks are read once in every statement.
            assert not plan.scanned_tables & (big - {"user_blocks"})
            assert plan.rows_touched <= 1_500 + blocks + 100
            assert plan.buffers <= 5_000


@pytest.mark.parametrize("mode", MODES)
def test_a_count_of_posts_is_bounded(connection: psycopg.Connection, big: set[str], mode: Mode) -> None:
    for tag in ("hiddentag", "oldtag", "qxzvkj"):
        (plan,) = run(connection, "tag_counts", {"tags": f"{{{tag}}}"}, mode)
        assert not plan.scanned_tables & big
        assert plan.rows_touched <= 4 * 2_000 + MONTH
        (plan,) = run(connection, "tags_in_use", {"tags": f"{{{tag}}}"}, mode)
        assert not plan.scanned_tables & big
        assert plan.rows_touched <= 4 * 2_000 + MONTH


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["popular_posts", "posts_of_circle", "trending_posts"])
def test_a_page_of_discovery_is_bounded(connection: psycopg.Connection, big: set[str], name: str, mode: Mode) -> None:
    who = crowd.viewer(connection, MOST_POPULAR) if name == "posts_of_circle" else viewer(connection)
    given = {**ends(), "viewer": who, "hours": 24, "limit": PAGE, "reach": REACH}
    for plan in run(connection, name, given, mode):
        assert not plan.scanned_tables & big
        if name == "posts_of_circle":
            # Friends, friends of friends, and 20 posts of 500 people.
            assert plan.rows_touched <= 200 * 110 + 500 * 20 + 6 * REACH
        else:
            assert plan.rows_touched <= 8 * REACH


def test_what_is_trending_is_found_among_so_many_posts(connection: psycopg.Connection) -> None:
    for name in ("refresh_trending_posts", "refresh_trending_tags", "refresh_used_tags"):
        for hours in WINDOWS if "hours" in STATEMENTS[name].parameters else (None,):
            plan = explain(connection, STATEMENTS[name].sql, {"hours": hours})
            assert "idx_posts_created" in plan.indexes
            assert "posts" not in plan.scanned_tables


@pytest.mark.parametrize("mode", MODES)
def test_a_tag_is_completed_from_those_that_begin_so(connection: psycopg.Connection, big: set[str], mode: Mode) -> None:
    for beginning, most in (("tag", MANY), ("tag19", 1_111), ("qx", 0)):
        (plan,) = run(
            connection, "tags_by_beginning", {"beginning": beginning, "last": "\U0010ffff", "limit": 10}, mode
        )
        assert plan.rows_touched <= most + 10
        assert beginning == "tag" or not plan.scanned_tables & big
