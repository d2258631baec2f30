"""What can be known of the image and of compose.yaml without a container engine."""

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import memory_path

PROJECT = Path(__file__).resolve().parents[1]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments left out."""
    text = re.sub(r"\\\n\s*", "", (PROJECT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def copied_sources() -> list[str]:
    return [
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from=")
        for source in rest.split()[:-1]
    ]


def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())


def test_every_source_is_in_the_repository_and_in_the_build_context() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    rules = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert copied_sources() == [
        *("graphiql/package.json", "graphiql/package-lock.json", "graphiql/.npmrc", "graphiql/build.mjs"),
        *(
            "graphiql/examples.mjs",
            "graphiql/src",
            "docs/examples",
            "requirements-build.lock",
            "requirements.lock",
            "pyproject.toml",
            "README.md",
            "api",
            "db",
        ),
    ]
    for source in copied_sources():
        assert re.search(rf"^{re.escape(source)}(/|$)", tracked, re.MULTILINE), f"{source} is not in the repository"
        assert f"!{source.split('/')[0]}" in rules
        assert not any(fnmatch.fnmatch(source, rule) for rule in rules if rule not in ("*", ""))


def test_every_stage_that_is_copied_from_exists() -> None:
    stages = {rest.split(" AS ")[1] for word, rest in instructions() if word == "FROM" and " AS " in rest}
    taken = {rest.split()[0] for word, rest in instructions() if word == "COPY" and rest.startswith("--from=")}
    assert taken == {f"--from={stage}" for stage in stages} == {"--from=graphiql", "--from=packages"}


def test_graphiql_is_built_where_it_finds_the_examples() -> None:
    """The build reads ../docs/examples, and the server ../graphiql/dist beside its own folder."""
    found = instructions()
    stage = dict(reversed(found[: next(index for index, one in enumerate(found[1:], 1) if one[0] == "FROM")]))
    assert stage["WORKDIR"] == "/build/graphiql"
    assert ("COPY", "docs/examples ../docs/examples") in found
    assert ("COPY", "--from=graphiql /build/graphiql/dist graphiql/dist") in last_stage()
    assert 'join(import.meta.dirname, "../docs/examples")' in (PROJECT / "graphiql" / "examples.mjs").read_text()


def test_the_image_serves_as_an_ordinary_user_on_all_addresses() -> None:
    stage = dict(last_stage())
    [created] = [rest for word, rest in last_stage() if word == "RUN" and rest.startswith("useradd")]
    assert stage["USER"] == shlex.split(created)[-1] == "vrss"
    assert int(shlex.split(created)[shlex.split(created).index("--uid") + 1]) > 0
    assert json.loads(stage["CMD"]) == ["vrss", "serve"]
    environment = dict(pair.split("=", 1) for pair in shlex.split(stage["ENV"]))
    assert (environment["VRSS_HOST"], environment["PORT"], stage["EXPOSE"]) == ("0.0.0.0", "8000", "8000")


def test_the_health_check_is_a_program_that_asks_healthz() -> None:
    [check] = [rest for word, rest in last_stage() if word == "HEALTHCHECK"]
    command = json.loads(check[check.index("CMD ") + 4 :])
    assert command[:2] == ["python", "-c"]
    assert "/healthz" in command[2]
    compile(command[2], "HEALTHCHECK", "exec")


def test_compose_migrates_before_it_serves() -> None:
    services = compose()["services"]
    assert services["database"]["image"] == "postgres:18"
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["migrate"]["command"] == ["vrss", "migrate"]
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["api"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["api"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    [volume] = services["database"]["volumes"]
    assert volume.split(":")[0] in compose()["volumes"]


def test_compose_holds_no_secret() -> None:
    given = "${POSTGRES_PASSWORD:?choose a password for the database}"
    services = compose()["services"]
    assert services["database"]["environment"]["POSTGRES_PASSWORD"] == given
    for name in ("migrate", "api"):
        assert services[name]["environment"] == {
            "DATABASE_URL": "postgresql://vrss@database:5432/vrss",
            "PGPASSWORD": given,
        }


def test_what_is_copied_is_enough_to_install_the_command() -> None:
    """The image's last install step, replayed on the copied files alone with the packages that are here."""
    [install] = [rest for word, rest in instructions() if word == "RUN" and "--editable" in rest]
    with memory_path() as context:
        context.mkdir()
        for source in copied_sources():
            target = context / source
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (PROJECT / source).is_dir() else shutil.copy
            copy(PROJECT / source, target)
        subprocess.run([sys.executable, "-m", "venv", context / "venv"], check=True)
        [packages] = (context / "venv").glob("lib/python*/site-packages")
        (packages / "here.pth").write_text(sysconfig.get_path("purelib"))
        command = install.replace("/venv/bin/pip", "venv/bin/python -m pip --quiet --disable-pip-version-check")
        subprocess.run(shlex.split(command), cwd=context, check=True)
        helped = subprocess.run(
            ["venv/bin/vrss", "--help"], cwd=context, check=True, capture_output=True, text=True
        ).stdout
    for name in ("run", "serve", "migrate", "seed", "db", "schema"):
        assert re.search(rf"\b{name}\b", helped)


@pytest.mark.parametrize(
    "file", ["graphiql/package-lock.json", *(f"requirements{name}.lock" for name in ("", "-build", "-dev"))]
)
def test_no_lock_file_names_a_registry(file: str) -> None:
    assert "http" not in re.sub(r"httptools|httpx|httpcore", "", (PROJECT / file).read_text())
