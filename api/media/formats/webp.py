"""WebP: pictures, transparency, frames and the profile of its colours."""

import struct
from typing import BinaryIO

from api.media.formats import tiff
from api.media.formats.stream import Facts, copy, damaged, read, skip

_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_PICTURES = frozenset((b"VP8 ", b"VP8L", b"ANMF"))
_OF_A_FRAME = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_FRAME_HEAD = 16
_HEAD = 10  # of a chunk: enough to read the size of its picture
_HAS_EXIF, _MAY_STAY = 0x08, 0x32  # flags of VP8X: animation, transparency and the profile


def clean(file: BinaryIO, out: BinaryIO) -> Facts:
    head = read(file, 12)
    left = struct.unpack_from("<I", head, 4)[0] - 4
    out.write(head)
    total, way, frames, size, flags_at, flags = 4, tiff.UPRIGHT, 0, None, 0, 0
    while left >= 8:  # noqa: PLR2004  # the head of a chunk
        begin = read(file, 8)
        kind, length = struct.unpack("<4sI", begin)
        padded = length + (length & 1)
        left -= 8 + padded
        if left < -1:
            raise damaged("a chunk is longer than the file")
        if kind == b"EXIF" and length < 1 << 20:
            exif = read(file, length)
            file.read(length & 1)
            way = tiff.orientation(exif.removeprefix(b"Exif\0\0"))
            continue
        if kind not in _KEPT:
            skip(file, length)
            file.read(length & 1)
            continue
        body = read(file, min(length, _HEAD))
        if kind == b"VP8X" and body:
            flags_at, flags = out.tell() + 8, body[0]
        size = size or _size(kind, body)
        frames += kind in _PICTURES
        total += (_frame if kind == b"ANMF" else _whole)(file, out, begin + body, length)
    if size is None or not frames:
        raise damaged("it has no picture")
    if way != tiff.UPRIGHT and flags_at:
        exif = tiff.block(way)
        out.write(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
        total += 8 + len(exif)
    else:
        way = tiff.UPRIGHT
    out.seek(4)
    out.write(struct.pack("<I", total))
    if flags_at:
        out.seek(flags_at)
        out.write(bytes((flags & _MAY_STAY | (_HAS_EXIF if way != tiff.UPRIGHT else 0),)))
    out.seek(0, 2)
    return Facts(*tiff.turned(*size, way), frames)


def _whole(file: BinaryIO, out: BinaryIO, begun: bytes, length: int) -> int:
    """Copy a chunk, of which this was read; how many bytes it takes."""
    out.write(begun)
    copy(file, out, length + 8 - len(begun))
    if length & 1:
        file.read(1)
        out.write(b"\0")
    return 8 + length + (length & 1)


def _frame(file: BinaryIO, out: BinaryIO, begun: bytes, length: int) -> int:
    """As `_whole`, of a frame of an animation, and nothing in it but its picture."""
    at, left = out.tell(), length - _FRAME_HEAD
    if left < 0:
        raise damaged("the head of a frame is too short")
    out.write(begun + read(file, 8 + _FRAME_HEAD - len(begun)))
    while left >= 8:  # noqa: PLR2004  # the head of a chunk
        begin = read(file, 8)
        kind, inner = struct.unpack("<4sI", begin)
        padded = inner + (inner & 1)
        left -= 8 + padded
        if left < 0:
            raise damaged("a chunk is longer than the frame that it lies in")
        if kind in _OF_A_FRAME:
            out.write(begin)
            copy(file, out, padded)
        else:
            skip(file, padded)
    skip(file, left + (length & 1))
    end = out.tell()
    out.seek(at + 4)
    out.write(struct.pack("<I", end - at - 8))
    out.seek(end)
    return end - at


def _size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    """The width and the height, by the first chunk that says them."""
    if len(body) < _HEAD and kind != b"VP8L":
        return None
    if kind == b"VP8X":
        return _three(body, 4) + 1, _three(body, 7) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return (width & 0x3FFF, height & 0x3FFF) if width & 0x3FFF and height & 0x3FFF else None
    if kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:  # noqa: PLR2004  # the signature and 28 bits
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _three(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 3], "little")
