"""WebM: elements of the same size at the same place. What is dropped becomes Void.

Browsers record films whose length they do not know yet: such a segment goes to the end of the file, and such a cluster
to the next one, whose elements are read as if they lay beside it.
"""

import struct
from typing import BinaryIO

from api.media.formats.stream import Facts, RefusedFileError, blank, copy, damaged, read, size_of, skip

_EBML, _SEGMENT, _VOID, _INFO, _TRACKS, _TRACK, _VIDEO, _CLUSTER = (
    0x1A45DFA3, 0x18538067, 0xEC, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675,
)  # fmt: skip
_CONTAINERS = frozenset((_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO, _CLUSTER))
_OPEN = frozenset((_SEGMENT, _CLUSTER))  # their length may be unknown
_TOP = frozenset((_EBML, _SEGMENT, _VOID))
# Tags, attachments, chapters, the title, the date, and the name of a track.
_DROPPED = frozenset((0x1254C367, 0x1941A469, 0x1043A770, 0x7BA9, 0x4461, 0x536E, _VOID))
_SCALE, _DURATION, _WIDTH, _HEIGHT, _TIME, _BLOCK = 0x2AD7B1, 0x4489, 0xB0, 0xBA, 0xE7, 0xA3
_READ = frozenset((_SCALE, _DURATION, _WIDTH, _HEIGHT, _TIME))
_LONGEST_READ, _BLOCK_HEAD = 8, 11
_DEEPEST = 6
_MOST_ELEMENTS = 500_000  # a film of an hour has less
_NANOSECONDS = 1_000_000_000


class _Film:
    """One file on its way through."""

    def __init__(self, file: BinaryIO, out: BinaryIO) -> None:
        self._file = file
        self._out = out
        self._scale = 1_000_000
        self._duration = 0.0
        self._cluster = self._last = 0
        self._width = self._height = 0
        self._clusters = 0
        self._elements = 0

    def facts(self) -> Facts:
        if not self._width or not self._height:
            raise RefusedFileError("INVALID_FILE_TYPE", "it has no pictures")
        if not self._clusters:
            raise damaged("it has no film")
        ticks = self._duration or self._last
        return Facts(
            self._width,
            self._height,
            duration_seconds=round(ticks * self._scale / _NANOSECONDS, 3) if ticks > 0 else None,
        )

    def copy(self, end: int, depth: int) -> None:
        if depth > _DEEPEST:
            raise damaged("its elements lie too deep")
        while self._file.tell() < end:
            self._element(end, depth)

    def _element(self, end: int, depth: int) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise damaged("it has too many elements")
        name, raw_name = self._number(keeps_mark=True)
        length, raw_length = self._number(keeps_mark=False)
        begin = self._file.tell()
        if depth == 0 and name not in _TOP:
            raise damaged("it has an element that nobody knows")
        self._clusters += name == _CLUSTER
        if length is None:
            if name not in _OPEN:
                raise damaged("an element has no length")
            self._out.write(raw_name + raw_length)
            if name == _SEGMENT:
                self.copy(end, depth + 1)
            return
        if begin + length > end:
            raise damaged("an element is longer than what it lies in")
        if name in _DROPPED:
            skip(self._file, length)
            self._void(len(raw_name) + len(raw_length) + length)
            return
        self._out.write(raw_name + raw_length)
        if name in _CONTAINERS:
            self.copy(begin + length, depth + 1)
            return
        wanted = _LONGEST_READ if name in _READ else _BLOCK_HEAD if name == _BLOCK else 0
        body = read(self._file, min(length, wanted))
        if body:
            self._note(name, body)
        self._out.write(body)
        copy(self._file, self._out, length - len(body))

    def _note(self, name: int | None, body: bytes) -> None:
        value = int.from_bytes(body)
        if name == _SCALE:
            self._scale = value
        elif name == _DURATION:
            floats = {4: ">f", 8: ">d"}.get(len(body))
            found = struct.unpack(floats, body)[0] if floats else 0.0
            self._duration = found if 0 < found < 1 << 53 else 0.0
        elif name == _WIDTH:
            self._width = self._width or value
        elif name == _HEIGHT:
            self._height = self._height or value
        elif name == _TIME:
            self._cluster = value
        else:
            self._note_block(body)

    def _note_block(self, body: bytes) -> None:
        track = next((count for count in range(1, 9) if body[0] & 0x100 >> count), 8)
        if len(body) >= track + 2:
            self._last = max(self._last, self._cluster + int.from_bytes(body[track : track + 2], signed=True))

    def _number(self, *, keeps_mark: bool) -> tuple[int | None, bytes]:
        """A number whose first byte says how long it is, and its bytes; None where all of it is ones: unknown."""
        raw = read(self._file, 1)
        count = next((count for count in range(1, 9) if raw[0] & 0x100 >> count), 0)
        if not count:
            raise damaged("a number is too long")
        raw += read(self._file, count - 1)
        value = int.from_bytes(raw)
        if keeps_mark:
            return value, raw
        most = (1 << 7 * count) - 1
        return None if value & most == most else value & most, raw

    def _void(self, whole: int) -> None:
        """So many bytes that say nothing."""
        short = whole < 100  # noqa: PLR2004  # a length in one byte
        head = b"\xec" + (bytes((0x80 | whole - 2,)) if short else (whole - 9 | 1 << 56).to_bytes(8))
        self._out.write(head)
        blank(self._out, whole - len(head))


def clean(file: BinaryIO, out: BinaryIO) -> Facts:
    film = _Film(file, out)
    film.copy(size_of(file), 0)
    return film.facts()
