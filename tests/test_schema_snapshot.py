"""The generated truth is committed, so that a review sees every effect of a change."""

import difflib
from pathlib import Path

import psycopg
import pytest
from graphql import ObjectTypeDefinitionNode, parse

from api.feeds.schema_file import schema_text
from api.schema import schema
from db.migrations.migrate import dump_schema

SNAPSHOT = Path(__file__).parents[1] / "db" / "schema.sql"
SDL = Path(__file__).parents[1] / "api" / "schema.graphql"
FEED_SCHEMA = Path(__file__).parents[1] / "api" / "feeds" / "feed.schema.json"


def test_schema_sql_is_what_the_migrations_make(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        if connection.info.server_version // 10_000 != 18:
            pytest.skip("dumps differ between major versions; the snapshot is of 18")
    kept = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    now = dump_schema(empty_database).splitlines()
    difference = "\n".join(difflib.unified_diff(kept, now, "db/schema.sql", "the migrations", lineterm="", n=1))
    assert not difference, f"Run `make schema` and commit db/schema.sql:\n{difference}"


def test_schema_graphql_is_what_the_code_says() -> None:
    kept = SDL.read_text(encoding="utf-8").splitlines()
    now = schema.as_str().splitlines()
    difference = "\n".join(difflib.unified_diff(kept, now, "api/schema.graphql", "the code", lineterm="", n=1))
    assert not difference, f"Run `make schema` and commit api/schema.graphql:\n{difference}"


def test_the_json_schema_of_feeds_is_what_the_model_says() -> None:
    kept = FEED_SCHEMA.read_text(encoding="utf-8").splitlines()
    now = schema_text().splitlines()
    difference = "\n".join(difflib.unified_diff(kept, now, "api/feeds/feed.schema.json", "the code", lineterm="", n=1))
    assert not difference, f"Run `make schema` and commit api/feeds/feed.schema.json:\n{difference}"


def test_every_mutation_needs_a_signed_in_viewer_except_these() -> None:
    """The exceptions are written out, so that a permission cannot go unseen together with its line in the SDL."""
    types = [node for node in parse(schema.as_str()).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    fields = {f"{kind.name.value}.{field.name.value}": field for kind in types for field in kind.fields or ()}
    guarded = {
        name
        for name, field in fields.items()
        if "isAuthenticated" in [directive.name.value for directive in field.directives or ()]
    }
    mutations = {name for name in fields if name.startswith("Mutation.")}
    assert mutations - guarded == {
        "Mutation.login",
        "Mutation.register",
        "Mutation.requestPasswordReset",
        "Mutation.resetPassword",
        "Mutation.verifyEmail",
    }
    assert guarded - mutations == {
        "Query.homeFeed",
        "Query.previewFeed",
        "Query.explainPost",
        "Subscription.messageAdded",
        "Subscription.notificationAdded",
    }
