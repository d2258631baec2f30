"""GraphiQL's page and files, the page without them, and a build that cannot do harm."""

import fcntl
import os
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from api.http.graphiql import Assets, page
from api.http.graphiql_bundle import SOURCE, build, can_build
from tests.embedded.processes import wait_for_end

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>VRSS</title>")
    (tmp_path / "assets" / "main.js").write_text("start()")
    return tmp_path


def client(bundle: Path, demo_people: tuple[str, ...] = ()) -> httpx.AsyncClient:
    def explorer(_: Request) -> Response:
        return page(bundle, demo_people)

    app = Starlette(routes=[Route("/graphql", explorer), Mount("/graphql/assets", Assets(bundle))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vrss.test")


async def test_the_page_and_its_files_may_load_nothing_from_elsewhere(bundle: Path) -> None:
    async with client(bundle) as browser:
        shown = await browser.get("/graphql")
        script = await browser.get("/graphql/assets/main.js")
    assert (shown.status_code, shown.text) == (200, "<title>VRSS</title>")
    assert (script.status_code, script.text) == (200, "start()")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    for answer in (shown, script):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_files_are_sent_again_only_when_they_changed(bundle: Path) -> None:
    async with client(bundle) as browser:
        first = await browser.get("/graphql/assets/main.js")
        again = await browser.get("/graphql/assets/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


async def test_nothing_outside_the_bundle_is_served(bundle: Path) -> None:
    (bundle / "secret.txt").write_text("secret")
    async with client(bundle) as browser:
        answers = [
            await browser.get(f"/graphql/assets/{path}") for path in ("%2e%2e/secret.txt", "..%2fsecret.txt", "")
        ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_without_a_bundle_a_page_says_what_is_missing(tmp_path: Path) -> None:
    async with client(tmp_path) as browser:
        shown = await browser.get("/graphql")
        script = await browser.get("/graphql/assets/main.js")
        (tmp_path / "index.html").write_text("built meanwhile")
        later = await browser.get("/graphql")
    assert shown.status_code == 200
    assert "<h1>GraphiQL is missing</h1>" in shown.text
    assert "install Node.js 20 or newer with npm" in shown.text
    assert shown.headers["content-security-policy"] == POLICY
    assert script.status_code == 404
    assert later.text == "built meanwhile"


async def test_the_page_names_demo_people_only_where_they_are_given(bundle: Path) -> None:
    source = (SOURCE / "src" / "index.html").read_text()
    (bundle / "index.html").write_text(source)
    async with client(bundle) as browser:
        assert (await browser.get("/graphql")).text == source
    async with client(bundle, ("ada", "ben")) as browser:
        shown = await browser.get("/graphql")
    assert shown.text == source.replace('"demo-people" content=""', '"demo-people" content="ada ben"') != source
    assert shown.headers["content-security-policy"] == POLICY


def test_the_page_s_source_names_no_other_host() -> None:
    for file in SOURCE.glob("src/*"):
        assert not re.search(r"https?://|//\w", re.sub(r"^\s*//.*", "", file.read_text(), flags=re.MULTILINE)), file


def npm(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A source folder, with an npm on the path that does as the script says."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    source = folder / "graphiql"
    source.mkdir()
    (source / "package.json").touch()
    return source


def test_npm_builds_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = npm(tmp_path, monkeypatch, 'echo "$1" >> log; mkdir -p dist; touch dist/index.html')
    assert can_build(source)
    assert build(source)
    assert (source / "log").read_text().split() == ["ci", "run"]
    assert not can_build(source)


@pytest.mark.parametrize("changed", ["graphiql/src/main.jsx", "graphiql/build.mjs", "docs/examples/feeds.graphql"])
def test_npm_builds_again_what_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    source = npm(tmp_path, monkeypatch, "mkdir -p dist; touch dist/index.html")
    part = tmp_path / changed
    part.parent.mkdir(parents=True, exist_ok=True)
    part.touch()
    assert build(source)
    assert not can_build(source)
    later = (source / "dist" / "index.html").stat().st_mtime_ns + 1
    os.utime(part, ns=(later, later))
    assert can_build(source)
    assert build(source)
    assert not can_build(source)


def test_packages_are_installed_only_when_others_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = npm(tmp_path, monkeypatch, 'echo "$1" >> log; mkdir -p dist node_modules; touch dist/index.html')
    wanted, there = source / "package-lock.json", source / "node_modules" / ".package-lock.json"
    there.parent.mkdir()
    for file in (wanted, there):
        file.touch()
    os.utime(wanted, (1, 1))
    assert build(source)
    os.utime(there, (1, 1))
    assert build(source)
    assert (source / "log").read_text().split() == ["run", "ci", "run"]


def test_an_npm_that_fails_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not build(npm(tmp_path, monkeypatch, "echo broken; echo broken >&2; exit 1"))
    assert capfd.readouterr() == ("", "")


def test_an_npm_that_hangs_is_stopped_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = npm(tmp_path, monkeypatch, "sleep 600 & echo $! > child; sleep 600")
    assert not build(source, patience=1)
    wait_for_end(int((source / "child").read_text()))


def test_two_builds_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = npm(tmp_path, monkeypatch, 'echo "$1" >> log')
    with (source / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        assert not build(source)
    assert not (source / "log").exists()


def test_without_npm_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = npm(tmp_path, monkeypatch, "exit 0")
    monkeypatch.setenv("PATH", "/nowhere")
    assert not can_build(source)
