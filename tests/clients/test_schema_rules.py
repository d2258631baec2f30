"""The schema as the linter @graphql-eslint and the Relay compiler read it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.clients.conftest import HERE, PATIENCE
from tests.clients.page import PROJECT

SCHEMA = "api/schema.graphql"


def run(packages: Path, program: str, *words: str | Path, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = ["node", packages / program, *words]
    colourless = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=colourless, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def lint(packages: Path, schema: str) -> list[tuple[int, str, str]]:
    """What the linter finds: 2 for errors and 1 for warnings, the rule, and what it says."""
    done = run(packages, "eslint/bin/eslint.js", "--config", HERE / "eslint.config.mjs", "--format", "json", schema)
    assert done.stdout, done.stderr
    (file,) = json.loads(done.stdout)
    return [(message["severity"], message["ruleId"], message["message"]) for message in file["messages"]]


def test_the_schema_follows_the_rules_for_schemas_and_for_relay(packages: Path) -> None:
    username = 'Field "username" starts with the name of the parent type "User"'
    assert lint(packages, SCHEMA) == [(1, "@graphql-eslint/no-typename-prefix", username)]


def test_the_relay_compiler_takes_pages_refetches_and_new_entries(packages: Path, tmp_path: Path) -> None:
    shutil.copy(PROJECT / SCHEMA, tmp_path)
    shutil.copytree(HERE / "relay", tmp_path / "src")
    config = {"src": "src", "schema": "schema.graphql", "language": "javascript"}
    (tmp_path / "relay.config.json").write_text(json.dumps(config), "utf-8")
    done = run(packages, "relay-compiler/cli.js", "relay.config.json", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name.removesuffix(".graphql.js") for path in (tmp_path / "src" / "__generated__").iterdir()}
    refetched = {f"Profile{what}Query" for what in ("PostsPagination", "PostPagination", "NotificationsPagination")}
    mutations = {f"Profile{what}Mutation" for what in ("CreatePost", "BlockUser", "UnblockUser")}
    assert {"ProfilePageQuery", "ProfileSectionRefetchQuery", *refetched, *mutations} <= made
