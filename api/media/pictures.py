"""Decoding pictures, in the process that may be killed: every pixel of every frame, and smaller ones of the first.

libvips decodes by strips: a picture of 64 million pixels takes 80 MiB, and one that comes in several passes (interlaced
or progressive) 280.
"""

import os
from base64 import b64encode
from pathlib import Path
from typing import Any, NamedTuple

from thash import rgba_to_thumb_hash_pure

from api.media.formats.cleaning import require_decodable
from api.media.formats.stream import damaged
from api.media.thumbnails import name_of, sizes_of

os.environ["VIPS_CONCURRENCY"] = "1"  # read when libvips is loaded: each thread takes memory of its own
import pyvips

# JPEG reports data that end too early, or that no code fits, as warnings.
_LOADERS = {
    "image/jpeg": ("Jpeg", "warning"),
    "image/png": ("Png", "error"),
    "image/webp": ("Webp", "error"),
    "image/gif": ("Nsgif", "error"),
}
_PLACEHOLDER_SIDE = 64  # what the algorithm looks at: it keeps no more than 7 by 7 waves
_LIES_ON_ITS_SIDE = 5
_QUALITY, _EFFORT = 78, 2


class Picture(NamedTuple):
    """What decoding shows: pixels as they are shown, the smaller pictures, and a ThumbHash in Base64."""

    width: int
    height: int
    thumbnails: list[int]
    placeholder: str


def decode(mime_type: str, path: Path, folder: Path) -> Picture:
    """Read all of a picture and write the smaller ones. RefusedFileError: INVALID_FILE or TOO_MANY_PIXELS."""
    loader, fail_on = _LOADERS[mime_type]
    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    try:
        return _decode(str(path), folder, fail_on)
    except pyvips.Error as error:
        raise damaged(str(error)[:200]) from error


def _decode(path: str, folder: Path, fail_on: str) -> Picture:
    head: Any = pyvips.Image.new_from_file(path, access="sequential", fail_on=fail_on)
    frames = int(_known(head, "n-pages", 1))
    require_decodable(head.width * head.height, frames)
    if frames > 1:
        pyvips.Image.new_from_file(path, n=-1, access="sequential", fail_on=fail_on).avg()
    width, height = head.width, head.height
    if _known(head, "orientation", 1) >= _LIES_ON_ITS_SIDE:
        width, height = height, width
    sizes = sizes_of(width, height)
    # Turned as it is shown, and in colours that every screen knows, since the smaller ones have no profile.
    first: Any = pyvips.Image.thumbnail(
        path, sizes[-1], height=sizes[-1], size="down", fail_on=fail_on, output_profile="srgb"
    )
    largest = first.colourspace("srgb").cast("uchar").copy_memory()
    for size in sizes:
        # Written by Python, whose error for a full disk is not that of a file that does not decode.
        webp = _smaller(largest, size).webpsave_buffer(Q=_QUALITY, effort=_EFFORT, keep="none")
        (folder / name_of(size)).write_bytes(webp)
    return Picture(width, height, [int(size) for size in sizes], _placeholder(largest))


def _placeholder(picture: Any) -> str:
    small = _smaller(picture, _PLACEHOLDER_SIDE)
    coloured = small if small.hasalpha() else small.bandjoin(255)
    pixels = list(bytes(coloured.write_to_memory()))
    return b64encode(bytes(rgba_to_thumb_hash_pure(small.width, small.height, pixels))).decode()


def _smaller(picture: Any, side: int) -> Any:
    return picture.thumbnail_image(side, height=side, size="down")


def _known(head: Any, name: str, default: int) -> int:
    return head.get(name) if head.get_typeof(name) else default
