"""What pages name is there: the files that they link to, the paths, the commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PAGES = sorted(
    str(page.relative_to(PROJECT))
    for pattern in ("*.md", "docs/**/*.md", "bench/*.md", "db/**/*.md")
    for page in PROJECT.glob(pattern)
)
# Decisions and the change log are of their time; all other pages are of today.
OF_TODAY = [page for page in PAGES if not page.startswith(("docs/adr/0", "CHANGELOG"))]
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
FOLDERS = "api|bench|db|docs|graphiql|tests"


def _read(page: str) -> str:
    return (PROJECT / page).read_text("utf-8")


def _paths(text: str) -> Iterator[str]:
    """Those in code, without those that are installed and those that stand for many: {noun}.py, NNNN_what.up.sql."""
    for code in re.findall(r"`([^`\n]+)`", text):
        for path in re.findall(rf"(?<![\w/.])(?:{FOLDERS})/[\w./{{}}*-]*", code):
            if not re.search(r"[{}*]|NNNN|node_modules", path):
                yield path.rstrip(".")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", _read(page))
    local = [link for link in links if not link.startswith(("http:", "https:"))]
    assert [link for link in local if not (PROJECT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", OF_TODAY)
def test_paths_that_a_page_names_exist(page: str) -> None:
    assert [path for path in _paths(_read(page)) if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("page", OF_TODAY)
def test_commands_that_a_page_names_are_those_of_the_makefile(page: str) -> None:
    named = set(re.findall(r"(?:`|^ *(?:[A-Z_]+=\S+ )*)make ([a-z-]+)", _read(page), re.MULTILINE))
    assert named <= TARGETS
