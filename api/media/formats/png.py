"""PNG: chunks are kept that make the picture, its colours and its frames."""

import struct
from typing import BinaryIO
from zlib import crc32

from api.media.formats import tiff
from api.media.formats.stream import Facts, copy, damaged, read, skip

_KEPT = frozenset(b"IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split())
_LONGEST = 1 << 30
_LONGEST_EXIF = 1 << 16
_CHECKSUM = 4
_ANCILLARY = 0x20
_FIRST = 13


def clean(file: BinaryIO, out: BinaryIO) -> Facts:  # noqa: C901  # one branch for each kind of chunk
    out.write(read(file, 8))
    length, kind = struct.unpack(">I4s", first := read(file, 8))
    if kind != b"IHDR" or length != _FIRST:
        raise damaged("it does not begin with its head")
    head = read(file, _FIRST)
    out.write(first + head + read(file, _CHECKSUM))
    width, height = struct.unpack_from(">II", head)
    frames, way, has_data = 1, tiff.UPRIGHT, False
    while True:
        length, kind = struct.unpack(">I4s", begin := read(file, 8))
        if length > _LONGEST:
            raise damaged("a chunk is longer than a file may be")
        if kind == b"IEND" and not length:
            out.write(begin + read(file, _CHECKSUM))
            break
        if kind == b"eXIf" and length < _LONGEST_EXIF:
            way = tiff.orientation(read(file, length))
            skip(file, _CHECKSUM)
            if way != tiff.UPRIGHT:
                _write(out, kind, tiff.block(way))
        elif kind == b"acTL" and length == 8:  # noqa: PLR2004  # two numbers
            body = read(file, length + _CHECKSUM)
            frames = max(struct.unpack_from(">I", body)[0], 1)
            out.write(begin + body)
        elif kind in _KEPT:
            has_data = has_data or kind == b"IDAT"
            out.write(begin)
            copy(file, out, length + _CHECKSUM)
        elif kind[0] & _ANCILLARY:
            skip(file, length + _CHECKSUM)
        else:
            raise damaged("it has a chunk that nobody knows and nobody may leave out")
    if not (has_data and width and height):
        raise damaged("it has no picture")
    return Facts(*tiff.turned(width, height, way), frames)


def _write(out: BinaryIO, kind: bytes, body: bytes) -> None:
    out.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(kind + body)))
