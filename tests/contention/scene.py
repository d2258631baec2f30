"""A scene for requests that meet other sessions: Ada has a post, and Ben is about to like it."""

import asyncio
from dataclasses import dataclass

import httpx
import psycopg

from api.gql.ids import encode
from tests.api.conftest import Api
from tests.factories import Factory
from tests.waiting import until_blocked_by

LIKE = "mutation ($post: ID!) { likePost(input: {postId: $post}) { post { likesCount } userErrors { code field } } }"
LIKED: dict[str, object] = {"likePost": {"post": {"likesCount": 1}, "userErrors": []}}
POST = "query ($post: ID!) { post(id: $post) { id } }"
VIEWER = "{ viewer { username } }"
PATIENT = {"lock_timeout_ms": 60_000, "statement_timeout_ms": 60_000}
ONE_CONNECTION = {"pool_min_size": 1, "pool_max_size": 1}


@dataclass
class Scene:
    """Ada has a post, and Ben is about to like it."""

    url: str
    make: Factory
    ada: int
    ben: int
    post: int

    @property
    def post_id(self) -> str:
        return encode("Post", self.post)

    def like(self, api: Api) -> asyncio.Task[httpx.Response]:
        body = {"query": LIKE, "variables": {"post": self.post_id}}
        return asyncio.create_task(api.post(body, viewer=self.ben))

    def written(self) -> tuple[int, int, int]:
        """Likes, the count of them, and notifications."""
        return (
            self.make.scalar("SELECT count(*) FROM post_interactions"),
            self.make.scalar("SELECT likes_count FROM posts WHERE id = %s", self.post),
            self.make.scalar("SELECT count(*) FROM notifications"),
        )


NOTHING = (0, 0, 0)
ONCE = (1, 1, 1)


def hold(session: psycopg.Connection, scene: Scene) -> None:
    """Lock the post as no like can bear it."""
    session.execute("SELECT FROM posts WHERE id = %s FOR UPDATE", [scene.post])


async def met(session: psycopg.Connection) -> int:
    """The process that waits for this session, as soon as there is one."""
    return await asyncio.to_thread(until_blocked_by, session)


def refusal(response: httpx.Response) -> tuple[int, str, str | None]:
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], response.headers.get("retry-after")
