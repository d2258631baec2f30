"""Decoding: pictures of true sizes, smaller ones beside them, and no more memory than the worker may take."""

import json
import os
import struct
import subprocess
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from thash import thumb_hash_to_approximate_aspect_ratio, thumb_hash_to_average_rgba

from api.gql.enums import ThumbnailSize
from api.media.processing import examined
from api.media.thumbnails import SIZES, path_of, sizes_of
from api.media.worker import process
from tests.media.samples import GIF_FRAME, chunk, exif, gif, jpeg, png, segment

MIB_OF_KIB = 1024


async def looked_at(
    tmp_path: Path, mime_type: str, data: bytes
) -> tuple[dict[str, object], dict[str, tuple[int, int]]]:
    """What the worker says of a file, and the size of each smaller picture by its name."""
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.write_bytes(data)
    folder.mkdir()
    found = dict(await examined((mime_type, "any", str(source), str(folder))))
    pictures = {path.name: pyvips.Image.new_from_file(str(path)) for path in folder.glob("*.webp")}
    return found, {name: (picture.width, picture.height) for name, picture in pictures.items()}


def test_sizes_are_those_of_the_schema() -> None:
    assert [int(size) for size in ThumbnailSize] == list(SIZES)


@pytest.mark.parametrize(
    ("longer", "sizes"),
    [(1, [160]), (160, [160]), (161, [160, 480]), (480, [160, 480]), (481, [160, 480, 1280]), (9000, [160, 480, 1280])],
)
def test_the_sizes_of_a_picture_end_with_the_first_that_it_fits(longer: int, sizes: list[int]) -> None:
    assert sizes_of(longer, 1) == sizes_of(1, longer) == sizes


def test_the_smallest_picture_that_is_large_enough_is_shown() -> None:
    url = "/media/f/ab/cd/o.png"
    assert [path_of(url, [160, 480], size) for size in SIZES] == [
        "/media/f/ab/cd/t160.webp",
        "/media/f/ab/cd/t480.webp",
        "/media/f/ab/cd/t480.webp",
    ]


async def test_a_picture_has_smaller_ones_that_keep_its_shape(tmp_path: Path) -> None:
    found, smaller = await looked_at(tmp_path, "image/png", png(2000, 1000))
    assert (found["width"], found["height"], found["thumbnails"]) == (2000, 1000, [160, 480, 1280])
    assert smaller == {"t160.webp": (160, 80), "t480.webp": (480, 240), "t1280.webp": (1280, 640)}


async def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    found, smaller = await looked_at(tmp_path, "image/png", png(200, 300))
    assert (found["thumbnails"], smaller) == ([160, 480], {"t160.webp": (107, 160), "t480.webp": (200, 300)})


async def test_a_picture_that_lies_on_its_side_is_shown_upright(tmp_path: Path) -> None:
    data = jpeg(segment(0xE1, b"Exif\0\0" + exif(6)))
    found, smaller = await looked_at(tmp_path, "image/jpeg", data)
    assert (found["width"], found["height"], smaller) == (8, 16, {"t160.webp": (8, 16)})


async def test_the_smaller_picture_of_an_animation_is_its_first_frame(tmp_path: Path) -> None:
    found, smaller = await looked_at(tmp_path, "image/gif", gif(frames=3))
    assert (found["width"], found["height"], smaller) == (2, 2, {"t160.webp": (2, 2)})


@pytest.mark.parametrize("bits", [1, 8, 16])
async def test_grey_pictures_of_all_depths_become_webp(tmp_path: Path, bits: int) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, bits, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * bits) * 8))
    data = b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
    found, smaller = await looked_at(tmp_path, "image/png", data)
    assert (found["width"], smaller) == (8, {"t160.webp": (8, 8)})
    picture = pyvips.Image.new_from_file(str(tmp_path / "folder" / "t160.webp"))
    assert picture.getpoint(4, 4)[:3] == [255, 255, 255]


async def test_a_placeholder_is_made_of_what_is_seen(tmp_path: Path) -> None:
    red = pyvips.Image.black(300, 200, bands=3).copy(interpretation="srgb").linear([1, 1, 1], [255, 0, 0])
    found, _ = await looked_at(tmp_path, "image/png", red.cast("uchar").pngsave_buffer())
    placeholder = list(b64decode(str(found["placeholder"])))
    assert thumb_hash_to_average_rgba(placeholder) == pytest.approx((1, 0, 0, 1), abs=0.05)
    assert thumb_hash_to_approximate_aspect_ratio(placeholder) == pytest.approx(1.5, abs=0.2)


def test_a_full_disk_is_no_fault_of_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thumbnail, too: libvips would say that it could not write, as it says that it could not decode."""
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.write_bytes(png())
    folder.mkdir()
    (folder / "t160.webp").mkdir()  # nothing can be written there
    with pytest.raises(OSError, match="directory"):
        process("image/png", "png", source, folder)


_PEAK = """
import sys
from api.media import worker
worker.main()
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def peak_of(tmp_path: Path, mime_type: str, data: bytes) -> tuple[dict[str, object], int]:
    """What the worker says, and the most memory that it had, in KiB."""
    program, source, folder = tmp_path / "program.py", tmp_path / "source", tmp_path / "folder"
    program.write_text(_PEAK)
    source.write_bytes(data)
    folder.mkdir()
    command = [sys.executable, "-I", str(program), mime_type, "any", str(source), str(folder)]
    ended = subprocess.run(command, check=True, capture_output=True, env={})
    return json.loads(ended.stdout), int(ended.stderr.split()[-1])


def interlaced(width: int, height: int) -> bytes:
    """A PNG in seven passes, each of which needs the whole picture."""
    return pyvips.Image.black(width, height, bands=3).pngsave_buffer(interlace=True, compression=1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize(
    ("mime_type", "data", "code", "most"),
    [
        ("image/png", lambda: png(8000, 8000), None, 120),
        ("image/png", lambda: interlaced(8000, 8000), None, 320),
        ("image/png", lambda: png(10_000, 10_000), "TOO_MANY_PIXELS", 40),
        ("image/png", lambda: png(claims=(50_000, 50_000)), "TOO_MANY_PIXELS", 40),
        ("image/png", lambda: png(data=zlib.compress(bytes(300_000_000), 1)), None, 40),
        ("image/gif", lambda: gif(GIF_FRAME * 2000), "TOO_MANY_PIXELS", 40),
    ],
    ids=["64 MP", "64 MP in passes", "100 MP", "2,500 MP", "a bomb of zeros", "2,000 frames"],
)
def test_no_picture_takes_more_memory_than_a_worker_has(
    tmp_path: Path, mime_type: str, data: Callable[[], bytes], code: str | None, most: int
) -> None:
    found, peak = peak_of(tmp_path, mime_type, data())
    assert found.get("refused") == code
    assert peak < most * MIB_OF_KIB


def test_threads_of_the_decoder_are_one(tmp_path: Path) -> None:
    """Each has memory of its own, and the processors are for requests."""
    code = "from api.media import pictures; import pyvips; print(pyvips.vips_lib.vips_concurrency_get())"
    command = [sys.executable, "-I", "-c", code]
    assert subprocess.run(command, check=True, capture_output=True, env={}, cwd=os.sep).stdout == b"1\n"
