"""The generated truth is committed, so that a review sees every effect of a change."""

import difflib
from pathlib import Path

import psycopg
import pytest
from graphql import ObjectTypeDefinitionNode, parse

from api.schema import schema
from db.migrations.migrate import dump_schema

SNAPSHOT = Path(__file__).parents[1] / "db" / "schema.sql"
SDL = Path(__file__).parents[1] / "api" / "schema.graphql"


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


def test_what_needs_a_signed_in_viewer_says_so_in_the_sdl() -> None:
    """The list is written out, so that a permission cannot go unseen together with its line in the SDL."""
    types = [node for node in parse(schema.as_str()).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    guarded = [
        f"{kind.name.value}.{field.name.value}"
        for kind in types
        for field in kind.fields or ()
        if "isAuthenticated" in [directive.name.value for directive in field.directives or ()]
    ]
    assert sorted(guarded) == [
        "Mutation.addComment",
        "Mutation.blockUser",
        "Mutation.cancelAccountDeletion",
        "Mutation.changeEmail",
        "Mutation.changePassword",
        "Mutation.changeUsername",
        "Mutation.createPost",
        "Mutation.deleteAccount",
        "Mutation.deleteMedia",
        "Mutation.exportMyData",
        "Mutation.follow",
        "Mutation.likePost",
        "Mutation.logout",
        "Mutation.markNotificationsRead",
        "Mutation.muteUser",
        "Mutation.removeFollower",
        "Mutation.resendVerification",
        "Mutation.revokeOtherSessions",
        "Mutation.revokeSession",
        "Mutation.sendMessage",
        "Mutation.unblockUser",
        "Mutation.unfollow",
        "Mutation.unlikePost",
        "Mutation.unmuteUser",
        "Mutation.updateAccountSettings",
        "Mutation.updateBackground",
        "Mutation.updatePrivacy",
        "Query.homeFeed",
    ]
