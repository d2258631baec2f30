"""GIF: pictures, how long each is shown, and how often all of them are."""

import struct
from typing import BinaryIO

from api.media.formats.stream import Facts, copy, damaged, read

_TABLE, _SIZE = 0x80, 0x07
_LOOPS = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))


def clean(file: BinaryIO, out: BinaryIO) -> Facts:
    head = read(file, 13)
    out.write(head)
    width, height = struct.unpack_from("<HH", head, 6)
    _copy_table(file, out, head[10])
    frames = 0
    while (kind := read(file, 1)) != b"\x3b":
        if kind == b"\x2c":
            frames += 1
            place = read(file, 9)
            out.write(kind + place)
            _copy_table(file, out, place[8])
            copy(file, out, 1)
            _blocks(file, out)
        elif kind == b"\x21":
            _extension(file, out)
        else:
            raise damaged("it has a block that nobody knows")
    if not frames or not width or not height:
        raise damaged("it has no picture")
    out.write(b"\x3b")
    return Facts(width, height, frames)


def _copy_table(file: BinaryIO, out: BinaryIO, flags: int) -> None:
    """The colours, if there are some."""
    if flags & _TABLE:
        copy(file, out, 3 << ((flags & _SIZE) + 1))


def _extension(file: BinaryIO, out: BinaryIO) -> None:
    kind = read(file, 1)
    if kind == b"\xf9":
        out.write(b"\x21" + kind)
        _blocks(file, out)
    elif kind == b"\xff":
        length = read(file, 1)
        name = read(file, length[0])
        if name in _LOOPS:
            out.write(b"\x21" + kind + length + name)
        _blocks(file, out if name in _LOOPS else None)
    else:
        _blocks(file, None)


def _blocks(file: BinaryIO, out: BinaryIO | None) -> None:
    """Blocks up to the empty one, which ends them; copied if somebody wants them."""
    while (length := read(file, 1))[0]:
        body = read(file, length[0])
        if out is not None:
            out.write(length + body)
    if out is not None:
        out.write(b"\0")
