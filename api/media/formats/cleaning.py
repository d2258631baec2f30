"""A clean copy of a file of any kind, or the reason why it is refused."""

from collections.abc import Callable
from typing import BinaryIO

from api.media.formats import gif, jpeg, mp4, png, sound, webm, webp
from api.media.formats.kinds import HEAD_BYTES, mime_type_of
from api.media.formats.stream import Facts, RefusedFileError

MOST_PIXELS = 64_000_000
MOST_FRAMES = 1000
MOST_PIXELS_OF_FRAMES = 250_000_000  # about a second; a GIF of 500 by 500 pixels with 300 frames has 75 million

_LONGEST_SECONDS = 7 * 24 * 3600

_CLEANERS: dict[str, Callable[[BinaryIO, BinaryIO], Facts]] = {
    "image/jpeg": jpeg.clean,
    "image/png": png.clean,
    "image/gif": gif.clean,
    "image/webp": webp.clean,
    "video/mp4": mp4.clean,
    "video/quicktime": mp4.clean,
    "video/webm": webm.clean,
    "audio/wav": sound.clean_wav,
    "audio/mpeg": sound.clean_mp3,
    "audio/ogg": sound.clean_ogg,
}


def clean(mime_type: str, file: BinaryIO, out: BinaryIO) -> Facts:
    """Write the clean copy. RefusedFileError with INVALID_FILE_TYPE, INVALID_FILE or TOO_MANY_PIXELS."""
    if mime_type_of(file.read(HEAD_BYTES)) != mime_type:
        raise RefusedFileError("INVALID_FILE_TYPE", "its first bytes are those of something else")
    file.seek(0)
    facts = _CLEANERS[mime_type](file, out)
    require_decodable((facts.width or 0) * (facts.height or 0), facts.frames)
    if facts.duration_seconds is not None and not 0 <= facts.duration_seconds <= _LONGEST_SECONDS:
        return facts._replace(duration_seconds=None)  # what it says of itself cannot be
    return facts


def require_decodable(pixels: int, frames: int) -> None:
    """Raise TOO_MANY_PIXELS where so many frames of so many pixels would take too much."""
    if pixels > MOST_PIXELS or frames > MOST_FRAMES or pixels * frames > MOST_PIXELS_OF_FRAMES:
        raise RefusedFileError("TOO_MANY_PIXELS", "it is larger than anybody can show")
