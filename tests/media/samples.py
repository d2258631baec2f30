"""Small files of each kind, made from nothing, and the lies that are told with them."""

import io
import struct
import wave
import zlib
from collections.abc import Iterable
from typing import NamedTuple

SECRET = b"+52.5200+013.4050/"  # where it was made


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 4, height: int = 3, *more: bytes, claims: tuple[int, int] | None = None, data: bytes | None = None
) -> bytes:
    """A picture; `more` are chunks behind its head, `claims` the size that it says it has, `data` its pixels if any."""
    head = struct.pack(">IIBBBBB", *(claims or (width, height)), 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((row * 40 % 256, 90, 200)) * width for row in range(height))
    body = chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", _packed(rows) if data is None else data)
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def _packed(rows: Iterable[bytes]) -> bytes:
    """So that a picture of a hundred million pixels takes no more memory than one of its rows."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(row) for row in rows) + packer.flush()


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return b"\xff" + bytes((marker,)) + struct.pack(">H", len(body) + 2) + body


def exif(way: int = 6) -> bytes:
    """An EXIF block with a place in it."""
    entry = struct.pack("<HHIHH", 0x112, 3, 1, way, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4) + SECRET


# One of 8 by 8 pixels, all of one grey.
_TABLE = segment(0xDB, b"\0" + bytes([1] * 64))
_CODES = segment(0xC4, b"\0" + b"\1" + bytes(15) + b"\0") + segment(0xC4, b"\x10" + b"\1" + bytes(15) + b"\0")
_SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f"


def jpeg(*more: bytes, height: int = 8) -> bytes:
    """A picture of 16 by 8 pixels; `more` are segments at its beginning. One that is higher lacks pixels."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, 16, 1) + b"\1\x11\0")
    return b"\xff\xd8" + b"".join(more) + _TABLE + frame + _CODES + _SCAN + b"\xff\xd9"


GIF_HEAD = b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
GIF_FRAME = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\x02\x03\x44\x02\x05\0"


def gif(*more: bytes, frames: int = 1) -> bytes:
    """A picture of 2 by 2 pixels; `more` are extensions before its frames."""
    return GIF_HEAD + b"".join(more) + GIF_FRAME * frames + b"\x3b"


def wide_gif(width: int, height: int, *, frames: int) -> bytes:
    """One whose frames have 2 by 2 pixels on as large a canvas."""
    return gif(frames=frames).replace(GIF_HEAD[6:10], struct.pack("<HH", width, height), 1)


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


_LOSSLESS = b"\x2f\0\0\0\0\x07\x10\x11\x11\x88\x88\x08\x08"


def webp(*more: bytes, lossless: bytes = _LOSSLESS) -> bytes:
    """A picture of 1 by 1 pixel; `more` are chunks behind it, `lossless` is what its pixels are made of."""
    size = b"\0\0\0\0\0\0\0\0\0\0"
    flags = b"\x18" + size[1:]
    body = b"WEBP" + riff(b"VP8X", flags) + riff(b"VP8L", lossless) + b"".join(more)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def moving_webp(*more: bytes) -> bytes:
    """Two frames of 1 by 1 pixel; `more` are chunks in the second."""
    frames = (
        riff(b"ANMF", bytes(12) + b"\x64\0\0\0" + riff(b"VP8L", _LOSSLESS) + extra) for extra in (b"", b"".join(more))
    )
    body = b"WEBP" + riff(b"VP8X", b"\x12" + bytes(9)) + riff(b"ANIM", bytes(6)) + b"".join(frames)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(kind: bytes, *body: bytes) -> bytes:
    """A box of an MP4."""
    whole = b"".join(body)
    return struct.pack(">I4s", len(whole) + 8, kind) + whole


_SIZE = struct.pack(">II", 64 << 16, 36 << 16)


def mp4(
    *more: bytes,
    brand: bytes = b"isom",
    handler: bytes = b"vide",
    seconds: int = 3,
    times: tuple[int, int] | None = None,
) -> bytes:
    """The frame of a film of 64 by 36 pixels; `more` are boxes in its `moov`, `times` its scale and length."""
    head = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, *(times or (1000, seconds * 1000))), bytes(80))
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    track = box(
        b"tkhd", struct.pack(">IIIIII", 0, 0, 0, 1, 0, 0), bytes(16), matrix, struct.pack(">II", 64 << 16, 36 << 16)
    )
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)))
    film = box(b"moov", head, box(b"trak", track, media), *more)
    return box(b"ftyp", brand, bytes(4)) + film + box(b"mdat", b"picture" * 9)


def element(name: bytes, body: bytes, *, unknown: bool = False) -> bytes:
    """An element of a WebM."""
    return name + (b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", len(body) | 1 << 56)) + body


def webm(*more: bytes, doc_type: bytes = b"webm", live: bool = False, ticks: float = 3000.0) -> bytes:
    """The frame of a film of 64 by 36 pixels; `more` are elements in its segment. A live one does not know how long."""
    head = element(b"\x1a\x45\xdf\xa3", b"\x42\x82" + bytes((0x80 | len(doc_type),)) + doc_type)
    info = element(b"\x15\x49\xa9\x66", b"" if live else element(b"\x44\x89", struct.pack(">d", ticks)))
    video = element(b"\xe0", element(b"\xb0", b"\x40") + element(b"\xba", b"\x24"))
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", video))
    frames = element(b"\xe7", b"\x03\xe8") + element(b"\xa3", b"\x81\x01\xf4\x80" + b"picture")
    cluster = element(b"\x1f\x43\xb6\x75", frames, unknown=live)
    return head + element(b"\x18\x53\x80\x67", info + tracks + b"".join(more) + cluster * 2, unknown=live)


def wav(*, seconds: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\1" * 8000 * seconds)
    return out.getvalue()


def odd_wav(*, filled: bool) -> bytes:
    """A sound of an odd number of bytes; `filled` if the byte is there that makes it even."""
    form = riff(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
    sound = b"data" + struct.pack("<I", 801) + b"\x80" * 801 + b"\0" * filled
    return b"RIFF" + struct.pack("<I", 4 + len(form) + len(sound)) + b"WAVE" + form + sound


def mp3(*, frames: int = 10, before: bytes = b"", behind: bytes = b"") -> bytes:
    return before + (b"\xff\xfb\x90\0" + bytes(413)) * frames + behind


def id3(body: bytes) -> bytes:
    """A tag before the frames of an MP3."""
    return b"ID3\4\0\0" + bytes((0, 0, len(body) >> 7, len(body) & 127)) + body


def page(number: int, granule: int, body: bytes) -> bytes:
    """A page of an Ogg file."""
    return struct.pack("<4sBBqIIIBB", b"OggS", 0, 2 if number == 0 else 0, granule, 7, number, 0, 1, len(body)) + body


def ogg(first: bytes = b"OpusHead\1\1\0\0", *, samples: int = 96000) -> bytes:
    head = first + struct.pack("<IHB", 48000, 0, 0)
    return page(0, 0, head) + page(1, 0, b"OpusTags") + page(2, samples, b"sound")


SAMPLES = {
    "image/png": png(),
    "image/jpeg": jpeg(),
    "image/gif": gif(),
    "image/webp": webp(),
    "video/mp4": mp4(),
    "video/quicktime": mp4(brand=b"qt  "),
    "video/webm": webm(),
    "audio/wav": wav(),
    "audio/mpeg": mp3(),
    "audio/ogg": ogg(),
}


class Lie(NamedTuple):
    mime_type: str
    data: bytes
    code: str


_HTML = b"<html><script>alert(1)</script></html>"
_TYPE, _FILE, _PIXELS = "INVALID_FILE_TYPE", "INVALID_FILE", "TOO_MANY_PIXELS"

LIES = {
    "a PNG called JPEG": Lie("image/jpeg", png(), _TYPE),
    "an SVG called PNG": Lie("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", _TYPE),
    "HTML called GIF": Lie("image/gif", _HTML, _TYPE),
    "a program called PNG": Lie("image/png", b"MZ" + bytes(500), _TYPE),
    "a PDF with a JPEG behind it": Lie("image/jpeg", b"%PDF-1.4\n" + jpeg(), _TYPE),
    "a WebP called PNG": Lie("image/png", webp(), _TYPE),
    "a WAV called WebP": Lie("image/webp", wav(), _TYPE),
    "HEIC called MP4": Lie("video/mp4", mp4(brand=b"heic"), _TYPE),
    "an MP4 of a brand that nobody knows": Lie("video/mp4", mp4(brand=b"xxxx"), _TYPE),
    "QuickTime called MP4": Lie("video/mp4", mp4(brand=b"qt  "), _TYPE),
    "sound called MP4": Lie("video/mp4", mp4(handler=b"soun"), _TYPE),
    "Matroska called WebM": Lie("video/webm", webm(doc_type=b"matroska"), _TYPE),
    "an Ogg film called sound": Lie("audio/ogg", ogg(b"\x80theora\1\1\0\0"), _TYPE),
    "a signature alone": Lie("image/png", png()[:8], _TYPE),
    "half a PNG": Lie("image/png", png()[:-20], _FILE),
    "half a JPEG": Lie("image/jpeg", jpeg()[:-3], _FILE),
    "half a GIF": Lie("image/gif", gif()[:-4], _FILE),
    "half a WebP": Lie("image/webp", webp()[:-8], _FILE),
    "half an MP4": Lie("video/mp4", mp4()[:-8], _FILE),
    "half a WebM": Lie("video/webm", webm()[:-8], _FILE),
    "half a WAV": Lie("audio/wav", wav()[:-8], _FILE),
    "HTML behind an MP4": Lie("video/mp4", mp4() + _HTML, _FILE),
    "a WebP of nothing": Lie("image/webp", b"RIFF\4\0\0\0WEBP", _FILE),
    "an MP3 of one frame and zeros": Lie("audio/mpeg", b"\xff\xfb\x90\0" + bytes(9000), _FILE),
    "a tag without sound": Lie("audio/mpeg", id3(b"TIT2"), _FILE),
    "a PNG without a picture": Lie("image/png", png()[:33] + chunk(b"IEND", b""), _FILE),
    "a PNG of 100 million pixels": Lie("image/png", png(10_000, 10_000), _PIXELS),
    "a PNG of 2,500 million pixels": Lie("image/png", png(claims=(50_000, 50_000)), _PIXELS),
    "a GIF of 500 by 501 pixels with a thousand frames": Lie("image/gif", wide_gif(500, 501, frames=1000), _PIXELS),
    "a GIF of a thousand frames and one": Lie("image/gif", gif(frames=1001), _PIXELS),
}

# What only decoding shows: the structure is right.
UNREADABLE = {
    "a PNG of noise": Lie("image/png", png(data=b"noise" * 9), _FILE),
    "a PNG of other data than pixels": Lie("image/png", png(data=zlib.compress(b"\x09" * 39)), _FILE),
    "a PNG that lacks rows": Lie("image/png", png(data=zlib.compress(bytes(13 * 2))), _FILE),
    "a JPEG that lacks pixels": Lie("image/jpeg", jpeg(height=800), _FILE),
    "a GIF of no code": Lie("image/gif", GIF_HEAD + GIF_FRAME.replace(b"\x44", b"\xff") + b"\x3b", _FILE),
    "a GIF whose second frame is none": Lie(
        "image/gif", GIF_HEAD + GIF_FRAME + GIF_FRAME.replace(b"\x44", b"\xff") + b"\x3b", _FILE
    ),
    "a WebP without its last byte, which browsers refuse": Lie("image/webp", webp()[:-1], _FILE),
    "a WebP of noise": Lie("image/webp", webp(lossless=b"\x2f\0\0\0\0" + b"\x5a" * 30), _FILE),
    "a WebP that is larger than it says": Lie("image/webp", webp(lossless=b"\x2f\xff\xff\xff\x0f" + bytes(9)), _FILE),
}

# What hides in a file that is one: it is cut away, and the rest is taken.
HIDDEN = {
    "JavaScript around a GIF": ("image/gif", b"GIF89a/*" + gif()[8:] + b"*/=1;alert(1)", b"alert(1)"),
    "HTML behind a GIF": ("image/gif", gif() + _HTML, b"<script"),
    "HTML in the comment of a GIF": ("image/gif", gif(b"\x21\xfe" + bytes((len(_HTML),)) + _HTML + b"\0"), b"<script"),
    "a PDF in the comment of a JPEG": ("image/jpeg", jpeg(segment(0xFE, b"%PDF-1.4")), b"%PDF"),
    "a PDF behind a JPEG": ("image/jpeg", jpeg() + b"%PDF-1.4", b"%PDF"),
    "an archive behind a PNG": ("image/png", png() + b"PK\3\4" + bytes(30), b"PK\3\4"),
    "PHP in a text of a PNG": ("image/png", png(4, 3, chunk(b"tEXt", b"k\0<?php system(1);")), b"<?php"),
    "a place in a JPEG": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + exif())), SECRET),
    "a place in a PNG": ("image/png", png(4, 3, chunk(b"eXIf", exif())), SECRET),
    "a place in a WebP": ("image/webp", webp(riff(b"EXIF", exif())), SECRET),
    "a place in a frame of a WebP": ("image/webp", moving_webp(riff(b"EXIF", exif())), SECRET),
    "a text in a frame of a WebP": ("image/webp", moving_webp(riff(b"XMP ", SECRET + b"odd")), SECRET),
    "what nobody knows in a frame of a WebP": ("image/webp", moving_webp(riff(b"abcd", SECRET)), SECRET),
    "a thumbnail in a JPEG": ("image/jpeg", jpeg(segment(0xE0, b"JFXX\0\x10" + SECRET)), SECRET),
    "a thumbnail in the head of a JPEG": (
        "image/jpeg",
        jpeg(segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\2\3" + SECRET)),
        SECRET,
    ),
    "a note in APP0 of a JPEG": ("image/jpeg", jpeg(segment(0xE0, SECRET)), SECRET),
    "a note in APP14 of a JPEG": ("image/jpeg", jpeg(segment(0xEE, SECRET)), SECRET),
    "a note behind Adobe's in a JPEG": ("image/jpeg", jpeg(segment(0xEE, b"Adobe" + bytes(7) + SECRET)), SECRET),
    "a place in an MP4": ("video/mp4", mp4(box(b"udta", SECRET)), SECRET),
    "a place in a WebM": ("video/webm", webm(element(b"\x12\x54\xc3\x67", SECRET)), SECRET),
    "a name before an MP3": ("audio/mpeg", mp3(before=id3(SECRET)), SECRET),
    "a name behind an MP3": ("audio/mpeg", mp3(behind=b"TAG" + SECRET.ljust(125)), SECRET),
    "a name in a WAV": ("audio/wav", wav()[:12] + riff(b"LIST", SECRET) + wav()[12:], SECRET),
}
