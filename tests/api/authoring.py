"""Posts as tests write and change them."""

from typing import Any

from api.gql.ids import encode
from tests.api.conftest import Api

ERRORS = "userErrors { __typename code field message }"
CREATE = f"""mutation ($input: CreatePostInput!) {{ createPost(input: $input) {{
  post {{ id type status content contentHtml language isLanguageDetected tags publishedAt scheduledFor thumbnailUrl
    media {{ id }} mentions {{ username }} }}
  postEdge {{ node {{ id }} }} draftEdge {{ cursor node {{ id }} }} user {{ postsCount }} {ERRORS} }} }}"""
UPDATE = f"""mutation ($input: UpdatePostInput!) {{ updatePost(input: $input) {{
  post {{ type title content contentHtml language isLanguageDetected visibility tags editedAt
    media {{ id }} mentions {{ username }}
    revisions {{ nodes {{ title content tags replacedAt media {{ id }} }} }} }}
  draftEdge {{ cursor }} {ERRORS} }} }}"""


async def create(api: Api, viewer: int, **given: object) -> dict[str, Any]:
    return (await api.run(CREATE, viewer=viewer, input=given))["createPost"]


async def update(api: Api, viewer: int, post: int, **given: object) -> dict[str, Any]:
    return (await api.run(UPDATE, viewer=viewer, input={"postId": encode("Post", post), **given}))["updatePost"]


def codes(payload: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["code"], ".".join(error["field"][1:])) for error in payload["userErrors"]]


def media_ids(*keys: int) -> list[str]:
    return [encode("Media", key) for key in keys]


def nothing_written(api: Api) -> bool:
    return api.factory.scalar("SELECT count(*) FROM posts") == 0


def state(api: Api, post: int) -> tuple[str, str | None]:
    query = "SELECT (status, status_before_delete)::text FROM posts WHERE id = %s"
    status, before = api.factory.scalar(query, post).strip("()").split(",")
    return status, before or None


def scheduled(api: Api, author: int, interval: str = "1 day") -> int:
    at = api.factory.scalar("SELECT now() + %s::interval", interval)
    return api.factory.post(author, status="scheduled", scheduled_for=at)


def posts_count(api: Api, user: int) -> int:
    return api.factory.scalar("SELECT posts_count FROM app.user_counts WHERE user_id = %s", user)
