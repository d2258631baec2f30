"""Addresses of feeds for readers: how they are made, and read."""

from typing import Any

import httpx

from tests.api.conftest import Api
from tests.api.own_feeds import ERRORS

CREATE = f"""mutation ($input: CreateFeedUrlsInput!) {{ createFeedUrls(input: $input) {{
  feed {{ id hasFeedUrls }} atomUrl jsonFeedUrl viewer {{ id }} {ERRORS} }} }}"""
REVOKE = f"""mutation ($input: RevokeFeedUrlsInput!) {{ revokeFeedUrls(input: $input) {{
  feed {{ id hasFeedUrls }} {ERRORS} }} }}"""
NAMES = {"a": "http://www.w3.org/2005/Atom"}


async def addresses(api: Api, viewer: int, feed: str) -> dict[str, Any]:
    return (await api.run(CREATE, viewer=viewer, input={"feedId": feed}))["createFeedUrls"]


async def read(api: Api, url: str, **headers: str) -> httpx.Response:
    return await api.client.get(url, headers=headers)


async def titles(api: Api, url: str) -> list[str]:
    return [item["title"] for item in (await read(api, url)).json()["items"]]


def address_of(kind: str, token: str) -> str:
    return f"http://vrss.test/feeds/{kind}?token={token}"
