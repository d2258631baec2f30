"""The media types that are taken, how large a file of each may be, and what its first bytes are."""

from typing import NamedTuple

HEAD_BYTES = 64
_MIB = 1024 * 1024


class Kind(NamedTuple):
    """`type` is what it is for the database, `ending` that of its stored name, `endings` those of names to upload."""

    mime_type: str
    type: str
    max_bytes: int
    ending: str
    endings: tuple[str, ...]


KINDS = {
    kind.mime_type: kind
    for kind in (
        Kind("image/jpeg", "image", 10 * _MIB, "jpg", ("jpg", "jpeg", "jpe", "jfif")),
        Kind("image/png", "image", 10 * _MIB, "png", ("png", "apng")),
        Kind("image/webp", "image", 10 * _MIB, "webp", ("webp",)),
        Kind("image/gif", "gif", 10 * _MIB, "gif", ("gif",)),
        Kind("video/mp4", "video", 100 * _MIB, "mp4", ("mp4", "m4v")),
        Kind("video/webm", "video", 100 * _MIB, "webm", ("webm",)),
        Kind("video/quicktime", "video", 100 * _MIB, "mov", ("mov", "qt")),
        Kind("audio/mpeg", "audio", 20 * _MIB, "mp3", ("mp3", "mpga")),
        Kind("audio/wav", "audio", 20 * _MIB, "wav", ("wav", "wave")),
        Kind("audio/ogg", "audio", 20 * _MIB, "ogg", ("ogg", "oga", "opus")),
    )
}
ENDINGS = {kind.ending: kind.mime_type for kind in KINDS.values()} | {"webp": "image/webp"}

# What may play in a browser; HEIC and AVIF begin in the same way.
_MP4_BRANDS = frozenset(
    (*b"isom iso2 iso3 iso4 iso5 iso6 mp41 mp42 avc1 M4VH M4VP MSNV dash 3gp4 3gp5".split(), b"M4V ", b"f4v ")
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}


def mime_type_of(head: bytes) -> str | None:
    """The media type by the first HEAD_BYTES of a file; None for all that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "image/png"
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"\x42\x82\x84webm" in head else None
    return _film(head) or _sound(head)


def _film(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand == b"qt  ":
            return "video/quicktime"
        return "video/mp4" if brand in _MP4_BRANDS else None
    return "video/quicktime" if head[4:8] in {b"moov", b"mdat", b"wide"} else None


def _sound(head: bytes) -> str | None:
    if head.startswith(b"OggS\0"):
        return "audio/ogg"
    if head.startswith(b"ID3") and head[3:4] in {b"\2", b"\3", b"\4"}:
        return "audio/mpeg"
    is_frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # noqa: PLR2004  # of MPEG's layer III
    return "audio/mpeg" if is_frame else None
