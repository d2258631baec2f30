"""Reading a file that may be a lie, and what is found in it."""

from typing import BinaryIO, NamedTuple

_PIECE = 1 << 18


class RefusedFileError(Exception):
    """The file is not one of its kind. `code` is for clients, the text for logs and tests."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


class Facts(NamedTuple):
    """What a file says of itself: pixels as they are shown, and seconds."""

    width: int | None = None
    height: int | None = None
    frames: int = 1
    duration_seconds: float | None = None


def damaged(why: str) -> RefusedFileError:
    return RefusedFileError("INVALID_FILE", why)


def read(file: BinaryIO, count: int) -> bytes:
    """So many bytes, and no fewer."""
    found = file.read(count)
    if len(found) != count:
        raise damaged("it ends too early")
    return found


def copy(file: BinaryIO, out: BinaryIO, count: int) -> None:
    while count:
        piece = min(count, _PIECE)
        out.write(read(file, piece))
        count -= piece


def skip(file: BinaryIO, count: int) -> None:
    """As `copy`, and nobody gets it."""
    while count:
        piece = min(count, _PIECE)
        read(file, piece)
        count -= piece


def blank(out: BinaryIO, count: int) -> None:
    """So many zeros."""
    while count:
        piece = min(count, _PIECE)
        out.write(bytes(piece))
        count -= piece


def size_of(file: BinaryIO) -> int:
    """How long the file is; it is read from its beginning afterwards."""
    size = file.seek(0, 2)
    file.seek(0)
    return size
