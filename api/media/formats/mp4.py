"""MP4 and QuickTime: boxes of the same size at the same place, since others hold the places of what lies behind.

What names people and places becomes `free`, and zeros.
"""

import struct
from typing import BinaryIO

from api.media.formats.stream import Facts, RefusedFileError, blank, copy, damaged, read, size_of, skip

_CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"mvex"))
_DROPPED = frozenset((b"udta", b"meta", b"uuid", b"free", b"skip", b"XMP_"))
_TOP = frozenset(b"ftyp mdat moof moov sidx mfra wide styp pdin ssix emsg".split()) | _DROPPED
_READ = frozenset((b"mvhd", b"mehd", b"tkhd", b"hdlr"))
_LONGEST_READ = 4096
_DEEPEST, _MOST_BOXES = 8, 100_000
_EXTENDED = 1  # as a length: it stands behind the name, in eight bytes


class _Film:
    """One file on its way through."""

    def __init__(self, file: BinaryIO, out: BinaryIO) -> None:
        self._file = file
        self._out = out
        self._boxes = 0
        self._scale, self._duration = 0, 0
        self._size: tuple[int, int] | None = None
        self._names = set[bytes]()
        self._is_film = False

    def facts(self) -> Facts:
        if b"moov" not in self._names or not self._names & {b"mdat", b"moof"}:
            raise damaged("it has no film")
        if not self._is_film or self._size is None:
            raise RefusedFileError("INVALID_FILE_TYPE", "it has no pictures")
        seconds = self._duration / self._scale if self._scale and self._duration else None
        return Facts(*self._size, duration_seconds=None if seconds is None else round(seconds, 3))

    def copy(self, end: int, depth: int) -> None:
        if depth > _DEEPEST:
            raise damaged("its boxes lie too deep")
        while (at := self._file.tell()) < end:
            self._boxes += 1
            if self._boxes > _MOST_BOXES:
                raise damaged("it has too many boxes")
            self._box(at, end, depth)

    def _box(self, at: int, end: int, depth: int) -> None:
        head = read(self._file, 8)
        length, name = struct.unpack(">I4s", head)
        if length == _EXTENDED:
            more = read(self._file, 8)
            head += more
            (length,) = struct.unpack(">Q", more)
        elif length == 0 and depth == 0:  # up to the end of the file
            length = end - at
        left = length - len(head)
        if left < 0 or at + length > end:
            raise damaged("a box is longer than what it lies in")
        if depth == 0:
            if name not in _TOP:
                raise damaged("it has a box that nobody knows")
            self._names.add(name)
        if name in _DROPPED:
            self._out.write(head[:4] + b"free" + head[8:])
            skip(self._file, left)
            blank(self._out, left)
            return
        self._out.write(head)
        if name in _CONTAINERS:
            self.copy(at + length, depth + 1)
        elif name in _READ and left <= _LONGEST_READ:
            body = read(self._file, left)
            self._note(name, body)
            self._out.write(body)
        else:
            copy(self._file, self._out, left)

    def _note(self, name: bytes, body: bytes) -> None:
        try:
            is_long = body[0] == 1
            if name == b"mvhd":
                self._scale, self._duration = struct.unpack_from(
                    ">IQ" if is_long else ">II", body, 20 if is_long else 12
                )
                self._duration = _known(self._duration, is_long=is_long)
            elif name == b"mehd" and not self._duration:
                (duration,) = struct.unpack_from(">Q" if is_long else ">I", body, 4)
                self._duration = _known(duration, is_long=is_long)
            elif name == b"tkhd":
                self._note_size(body, 52 if is_long else 40)
            elif name == b"hdlr":
                self._is_film = self._is_film or body[8:12] == b"vide"
        except (struct.error, IndexError):
            raise damaged("the head of a track is too short") from None

    def _note_size(self, body: bytes, at: int) -> None:
        """The width and the height of the first track that has some; a matrix before them may turn it."""
        a, _, _, _, d = struct.unpack_from(">iiiii", body, at)
        width, height = (side >> 16 for side in struct.unpack_from(">II", body, at + 36))
        if width and height and self._size is None:
            self._size = (width, height) if a or d else (height, width)


def _known(duration: int, *, is_long: bool) -> int:
    """0 for one whose bits are all ones, which says that it is not known."""
    return 0 if duration == (1 << (64 if is_long else 32)) - 1 else duration


def clean(file: BinaryIO, out: BinaryIO) -> Facts:
    film = _Film(file, out)
    film.copy(size_of(file), 0)
    return film.facts()
