"""Requests to the view, and what its refusals say."""

from typing import Any

import httpx


def refusal(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert list(body) == ["errors"]
    (error,) = body["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return response.status_code, error["extensions"]["code"]


async def post(client: httpx.AsyncClient, query: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    return await client.post("/", json={"query": query, **more}, headers=headers)
