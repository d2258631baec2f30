"""Who sees what: each function against a plain reading of the rules, and inlined into the caller's plan."""

import re
from collections.abc import Iterator
from itertools import product

import psycopg
import pytest

from db.migrations.replaceable import SQL
from tests.factories import Factory
from tests.servers import Server, database

# Each with a table that its plan must show.
FUNCTIONS = {
    "visible_users": "users",
    "visible_profiles": "users",
    "visible_circles": "user_settings",
    "open_posts": "posts",
    "visible_posts": "users",
    "open_comments": "users",
    "visible_comments": "users",
    "memberships": "conversation_members",
    "open_messages": "users",
    "visible_messages": "conversation_members",
    "visible_notifications": "notifications",
    "visible_lists": "user_lists",
    "visible_feeds": "custom_feeds",
    "following_feeds": "users",
    "known_follows": "user_follows",
}
VISIBILITY = SQL / "functions" / "visibility.sql"
OPENNESS = ["public", "followers", "private"]


def test_every_function_is_tried_here() -> None:
    assert re.findall(r"FUNCTION app\.(\w+)\(viewer ", VISIBILITY.read_text("utf-8")) == list(FUNCTIONS)
    others = re.findall(r"FUNCTION app\.(\w+)\((?!viewer )", VISIBILITY.read_text("utf-8"))
    assert others == ["blocks_between", "latest_follows"]  # which ask for nobody's permission: those above do


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("viewer", ["%s", "NULL"])
def test_the_planner_inlines_it(connection: psycopg.Connection, function: str, viewer: str) -> None:
    rows = connection.execute(
        f"EXPLAIN (COSTS OFF) SELECT * FROM app.{function}({viewer})".encode(), [1] if "%" in viewer else []
    )
    plan = "\n".join(line for (line,) in rows)
    assert "Function Scan" not in plan
    # What is nobody's but the viewer's, the planner does not even look for when nobody looks.
    assert f"on {FUNCTIONS[function]}" in plan or (viewer == "NULL" and "One-Time Filter: false" in plan)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_planner_inlines_it_for_a_prepared_statement_too(connection: psycopg.Connection, function: str) -> None:
    connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    connection.execute(f"PREPARE look (bigint) AS SELECT * FROM app.{function}($1)".encode())
    plan = "\n".join(line for (line,) in connection.execute("EXPLAIN (COSTS OFF) EXECUTE look (1)"))
    connection.execute("DEALLOCATE look")
    assert "Function Scan" not in plan
    assert "$1" in plan


def test_the_planner_inlines_what_is_asked_of_a_pair(connection: psycopg.Connection) -> None:
    pairs = "SELECT FROM users AS u WHERE NOT EXISTS (SELECT FROM app.blocks_between(u.id, 1) OFFSET 0)"
    plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN (COSTS OFF) {pairs}".encode()))
    assert "Function Scan" not in plan
    assert "SubPlan" in plan
    assert "idx_user_blocks_blocked" in plan or "user_blocks_pkey" in plan


@pytest.fixture(scope="module")
def crowd(server: Server, empty_template: str) -> Iterator[str]:
    """Twenty thousand people, five posts and ten comments each, as the planner knows them."""
    with database(server, empty_template) as name, psycopg.connect(server.url(name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers: rows are made as they shall be
        connection.execute(
            """
            INSERT INTO users (username, email, password_hash)
            SELECT 'user' || n, 'user' || n || '@example.org', 'x' FROM generate_series(1, 20000) AS n;
            INSERT INTO user_profiles (user_id) SELECT id FROM users;
            INSERT INTO posts (user_id, type, content, published_at, created_at)
            SELECT n % 20000 + 1, 'text_short', 'x', t.at, t.at
            FROM generate_series(1, 100000) AS n, LATERAL (SELECT now() - n * interval '1 min' AS at) AS t;
            INSERT INTO comments (user_id, post_id, content, created_at)
            SELECT n * 7 % 20000 + 1, n % 100000 + 1, 'x', now() - n * interval '1 min'
            FROM generate_series(1, 200000) AS n;
            SET default_statistics_target = 1000;  -- all rows: no plan depends on a sample
            ANALYZE;
            """
        )
        yield server.url(name)


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("page", "index"),
    [
        ("app.visible_posts($1) AS v WHERE v.user_id = o.id", "idx_posts_user_created"),
        (
            "app.visible_comments($1) AS v WHERE v.post_id = o.id AND v.parent_comment_id IS NULL",
            "idx_comments_post_shown",
        ),
    ],
)
def test_a_page_for_each_owner_comes_from_the_index_in_order(crowd: str, mode: str, page: str, index: str) -> None:
    with psycopg.connect(crowd) as connection:
        connection.execute(f"SET plan_cache_mode = {mode}".encode())
        connection.execute(
            f"""
            PREPARE pages (bigint, bigint[]) AS
            SELECT p.id FROM unnest($2) AS o (id)
            CROSS JOIN LATERAL (SELECT v.* FROM {page} ORDER BY v.created_at DESC, v.id DESC LIMIT 3) AS p
            """.encode()
        )
        rows = connection.execute("EXPLAIN (COSTS OFF) EXECUTE pages (1, '{1,2,3,4,5,6,7,8,9,10}')")
        plan = "\n".join(line for (line,) in rows)
    assert index in plan
    assert "Sort" not in plan
    assert "Seq Scan on users" not in plan


class Town:
    """Ada, whom the others look at: Ben follows her, Cleo does not, and nobody is signed out."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.ada, self.ben, self.cleo, self.dan = make.cast()
        make.follow(self.ben, self.ada)

    def sees(self, function: str, viewer: int | None, key: str, value: int) -> bool:
        query = f"SELECT count(*) FROM app.{function}(%s) WHERE {key} = %s"
        found = self.make.scalar(query, viewer, value)
        assert found in (0, 1)
        return found == 1

    def viewers(self) -> Iterator[tuple[int | None, str]]:
        yield from ((self.ada, "owner"), (self.ben, "follower"), (self.cleo, "stranger"), (None, "nobody"))

    def open_profile(self, visibility: str) -> None:
        self.make.connection.execute(
            "UPDATE user_profiles SET visibility = %s WHERE user_id = %s", [visibility, self.ada]
        )


@pytest.fixture
def town(make: Factory) -> Town:
    return Town(make)


def lets_in(openness: str, relation: str) -> bool:
    return relation == "owner" or openness == "public" or (openness == "followers" and relation == "follower")


@pytest.mark.parametrize(("post_is", "profile_is"), [*product(OPENNESS, OPENNESS)])
def test_a_post_has_the_stricter_of_its_own_and_its_authors_visibility(
    town: Town, post_is: str, profile_is: str
) -> None:
    town.open_profile(profile_is)
    its = town.make.post(town.ada, visibility=post_is)
    mine = town.make.comment(town.dan, its)
    for viewer, relation in town.viewers():
        expected = lets_in(post_is, relation) and lets_in(profile_is, relation)
        assert town.sees("visible_posts", viewer, "id", its) == expected, relation
        assert town.sees("visible_comments", viewer, "id", mine) == expected, relation
        assert town.sees("visible_profiles", viewer, "user_id", town.ada) == lets_in(profile_is, relation)
        assert town.sees("visible_users", viewer, "id", town.ada)


@pytest.mark.parametrize("status", ["draft", "scheduled", "deleted"])
def test_only_what_is_published_is_seen_even_by_its_author(town: Town, status: str) -> None:
    its = town.make.post(town.ada, scheduled_for="2100-01-01T00:00:00Z")
    mine = town.make.comment(town.ada, its)
    town.make.connection.execute("UPDATE posts SET status = %s WHERE id = %s", [status, its])
    for viewer, _ in town.viewers():
        assert not town.sees("visible_posts", viewer, "id", its)
        assert not town.sees("visible_comments", viewer, "id", mine)


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_inactive_users_are_hidden_from_all_but_themselves(town: Town, status: str) -> None:
    """The API answers such an account with ACCOUNT_SUSPENDED or ACCOUNT_DELETED; its export holds what is its own."""
    hers, others = town.make.post(town.ada), town.make.post(town.cleo)
    under_hers, under_others = town.make.comment(town.cleo, hers), town.make.comment(town.ada, others)
    town.make.connection.execute("UPDATE users SET status = %s WHERE id = %s", [status, town.ada])
    for viewer, _ in town.viewers():
        herself = viewer == town.ada
        assert town.sees("visible_users", viewer, "id", town.ada) == herself
        assert town.sees("visible_profiles", viewer, "user_id", town.ada) == herself
        assert town.sees("visible_posts", viewer, "id", hers) == herself
        assert town.sees("visible_comments", viewer, "id", under_hers) == herself
        assert town.sees("visible_comments", viewer, "id", under_others) == herself
        assert town.sees("visible_posts", viewer, "id", others)


@pytest.mark.parametrize("blocker_is_ada", [True, False])
def test_a_block_cuts_both_ways_and_for_nobody_else(town: Town, *, blocker_is_ada: bool) -> None:
    pair = (town.ada, town.ben) if blocker_is_ada else (town.ben, town.ada)
    town.make.insert("app.user_blocks", "blocker_id", blocker_id=pair[0], blocked_id=pair[1])
    posts = {person: town.make.post(person) for person in (town.ada, town.ben, town.cleo)}
    comments = {person: town.make.comment(person, posts[town.cleo]) for person in (town.ada, town.ben)}
    for viewer, seen in product((town.ada, town.ben, town.cleo, None), (town.ada, town.ben)):
        expected = {viewer, seen} != {town.ada, town.ben}
        assert town.sees("visible_users", viewer, "id", seen) == expected
        assert town.sees("visible_profiles", viewer, "user_id", seen) == expected
        assert town.sees("visible_posts", viewer, "id", posts[seen]) == expected
        assert town.sees("visible_comments", viewer, "id", comments[seen]) == expected
    under = town.make.comment(town.cleo, posts[town.ada])
    assert not town.sees("visible_comments", town.ben, "id", under)
    assert town.sees("visible_comments", town.cleo, "id", under)


@pytest.mark.parametrize("blocker_is_author", [True, False])
def test_a_comment_across_a_block_from_the_posts_author_is_seen_by_nobody(
    town: Town, *, blocker_is_author: bool
) -> None:
    its, another = town.make.post(town.ada), town.make.post(town.cleo)
    mine, elsewhere = town.make.comment(town.ben, its), town.make.comment(town.ben, another)
    pair = (town.ada, town.ben) if blocker_is_author else (town.ben, town.ada)
    town.make.insert("app.user_blocks", "blocker_id", blocker_id=pair[0], blocked_id=pair[1])
    for viewer in (town.ada, town.ben, town.cleo, None):
        assert not town.sees("visible_comments", viewer, "id", mine)
        assert town.sees("visible_comments", viewer, "id", elsewhere) == (viewer != town.ada)
    town.make.connection.execute("DELETE FROM app.user_blocks")
    for viewer in (town.ada, town.ben, town.cleo, None):
        assert town.sees("visible_comments", viewer, "id", mine)


def test_a_mute_hides_nothing_here(town: Town) -> None:
    """Muting thins out feeds; who looks on purpose finds what is there."""
    town.make.insert("app.user_mutes", "muter_id", muter_id=town.ben, muted_id=town.ada)
    assert town.sees("visible_users", town.ben, "id", town.ada)
    assert town.sees("visible_posts", town.ben, "id", town.make.post(town.ada))


def test_a_deleted_comment_stays_while_it_has_replies(town: Town) -> None:
    its = town.make.post(town.ada)
    alone, asked = town.make.comment(town.ben, its), town.make.comment(town.ben, its)
    answer = town.make.comment(town.ada, its, parent_comment_id=asked)
    town.make.connection.execute("UPDATE comments SET deleted_at = now() WHERE id <> %s", [answer])
    assert not town.sees("visible_comments", town.ben, "id", alone)
    assert town.sees("visible_comments", town.ben, "id", asked)
    town.make.connection.execute("UPDATE comments SET deleted_at = now() WHERE id = %s", [answer])
    assert not town.sees("visible_comments", town.ben, "id", asked)


def test_a_person_without_a_profile_shows_no_posts(town: Town) -> None:
    its = town.make.post(town.dan)
    town.make.connection.execute("DELETE FROM user_profiles WHERE user_id = %s", [town.dan])
    assert not town.sees("visible_posts", None, "id", its)
    assert town.sees("visible_users", None, "id", town.dan)


@pytest.mark.parametrize("profile_is", OPENNESS)
def test_connections_are_visible_with_the_profile_unless_hidden(town: Town, profile_is: str) -> None:
    town.open_profile(profile_is)
    for viewer, relation in town.viewers():
        assert town.sees("visible_circles", viewer, "user_id", town.ada) == lets_in(profile_is, relation)
    town.make.insert("app.user_settings", "user_id", user_id=town.ada, show_followers=False)
    for viewer, relation in town.viewers():
        assert town.sees("visible_circles", viewer, "user_id", town.ada) == (relation == "owner")


@pytest.mark.parametrize("profile_is", OPENNESS)
def test_a_public_list_is_visible_with_the_profile(town: Town, profile_is: str) -> None:
    town.open_profile(profile_is)
    public, private = (
        town.make.insert("user_lists", user_id=town.ada, name=name, is_public=name == "public")
        for name in ("public", "private")
    )
    for viewer, relation in town.viewers():
        assert town.sees("visible_lists", viewer, "id", public) == lets_in(profile_is, relation)
        assert town.sees("visible_lists", viewer, "id", private) == (relation == "owner")


def test_a_message_is_visible_to_members_who_may_see_its_sender(town: Town) -> None:
    make, ada, ben, cleo, dan = town.make, town.ada, town.ben, town.cleo, town.dan
    talk = make.insert("conversations", kind="group", participant_ids=[ada, ben, cleo])
    for member in (ada, ben, cleo):
        make.insert("app.conversation_members", "user_id", conversation_id=talk, user_id=member)
    first, second = (make.insert("messages", conversation_id=talk, sender_id=ben, content="Hi") for _ in range(2))

    def readers(message: int) -> list[int | None]:
        return [one for one in (ada, ben, cleo, dan, None) if town.sees("visible_messages", one, "id", message)]

    assert readers(first) == [ada, ben, cleo]
    make.connection.execute("UPDATE app.conversation_members SET left_at = now() WHERE user_id = %s", [cleo])
    assert readers(first) == [ada, ben]
    make.insert("app.user_blocks", "blocker_id", blocker_id=ben, blocked_id=ada)
    assert readers(first) == [ben]
    make.connection.execute("DELETE FROM users WHERE id = %s", [ben])
    make.connection.execute("UPDATE app.conversation_members SET hidden_before_message_id = %s", [first])
    assert (readers(first), readers(second)) == ([], [ada])
