"""`GET /media/f/…`: a file under an address that was signed for whoever may see what it belongs to."""

import os
import stat
from http import HTTPStatus

from anyio import to_thread
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from api.http.access_log import note_codes
from api.http.cors import Origins
from api.http.requests import Header, Headers, RequestError
from api.http.responses import PresentErrors, ResponseWriter
from api.media.addresses import WINDOW_SECONDS, Addresses
from api.media.formats.kinds import ENDINGS
from api.media.ranges import NoSuchRangeError, satisfiable
from api.media.store import FILES, Store

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": f"private, max-age={WINDOW_SECONDS}, immutable",
}


class Files:
    """The endpoint."""

    def __init__(self, store: Store, addresses: Addresses, origins: Origins, present_errors: PresentErrors) -> None:
        self._store = store
        self._addresses = addresses
        self._origins = origins
        self._present = present_errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        origin = self._origins.headers(headers)
        try:
            response, asked = await self._response(scope, headers)
        except RequestError as error:
            writer = ResponseWriter(headers.get(b"accept"), headers.get(b"x-request-id"), self._present, origin)
            refusal = writer.refused(error)
            note_codes(scope, writer.codes)
            await writer.send(refusal, send)
            return
        response.raw_headers += origin
        kept = [(name, value) for name, value in scope["headers"] if name not in {b"range", b"if-range"}]
        await response({**scope, "headers": [*kept, *asked]}, receive, send)

    async def _response(self, scope: Scope, headers: Headers) -> tuple[Response, list[Header]]:
        """And the headers by which the response knows which part of the file is asked for."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise RequestError(405, "A file is read by GET.", (b"allow", b"GET, HEAD"))
        name: str = scope["path_params"]["name"]
        if not self._addresses.opens(name, scope["query_string"].decode("latin-1")):
            raise RequestError(403, "This address is not valid, or not any more.", code="FORBIDDEN")
        folder, _, file = name.rpartition("/")
        path = self._store.path(f"{FILES}/{folder}") / file
        try:
            found = await to_thread.run_sync(os.stat, path)
        except (FileNotFoundError, NotADirectoryError):
            raise RequestError(404, "There is no such file any more.", code="NOT_FOUND") from None
        if not stat.S_ISREG(found.st_mode):
            raise RequestError(404, "There is no such file any more.", code="NOT_FOUND")
        # What lies under a key is never changed, so its name says which bytes they are.
        etag = f'"{folder.replace("/", "")}-{file}"'
        if etag.encode() in headers.get(b"if-none-match", b""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_HEADERS | {"ETag": etag}), []
        named = {"ETag": etag, "Content-Disposition": f'inline; filename="{folder[-12:]}-{file}"'}
        media_type = ENDINGS[file.rpartition(".")[2]]
        response = FileResponse(path, stat_result=found, media_type=media_type, headers=_HEADERS | named)
        return response, _range(headers, etag, found.st_size)


def _range(headers: Headers, etag: str, size: int) -> list[Header]:
    given = headers.get(b"range")
    # Part of another file than the client has is of no use to it. A file has an ETag that says exactly which it is.
    if given is None or headers.get(b"if-range", etag.encode()) != etag.encode():
        return []
    try:
        asked = satisfiable(given.decode("latin-1"), size)
    except NoSuchRangeError:
        message = f"The file has {size} bytes: there is no such part."
        raise RequestError(416, message, (b"content-range", b"bytes */%d" % size)) from None
    return [] if asked is None else [(b"range", asked.encode())]
