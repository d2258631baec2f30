"""Which way up a picture is, the only thing of its EXIF block that is kept."""

import struct

UPRIGHT = 1
_ORDER = {b"II*\0": "<", b"MM\0*": ">"}
_TAG, _SHORT, _MOST = 0x112, 3, 8
_MOST_ENTRIES = 200


def orientation(exif: bytes) -> int:
    """1 to 8, by the TIFF directory of an EXIF block; UPRIGHT when it says nothing sensible."""
    order = _ORDER.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, at)
        for number in range(min(count, _MOST_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", exif, at + 2 + 12 * number)
            if tag == _TAG and kind == _SHORT and UPRIGHT <= value <= _MOST:
                return value
    except struct.error:
        pass
    return UPRIGHT


def block(value: int) -> bytes:
    """An EXIF block that says this and nothing else."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _TAG, _SHORT, 1, value, 0, 0)


def turned(width: int, height: int, value: int) -> tuple[int, int]:
    """The width and the height as they are shown."""
    return (height, width) if value > 4 else (width, height)  # noqa: PLR2004  # 5 to 8 lie on their side
