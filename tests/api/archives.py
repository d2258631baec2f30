"""Archives, fetched as a client would."""

import io
import json
import zipfile
from typing import Any

import httpx

from tests.api.conftest import Api


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        counts = json.loads(file.read("contents.json"))["counts"]
        found = {name: [json.loads(line) for line in file.read(f"{name}.jsonl").splitlines()] for name in counts}
        assert {name: len(rows) for name, rows in found.items()} == counts
        assert set(file.namelist()) == {"README.txt", "contents.json", *(f"{name}.jsonl" for name in counts)}
        return found


async def fetch(api: Api, user: int | None, **headers: str) -> httpx.Response:
    given = dict(headers)
    if user is not None:
        given["authorization"] = f"Bearer {api.factory.session(user)}"
    return await api.client.get("/export", headers=given)
