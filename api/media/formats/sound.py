"""Sound: WAV, MP3 and Ogg, each by its frames. Tags before and behind them are dropped; those within Ogg stay."""

import re
import struct
from typing import BinaryIO, NamedTuple

from api.media.formats.stream import Facts, RefusedFileError, copy, damaged, read, size_of, skip

_WAV_KEPT = frozenset((b"fmt ", b"fact", b"data"))
_LEAST_FRAMES = 3

_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")

_PAGE = struct.Struct("<4sBBqIIIB")
_BEGINS = 0x02
_OGG_HEADS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC")
_OPUS_RATE = 48000


def clean_wav(file: BinaryIO, out: BinaryIO) -> Facts:
    (left,) = struct.unpack_from("<I", head := read(file, 12), 4)
    out.write(head)
    left -= 4
    rate, length, total = 0, None, 4
    while left >= 8 and length is None:  # noqa: PLR2004  # the head of a chunk
        kind, size = struct.unpack("<4sI", begin := read(file, 8))
        left -= 8 + size + (size & 1)
        if kind not in _WAV_KEPT:
            skip(file, size)
            file.read(size & 1)
            continue
        out.write(begin)
        if kind == b"fmt ":
            body = read(file, size) if 16 <= size <= 64 else _no_format()  # noqa: PLR2004  # those that there are
            (rate,) = struct.unpack_from("<I", body, 8)
            out.write(body)
        else:
            copy(file, out, size)
            length = size if kind == b"data" else None
        # Some programs leave out the byte that fills up the last chunk, and players take it: none is added, since
        # a copy that is longer than what was sent has no bytes reserved for it.
        filling = bytes(len(file.read(size & 1)))
        out.write(filling)
        total += 8 + size + len(filling)
    if not rate or not length:
        raise damaged("it has no sound")
    out.seek(4)
    out.write(struct.pack("<I", total))
    out.seek(0, 2)
    return Facts(duration_seconds=round(length / rate, 3))


def _no_format() -> bytes:
    raise damaged("nobody knows its format")


class _Frame(NamedTuple):
    length: int
    seconds: float


def _frame(data: bytes, at: int) -> _Frame | None:
    """The frame of MPEG's layer III that begins here; None where none does."""
    if at + 4 > len(data) or not _SYNC.match(data, at):
        return None
    version, rates = data[at + 1] >> 3 & 3, data[at + 2]
    if rates >> 4 in {0, 15} or rates >> 2 & 3 == 3:  # noqa: PLR2004  # what nobody has defined
        return None
    is_first = version == 3  # noqa: PLR2004  # MPEG 1
    kilobits, samples = _BIT_RATES[is_first][rates >> 4], _SAMPLE_RATES[version][rates >> 2 & 3]
    length = (144 if is_first else 72) * kilobits * 1000 // samples + (rates >> 1 & 1)
    return _Frame(length, (1152 if is_first else 576) / samples)


def clean_mp3(file: BinaryIO, out: BinaryIO) -> Facts:
    size_of(file)
    data, at, count, seconds = file.read(), 0, 0, 0.0
    if data.startswith(b"ID3"):
        at = 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(data[6:10]))
    while at < len(data):
        frame = _frame(data, at)
        if frame is None or at + frame.length > len(data):
            at = _next_frame(data, at + 1)
            continue
        out.write(data[at : at + frame.length])
        at += frame.length
        count += 1
        seconds += frame.seconds
    if count < _LEAST_FRAMES:
        raise damaged("it has no sound")
    return Facts(duration_seconds=round(seconds, 3))


def _next_frame(data: bytes, at: int) -> int:
    """Where two frames follow each other; the end where they never do."""
    for found in _SYNC.finditer(data, at):
        frame = _frame(data, found.start())
        if frame is not None and _frame(data, found.start() + frame.length) is not None:
            return found.start()
    return len(data)


def clean_ogg(file: BinaryIO, out: BinaryIO) -> Facts:
    pages, rate, skipped, last, stream = 0, 0, 0, 0, None
    while len(head := file.read(_PAGE.size)) == _PAGE.size:
        mark, version, flags, granule, serial, _, _, count = _PAGE.unpack(head)
        if mark != b"OggS" or version:
            break  # what lies behind the last page
        sizes = read(file, count)
        body = read(file, sum(sizes))
        if pages == 0:
            rate, skipped, stream = *_ogg_rate(flags, body), serial
        if serial == stream:
            last = max(last, granule)
        out.write(head + sizes + body)
        pages += 1
    if pages < _LEAST_FRAMES or last <= skipped:
        raise damaged("it has no sound")
    return Facts(duration_seconds=round((last - skipped) / rate, 3))


def _ogg_rate(flags: int, body: bytes) -> tuple[int, int]:
    """Samples in a second, and how many of them are not heard."""
    if not flags & _BEGINS or not body.startswith(_OGG_HEADS):
        raise RefusedFileError("INVALID_FILE_TYPE", "it holds no sound that browsers play")
    try:
        if body.startswith(b"OpusHead"):
            return _OPUS_RATE, struct.unpack_from("<H", body, 10)[0]
        if body.startswith(b"\x7fFLAC"):
            rate = int.from_bytes(body[27:30]) >> 4
        else:
            (rate,) = struct.unpack_from("<I", body, 12)
    except struct.error:
        rate = 0
    if not rate:
        raise damaged("it has no rate of samples")
    return rate, 0
