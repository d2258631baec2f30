"""Finding out what is trending twice at once, and again: the second run waits for the first, and says the same."""

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
import pytest

from db.statements import load
from tests.factories import Factory
from tests.waiting import until_blocked_by

POSTS: LiteralString = "SELECT post_id, score FROM app.trending_posts WHERE hours = 24 ORDER BY 1"
TAGS: LiteralString = "SELECT position, tag, posts_count FROM app.trending_tags WHERE hours = 24 ORDER BY 1"

USED: LiteralString = "SELECT name, people_count FROM app.used_tags ORDER BY 1"
REFRESHED = [("refresh_trending_posts", POSTS), ("refresh_trending_tags", TAGS), ("refresh_used_tags", USED)]


@pytest.mark.parametrize(("name", "found"), REFRESHED)
def test_two_runs_at_once_find_the_same(empty_database: str, name: str, found: LiteralString) -> None:
    refresh = load("trending")[name].sql
    with (
        psycopg.connect(empty_database, autocommit=True) as own,
        psycopg.connect(empty_database) as one,
        psycopg.connect(empty_database) as other,
        ThreadPoolExecutor() as threads,
    ):
        make = Factory(own)
        people = [make.user(f"user_{n}") for n in range(3)]
        posts = [make.post(person, tags=["cats", f"tag{n % 2}"]) for n, person in enumerate(people * 2)]
        for post in posts:
            make.like(people[0], post)
        one.execute(refresh, {"hours": 24})
        waiting = threads.submit(other.execute, refresh, {"hours": 24})
        until_blocked_by(one)
        one.commit()
        waiting.result()
        other.commit()
        whole = own.execute(found).fetchall()
        assert len(whole) == (6 if found is POSTS else 3)
        own.execute(refresh, {"hours": 24})
        assert own.execute(found).fetchall() == whole
        own.execute("DELETE FROM posts WHERE id = %s", [posts[0]])
        own.execute("UPDATE posts SET tags = '{}'")
        own.execute(refresh, {"hours": 24})
        assert len(own.execute(found).fetchall()) == (5 if found is POSTS else 0)


def test_used_tags_are_those_that_everybody_may_see(empty_database: str) -> None:
    refresh = load("trending")["refresh_used_tags"].sql
    with psycopg.connect(empty_database, autocommit=True) as connection:
        make = Factory(connection)
        ada, bob, eve = (make.user(name) for name in ("ada", "bob", "eve"))
        for person in (ada, ada, bob, eve):
            make.post(person, tags=["cats"])
        make.post(ada, tags=["secret"], visibility="private")
        make.post(ada, tags=["draft"], status="draft")
        make.post(ada, tags=["friends"], visibility="followers")
        make.post(eve, tags=["hers"])
        connection.execute(refresh)
        assert connection.execute(USED).fetchall() == [("cats", 3), ("hers", 1)]
        connection.execute("UPDATE user_profiles SET visibility = 'private' WHERE user_id = %s", [eve])
        connection.execute("UPDATE users SET status = 'suspended' WHERE id = %s", [bob])
        connection.execute(refresh)
        assert connection.execute(USED).fetchall() == [("cats", 1)]
