"""Words that no description and no page may use: each is private to us, and has a plain one in its place.

`python -m tests.prose` is a part of `make lint`. ARCHITECTURE names the rule: a name that has to be explained is wrong.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/how-it-works/*.md", "api/schema.graphql")
PRIVATE = {
    r"(a|an|another|the|these|no|many) letters?": "e-mail",
    r"letters? (that|to|of (the|a)|asks?|leaves?|waits?|goes)": "e-mail",
    r"mend(s|ed|ing)?": "correct, or fix",
    r"(tells?|told)": "say, report or notify",
    r"hears?": "receive, or be notified",
    r"(who(ever)?|the one who) asks": "the signed-in user, or the caller",
    r"(heed|hush|farewell)s?": "a word that everybody knows",
}
_PATTERNS = {re.compile(rf"\b{pattern}\b", re.IGNORECASE): better for pattern, better in PRIVATE.items()}


def complaints(text: str, where: str) -> Iterator[str]:
    """One line for each private word, with what to say instead."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, better in _PATTERNS.items():
            for found in pattern.finditer(line):
                yield f"{where}:{number}: say {better}, not {found[0]!r}"


def main() -> int:
    pages = sorted(page for pattern in PAGES for page in PROJECT.glob(pattern))
    found = [line for page in pages for line in complaints(page.read_text("utf-8"), str(page.relative_to(PROJECT)))]
    print("\n".join(found), end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
