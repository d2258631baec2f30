"""Words that no description, page, docstring or name may use: each is private to us, and has a plain one in its place.

`python -m tests.prose` is a part of `make lint`. ARCHITECTURE names the rule: a name that has to be explained is wrong.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/how-it-works/*.md", "api/schema.graphql")
CODE = ("api", "db", "tests")
PRIVATE = {
    r"(a|an|another|the|these|no|many) letters?": "e-mail",
    r"letters? (that|to|of (the|a)|asks?|leaves?|waits?|goes)": "e-mail",
    r"mend(s|ed|ing)?": "correct, or fix",
    r"(tells?|told)": "say, report or notify",
    r"hears?": "receive, or be notified",
    r"(who(ever)?|the one who) asks": "the signed-in user, or the caller",
    r"(heed|hush|farewell)s?": "a word that everybody knows",
}
# In the names of modules, classes and functions, word by word.
PRIVATE_NAMES = {
    **dict.fromkeys(("letter", "letters", "letterbox"), "email, or character"),
    **dict.fromkeys(("mend", "mends", "mended"), "fix"),
    **dict.fromkeys(("tell", "tells", "told"), "report, notify or trace"),
    **dict.fromkeys(("hear", "hears", "heard"), "receive, or be notified"),
    **dict.fromkeys(("lend", "lends", "lent", "borrower"), "lease, and waiter"),
    **dict.fromkeys(("outbox", "errand"), "queue, and task"),
    **dict.fromkeys(("door", "meter", "eye", "heed", "hush", "farewell"), "what everybody calls it"),
}
LONGEST_TEST_NAME = 72

_PATTERNS = {re.compile(rf"\b{pattern}\b", re.IGNORECASE): better for pattern, better in PRIVATE.items()}
# Docstrings of api and db speak of the letters of the alphabet, too. The demo people have words of their own.
_OF_DOCSTRINGS = {pattern: better for pattern, better in _PATTERNS.items() if "letter" not in pattern.pattern}
_EXEMPT = ("db/seed/texts/",)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def complaints(text: str, where: str) -> Iterator[str]:
    """One line for each private word, with what to say instead."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, better in _PATTERNS.items():
            for found in pattern.finditer(line):
                yield f"{where}:{number}: say {better}, not {found[0]!r}"


def complaints_of_code(text: str, where: str) -> Iterator[str]:
    """The same for the names that a module defines and, but for tests, its docstrings."""
    yield from _complaints_of_name(Path(where).stem, f"{where}:1")
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _complaints_of_name(node.name, f"{where}:{node.lineno}")
            if node.name.startswith("test_") and len(node.name) > LONGEST_TEST_NAME:
                yield f"{where}:{node.lineno}: {node.name} is longer than {LONGEST_TEST_NAME} characters"
        elif not isinstance(node, ast.Module):
            continue
        line = 1 if isinstance(node, ast.Module) else node.lineno
        docstring = "" if where.startswith("tests/") else ast.get_docstring(node) or ""
        for pattern, better in _OF_DOCSTRINGS.items():
            for found in pattern.finditer(docstring):
                yield f"{where}:{line}: say {better}, not {found[0]!r}"


def _complaints_of_name(name: str, where: str) -> Iterator[str]:
    for word in _WORD.findall(name):
        if better := PRIVATE_NAMES.get(word.lower()):
            yield f"{where}: {name}: say {better}, not {word!r}"


def main() -> int:
    pages = sorted(page for pattern in PAGES for page in PROJECT.glob(pattern))
    found = [line for page in pages for line in complaints(page.read_text("utf-8"), str(page.relative_to(PROJECT)))]
    for module in sorted(path for folder in CODE for path in (PROJECT / folder).rglob("*.py")):
        where = module.relative_to(PROJECT).as_posix()
        if not where.startswith(_EXEMPT):
            found += complaints_of_code(module.read_text("utf-8"), where)
    print("\n".join(found), end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
