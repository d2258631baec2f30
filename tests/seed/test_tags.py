"""Seeded posts have the tags that createPost would give them, so that the filters of feeds find them."""

import psycopg
import pytest

from db.documents.markup import written_tags
from db.documents.texts import tag_of
from db.seed import seed
from db.seed.posts import tags_of
from db.seed.scaled import seed_scaled
from db.seed.texts.script import short


def test_tags_of_a_seeded_post_are_those_of_create_post() -> None:
    post = short("#हिन्दी at https://example.org/page#part, #Straße a#b", "Cafe\u0301 STRASSE")
    assert tags_of(post) == ["हिन्दी", "strasse", "café"]


def test_what_is_no_tag_is_not_seeded() -> None:
    with pytest.raises(ValueError, match=r"^'c\+\+': A tag is one word"):
        tags_of(short("x", "art c++"))


def assert_found_by_filters(url: str) -> None:
    with psycopg.connect(url) as connection:
        posts = connection.execute("SELECT coalesce(content, ''), tags FROM posts").fetchall()
    tagged = [(content, tags) for content, tags in posts if tags]
    assert len(tagged) > 50
    assert [tags for _, tags in tagged if [*map(tag_of, tags)] != tags] == []
    assert [content for content, tags in posts if not set(written_tags(content)) <= set(tags)] == []


def test_demo_posts_are_found_by_filters(empty_database: str) -> None:
    seed(empty_database)
    assert_found_by_filters(empty_database)


def test_scaled_posts_are_found_by_filters(empty_database: str) -> None:
    seed_scaled(empty_database, 4_000)
    assert_found_by_filters(empty_database)
