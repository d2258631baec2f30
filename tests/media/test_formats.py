"""Files are refused where they are not what they are said to be, and cleaned where they are."""

import io
import random

import pytest

from api.media.formats.cleaning import clean
from api.media.formats.kinds import KINDS
from api.media.formats.stream import Facts, RefusedFileError
from tests.media.samples import (
    HIDDEN,
    LIES,
    SAMPLES,
    box,
    element,
    exif,
    jpeg,
    moving_webp,
    mp4,
    ogg,
    riff,
    segment,
    webm,
    webp,
    wide_gif,
)


def cleaned(mime_type: str, data: bytes) -> tuple[Facts, bytes]:
    out = io.BytesIO()
    return clean(mime_type, io.BytesIO(data), out), out.getvalue()


@pytest.mark.parametrize("mime_type", KINDS)
def test_a_file_without_secrets_is_kept_byte_by_byte(mime_type: str) -> None:
    data = SAMPLES[mime_type]
    _, out = cleaned(mime_type, data)
    if mime_type == "image/webp":  # whose flags say that it has an EXIF block, which it has not
        data = data[:20] + b"\x10" + data[21:]
    assert out == data


@pytest.mark.parametrize(
    ("mime_type", "facts"),
    [
        ("image/png", Facts(4, 3)),
        ("image/jpeg", Facts(16, 8)),
        ("image/gif", Facts(2, 2)),
        ("image/webp", Facts(1, 1)),
        ("video/mp4", Facts(64, 36, duration_seconds=3.0)),
        ("video/webm", Facts(64, 36, duration_seconds=3.0)),
        ("audio/wav", Facts(duration_seconds=2.0)),
        ("audio/mpeg", Facts(duration_seconds=0.261)),
        ("audio/ogg", Facts(duration_seconds=2.0)),
    ],
)
def test_a_file_says_how_large_and_how_long_it_is(mime_type: str, facts: Facts) -> None:
    assert cleaned(mime_type, SAMPLES[mime_type])[0] == facts


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_refused_with_a_code(name: str) -> None:
    lie = LIES[name]
    with pytest.raises(RefusedFileError) as refused:
        cleaned(lie.mime_type, lie.data)
    assert refused.value.code == lie.code


@pytest.mark.parametrize(("width", "height", "frames"), [(500, 500, 1000), (8000, 8000, 3), (8000, 8000, 1)])
def test_what_a_file_may_cost_to_decode_counts_all_of_its_frames(width: int, height: int, frames: int) -> None:
    assert cleaned("image/gif", wide_gif(width, height, frames=frames))[0] == Facts(width, height, frames)
    with pytest.raises(RefusedFileError) as refused:
        cleaned("image/gif", wide_gif(width, height + 1, frames=max(frames, 4)))
    assert refused.value.code == "TOO_MANY_PIXELS"


@pytest.mark.parametrize("name", HIDDEN)
def test_what_hides_in_a_file_is_cut_away(name: str) -> None:
    mime_type, data, hidden = HIDDEN[name]
    assert hidden in data
    _, out = cleaned(mime_type, data)
    assert hidden not in out
    assert len(out) <= len(data)
    assert cleaned(mime_type, out)[1] == out


def test_what_a_decoder_needs_of_a_picture_stays() -> None:
    colours = segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    for mime_type, data in (("image/jpeg", jpeg(*colours)), ("image/webp", moving_webp())):
        assert cleaned(mime_type, data)[1] == data


@pytest.mark.parametrize("data", [jpeg(segment(0xE1, b"Exif\0\0" + exif(6))), webp(riff(b"EXIF", exif(6)))])
def test_a_picture_that_lies_on_its_side_still_does(data: bytes) -> None:
    mime_type = "image/jpeg" if data[:2] == b"\xff\xd8" else "image/webp"
    facts, out = cleaned(mime_type, data)
    assert (facts.width, facts.height) == ((8, 16) if mime_type == "image/jpeg" else (1, 1))
    assert out.count(b"MM\0*") == 1
    assert cleaned(mime_type, out)[0] == facts


def test_a_film_that_a_browser_recorded_has_the_length_of_its_frames() -> None:
    facts, _ = cleaned("video/webm", webm(live=True))
    assert facts == Facts(64, 36, duration_seconds=1.5)


_WEEK = 7 * 24 * 3600


@pytest.mark.parametrize(
    ("mime_type", "data"),
    [
        ("video/mp4", mp4(times=(90_000, 2**32 - 1))),
        ("video/mp4", mp4(times=(1, _WEEK + 1))),
        ("video/mp4", mp4(box(b"mvex", box(b"mehd", bytes(4) + b"\xff" * 4)), times=(90_000, 0))),
        ("video/webm", webm(ticks=float(1 << 52))),
        ("audio/ogg", ogg(samples=2**63 - 1)),
    ],
    ids=["MP4 unknown", "MP4 too long", "MP4 of unknown fragments", "WebM", "Ogg"],
)
def test_a_length_that_cannot_be_is_unknown(mime_type: str, data: bytes) -> None:
    assert cleaned(mime_type, data)[0].duration_seconds is None


def test_a_film_may_last_a_week() -> None:
    assert cleaned("video/mp4", mp4(times=(1, _WEEK)))[0].duration_seconds == _WEEK


def test_nothing_moves_in_a_film_that_is_cleaned() -> None:
    data = mp4()
    tagged = webm(element(b"\x12\x54\xc3\x67", b"x" * 300))
    assert cleaned("video/mp4", data)[1].index(b"picture") == data.index(b"picture")
    assert cleaned("video/webm", tagged)[1].index(b"picture") == tagged.index(b"picture")


def test_damaged_files_are_refused_or_cleaned_and_nothing_else() -> None:
    """Whatever is changed in a file: only a refusal comes out, nothing grows by more than a turn, twice is once."""
    luck = random.Random(1)
    for _ in range(3000):
        mime_type = luck.choice(list(SAMPLES))
        data = bytearray(SAMPLES[mime_type])
        for _ in range(luck.choice((1, 2, 8))):
            data[luck.randrange(len(data))] = luck.randrange(256)
        if luck.random() < 0.2:
            data = data[: luck.randrange(len(data))]
        try:
            _, out = cleaned(mime_type, bytes(data))
        except RefusedFileError:
            continue
        assert len(out) <= len(data)
        assert cleaned(mime_type, out)[1] == out
