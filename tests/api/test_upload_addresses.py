"""The address that takes the bytes of an upload: one file, whole, once, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from graphql import GraphQLError, GraphQLFormattedError
from starlette.types import Message, Scope

from api.http.cors import Origins
from api.media import receiving
from api.media.addresses import UPLOAD_PATH, Addresses
from api.media.receiving import Uploads
from api.media.store import Store, new_key
from tests.api.conftest import Api
from tests.api.uploading import announced, complete, put
from tests.media.samples import SAMPLES

PNG = SAMPLES["image/png"]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_bytes_are_taken_once_also_when_many_send_them_at_once(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    answers = [await asyncio.gather(*(put(api, upload, PNG) for _ in range(4)))]
    assert sorted(answer.status_code for answer in answers[0]) == [200, 412, 412, 412]
    assert refusal(await put(api, upload, PNG[::-1])) == (412, "CONFLICT")
    assert (await complete(api, ada, upload))["media"]["sizeBytes"] == str(len(PNG))


async def test_other_bytes_than_were_announced_are_refused(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    assert refusal(await put(api, upload, PNG + b"x")) == (403, "FORBIDDEN")
    assert refusal(await put(api, upload, PNG[:-1])) == (403, "FORBIDDEN")
    assert refusal(await put(api, upload, PNG, **{"Content-Type": "image/gif"})) == (403, "FORBIDDEN")

    part = await put(api, upload, PNG, **{"Content-Range": f"bytes 0-{len(PNG) - 1}/{2 * len(PNG)}"})
    assert refusal(part) == (400, "BAD_USER_INPUT")

    async def pieces() -> AsyncIterator[bytes]:
        yield PNG

    chunked = await api.client.put(upload["url"], content=pieces(), headers={"Content-Type": "image/png"})
    assert refusal(chunked) == (411, "BAD_USER_INPUT")
    changed = {**upload, "url": upload["url"].replace(f"l={len(PNG)}", f"l={len(PNG) + 1}")}
    assert refusal(await put(api, changed, PNG + b"x")) == (403, "FORBIDDEN")
    get = await api.client.get(upload["url"])
    assert (get.status_code, get.headers["allow"]) == (405, "PUT")
    assert [error["code"] for error in (await complete(api, ada, upload))["userErrors"]] == ["UPLOAD_INCOMPLETE"]
    assert (await put(api, upload, PNG)).status_code == 200


def present(_: Sequence[GraphQLError], __: str) -> list[GraphQLFormattedError]:
    return []


class Sender:
    """A client that sends pieces of a body one by one, and sees the status of its answer."""

    def __init__(self, tmp_path: Path, size: int, **bounds: float) -> None:
        self.store = Store(tmp_path)
        self.addresses = Addresses(lambda: [self.store.secret()])
        self.root = tmp_path
        self.size = size
        self.uploads = Uploads(self.store, self.addresses, Origins(()), present, **bounds)  # pyright: ignore[reportArgumentType]

    def scope(self, key: str, user: int = 1) -> Scope:
        path = self.addresses.of_upload(key, self.size, "image/png", int(self.addresses.now()) + 900, user)
        name, _, query = path.partition("?")
        headers = [(b"content-type", b"image/png"), (b"content-length", b"%d" % self.size)]
        return {
            "type": "http",
            "client": (f"10.0.0.{user // 4}", 1),
            "method": "PUT",
            "path": name,
            "headers": headers,
            "query_string": query.encode(),
            "path_params": {"key": name.removeprefix(UPLOAD_PATH)},
        }

    async def send(self, scope: Scope, *pieces: Message | None) -> int | None:
        """The status; a piece that is None is waited for in vain."""
        status, waiting = list[int](), iter(pieces)

        async def receive() -> Message:
            piece = next(waiting, None)
            if piece is None:
                await asyncio.Event().wait()
            assert piece is not None
            return piece

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        await self.uploads(scope, receive, send)
        return status[0] if status else None

    @property
    def parts(self) -> list[str]:
        return [path.name for path in (self.root / "part").glob("*")]


def piece(data: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


async def until_parts(sender: Sender, count: int) -> None:
    """Until so many files are on their way, in threads of which nobody says when they are."""
    while len(sender.parts) < count:  # noqa: ASYNC110  # as above
        await asyncio.sleep(0.001)


LEFT: Message = {"type": "http.disconnect"}


async def test_what_does_not_come_whole_leaves_nothing_and_may_be_sent_again(tmp_path: Path) -> None:
    sender, key = Sender(tmp_path, 6, idle_seconds=0.05), new_key("in")
    assert await sender.send(sender.scope(key), piece(b"abc"), LEFT) is None
    assert await sender.send(sender.scope(key), piece(b"abc", more=False)) == 400
    assert await sender.send(sender.scope(key), piece(b"abc"), piece(b"abcd")) == 400
    assert await sender.send(sender.scope(key), piece(b"abc"), None) == 408
    assert (sender.parts, sender.store.size(key)) == ([], None)
    assert await sender.send(sender.scope(key), piece(b"abc"), piece(b"def", more=False)) == 200
    assert (sender.parts, sender.store.path(key).read_bytes()) == ([], b"abcdef")


async def test_whoever_sends_too_slowly_is_cut_off(tmp_path: Path) -> None:
    sender, key = Sender(tmp_path, 6, grace_seconds=-10), new_key("in")
    assert await sender.send(sender.scope(key), piece(b"abc"), piece(b"def", more=False)) == 408
    assert sender.parts == []


async def test_an_account_sends_four_files_at_a_time_and_an_address_sixteen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "AT_ONCE", 32)
    sender = Sender(tmp_path, 6)

    def silent(user: int) -> list[asyncio.Task[int | None]]:
        """Four files of a person, of which four have one address."""
        given = [sender.send(sender.scope(new_key("in"), user), piece(b"abc"), None) for _ in range(4)]
        return [asyncio.create_task(one) for one in given]

    under_way = silent(4)
    await until_parts(sender, 4)
    assert await sender.send(sender.scope(new_key("in"), 4)) == 429
    for user in (5, 6, 7):
        under_way += silent(user)
    await until_parts(sender, 16)
    other = sender.scope(new_key("in"), 8)
    other["client"] = ("10.0.0.1", 2)
    assert await sender.send(other) == 429
    for user in (8, 9, 10, 11):
        under_way += silent(user)
    await until_parts(sender, receiving.AT_ONCE)
    assert await sender.send(sender.scope(new_key("in"), 12)) == 503
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    assert sender.parts == []
    assert await sender.send(sender.scope(new_key("in"), 4), piece(b"abcdef", more=False)) == 200


async def test_a_full_disk_is_no_fault_of_the_client(tmp_path: Path) -> None:
    sender, key = Sender(tmp_path, 6), new_key("in")
    sender.store.secret()
    (tmp_path / "in").write_text("a file in the place of the folder")
    assert await sender.send(sender.scope(key), piece(b"abcdef", more=False)) == 503
    assert sender.parts == []


async def test_pages_of_other_sites_may_send_bytes_where_they_are_allowed(api: Api) -> None:
    ada = api.factory.user("ada")
    upload = await announced(api, ada, "image/png", len(PNG))
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    assert (await api.client.options(upload["url"], headers=asked)).status_code == 405
