"""JPEG: segments are kept that a decoder needs, and the profile of its colours."""

import struct
from typing import BinaryIO

from api.media.formats import tiff
from api.media.formats.stream import Facts, damaged, read

_START_OF_SCAN, _END = 0xDA, 0xD9
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LONE = frozenset((0x00, 0x01, *range(0xD0, 0xD9)))  # markers without a length, which have no place between segments
_RESTARTS = range(0xD0, 0xD8)
_JFIF_BYTES, _ADOBE_BYTES = 14, 12
_PIECE = 1 << 16


def clean(file: BinaryIO, out: BinaryIO) -> Facts:
    out.write(read(file, 2))
    way, size, has_scan = tiff.UPRIGHT, None, False
    while (marker := _marker(file)) != _END:
        if marker in _LONE:
            raise damaged("a marker stands where none may")
        (length,) = struct.unpack(">H", read(file, 2))
        if length < 2:  # noqa: PLR2004  # its own bytes
            raise damaged("a segment is shorter than its length")
        body = read(file, length - 2)
        way = tiff.orientation(body[6:]) if marker == _APP1 and body.startswith(b"Exif\0\0") else way
        if marker in _FRAMES:
            size = _size(body)
        if marker == _START_OF_SCAN and not has_scan and way != tiff.UPRIGHT:
            _write(out, _APP1, b"Exif\0\0" + tiff.block(way))
        if _is_kept(marker, body):
            _write(out, marker, body)
        if marker == _START_OF_SCAN:
            has_scan = True
            _copy_scan(file, out)
    out.write(b"\xff\xd9")
    if size is None or not has_scan:
        raise damaged("it has no picture")
    width, height = tiff.turned(*size, way)
    return Facts(width, height)


def _marker(file: BinaryIO) -> int:
    if read(file, 1) != b"\xff":
        raise damaged("there is no marker where one must be")
    while (marker := read(file, 1)[0]) == 0xFF:  # noqa: PLR2004  # fill bytes
        pass
    return marker


def _size(body: bytes) -> tuple[int, int]:
    try:
        height, width = struct.unpack_from(">HH", body, 1)
    except struct.error:
        raise damaged("the head of the picture is too short") from None
    if not width or not height:
        raise damaged("it has no size")
    return width, height


def _is_kept(marker: int, body: bytes) -> bool:
    if marker == _APP2:
        return body.startswith(b"ICC_PROFILE\0")
    if marker == _APP0:
        return len(body) == _JFIF_BYTES and body.startswith(b"JFIF\0") and body.endswith(b"\0\0")  # without a thumbnail
    if marker == _APP14:
        return len(body) == _ADOBE_BYTES and body.startswith(b"Adobe")
    return not _APP0 <= marker <= _COMMENT


def _write(out: BinaryIO, marker: int, body: bytes) -> None:
    out.write(b"\xff" + bytes((marker,)) + struct.pack(">H", len(body) + 2) + body)


def _copy_scan(file: BinaryIO, out: BinaryIO) -> None:
    """The coded data up to the next real marker, which is left to be read."""
    tail = b""
    while True:
        data = tail + file.read(_PIECE)
        if len(data) == len(tail):
            raise damaged("it ends too early")
        at = 0
        while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
            after = data[at + 1]
            if after == 0 or after in _RESTARTS:
                at += 2
            elif after == 0xFF:  # noqa: PLR2004  # a fill byte
                at += 1
            else:
                out.write(data[:at])
                file.seek(at - len(data), 1)
                return
        cut = at if at >= 0 else len(data)
        out.write(data[:cut])
        tail = data[cut:]
