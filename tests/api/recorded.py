"""Answers that are committed, and compared with what the API answers now."""

import json
import os
from pathlib import Path


def assert_recorded(path: Path, found: object) -> None:
    """That the file holds this value; `make contracts` writes it."""
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("VRSS_RECORD_CONTRACTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    recorded = path.read_text(encoding="utf-8") if path.exists() else None
    assert text == recorded, "Run `make contracts` and read the difference."
