"""The templates: each compiles, runs, contains what its description says, and weakens nothing."""

from datetime import UTC, datetime

import psycopg
import pytest

from db.feeds import FeedPage, compile_feed
from db.feeds.lint import lint
from db.feeds.templates import TEMPLATES, FeedTemplate
from tests.factories import Factory

EACH = pytest.mark.parametrize("template", TEMPLATES, ids=[one.key for one in TEMPLATES])


def posts(connection: psycopg.Connection, template: FeedTemplate, viewer: int) -> list[int]:
    statement = compile_feed(template.rules, FeedPage(20), viewer=viewer, me=viewer)
    return [row[0] for row in connection.execute(statement.query, statement.parameters)]


def test_keys_and_names_are_unique() -> None:
    assert len({one.key for one in TEMPLATES}) == len({one.name for one in TEMPLATES}) == len(TEMPLATES) == 9


@EACH
def test_a_template_has_no_notices(template: FeedTemplate) -> None:
    assert lint(template.rules, datetime(2026, 6, 1, tzinfo=UTC)) == []


def test_each_template_contains_what_it_says(connection: psycopg.Connection, make: Factory) -> None:
    ada, ben, cleo, dan = (make.user(name) for name in ("ada", "ben", "cleo", "dan"))
    for follower, followed in ((ada, ben), (ben, ada), (ada, cleo), (dan, ada)):
        make.insert("user_follows", "follower_id", follower_id=follower, following_id=followed)
    by = {one: make.post(one, content="Words") for one in (ada, ben, cleo, dan)}
    link = make.post(cleo, content="See https://example.org/")
    long = make.post(dan, type="text_long", content="Long")
    song = make.post(dan, type="song")
    bare, described = make.post(dan, type="image"), make.post(dan, type="image")
    for post, text in ((bare, None), (described, "A tree")):
        make.media(dan, post, alt_text=text)
    connection.execute("UPDATE posts SET likes_count = 5 WHERE id = %s", [by[cleo]])
    expected = {
        "mutuals": [by[ben]],
        "catch-up": [by[cleo], link, by[ben]],
        "unnoticed": [link, by[ben]],
        "followers": [described, bare, song, long, by[dan], by[ben]],
        "own-words": [by[cleo], by[ben]],
        "long-reads": [long],
        "described-pictures": [described],
        "music": [song],
        "own-posts": [by[ada]],
    }
    assert {one.key: posts(connection, one, ada) for one in TEMPLATES} == expected
