"""Where a post has its page on the web site."""

from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api, api_over

POST = "query ($id: ID!) { post(id: $id) { url } }"
SHARE = "mutation ($id: ID!) { sharePost(input: {postId: $id}) { url post { url } userErrors { code } } }"


@pytest.mark.parametrize("site", [None, "https://vrss.example", "http://localhost:3000/app"])
async def test_a_post_and_its_share_have_one_url_where_there_is_a_site(empty_database: str, site: str | None) -> None:
    given: dict[str, Any] = {} if site is None else {"app_url": site}
    async with api_over(empty_database, settings=given) as api:
        ada, ben, *_ = api.factory.cast()
        id_ = encode("Post", api.factory.post(ada))
        url = None if site is None else f"{site}/posts/{id_}"
        assert await api.run(POST, id=id_) == {"post": {"url": url}}
        shared = await api.run(SHARE, viewer=ben, id=id_)
        assert shared == {"sharePost": {"url": url, "post": {"url": url}, "userErrors": []}}
        hidden = encode("Post", api.factory.post(ada, status="draft"))
        refused = await api.run(SHARE, viewer=ben, id=hidden)
        assert refused == {"sharePost": {"url": None, "post": None, "userErrors": [{"code": "NOT_FOUND"}]}}


async def test_without_a_site_there_is_no_url(api: Api) -> None:
    ada, *_ = api.factory.cast()
    assert await api.run(POST, id=encode("Post", api.factory.post(ada))) == {"post": {"url": None}}
