"""`/schemas/feed.json`: the JSON Schema of the documents of `Feed.exportDocument` and `importFeed`."""

import json
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from db.documents.feed_export import feed_json_schema

SCHEMA_PATH = "/schemas/feed.json"


def schema_text() -> str:
    """The schema as it is served and kept."""
    return json.dumps(feed_json_schema(), indent=2) + "\n"


_TEXT = schema_text()
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=3600",
    "ETag": f'"{sha256(_TEXT.encode()).hexdigest()[:32]}"',
    "X-Content-Type-Options": "nosniff",
}


async def feed_schema(request: Request) -> Response:
    """The schema, which anybody may read from any site."""
    if request.headers.get("if-none-match") == _HEADERS["ETag"]:
        return Response(status_code=304, headers=_HEADERS)
    return Response(_TEXT, media_type="application/schema+json", headers=_HEADERS)
