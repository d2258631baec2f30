"""Pictures that stand for files which were never uploaded: drawn from their name, the same for ever."""

import hashlib
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}-(\d{1,4})x(\d{1,4})\.svg")

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 100 100" \
preserveAspectRatio="xMidYMid slice">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue} 60% 55%)"/>\
<stop offset="1" stop-color="hsl({other} 65% 35%)"/></linearGradient></defs>
<rect width="100" height="100" fill="url(#g)"/>
<circle cx="{x}" cy="{y}" r="{r}" fill="hsl({other} 70% 75% / .55)"/>
<circle cx="{y}" cy="{x}" r="{q}" fill="hsl({hue} 80% 85% / .45)"/>
</svg>
"""


async def picture(request: Request) -> Response:
    """An SVG of the size that the name ends with."""
    name = request.path_params["name"]
    size = _NAME.fullmatch(name)
    if size is None:
        return PlainTextResponse("Not found", 404)
    digest = hashlib.sha256(f"{request.path_params['kind']}/{name}".encode()).digest()
    hue = digest[0] * 360 // 256
    svg = _PICTURE.format(
        width=size[1],
        height=size[2],
        hue=hue,
        other=(hue + 40 + digest[1] // 2) % 360,
        x=20 + digest[2] % 60,
        y=20 + digest[3] % 60,
        r=10 + digest[4] % 30,
        q=8 + digest[5] % 25,
    )
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(svg, media_type="image/svg+xml", headers=headers)
