"""The files of posts. What a file is follows from its number, so that a post and post_media say the same."""

import json
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from db.enums import MediaType
from db.seed.scaled.clock import Clock
from db.seed.scaled.loading import NULL, Lines
from db.seed.scaled.shape import Offsets

KIB = 1024


IMAGES, VIDEOS, AUDIO = range(3)


class Look(NamedTuple):
    """What one file of a kind is like, with @ where its number belongs."""

    columns: str
    document: str
    thumbnail: str


class Kind(NamedTuple):
    """A kind of file: `least` and `span` are its size in bytes; `bucket` is that of storage_usage."""

    type: str
    bucket: int
    least: int
    span: int
    looks: tuple[Look, ...]

    def look(self, id_: int) -> Look:
        return self.looks[id_ * _MIXER % _MIXED % len(self.looks)]

    def size(self, id_: int) -> int:
        return self.least + id_ * _MIXER % _MIXED % self.span


_MIXER, _MIXED = 2_654_435_761, 1 << 32


def _kind(
    placeholder: str,
    type_: MediaType,
    mime: str,
    kib: tuple[int, int],
    shapes: tuple[tuple[int, int], ...],
    seconds: tuple[int | None, ...] = (None,),
) -> Kind:
    bucket = {MediaType.VIDEO: VIDEOS, MediaType.AUDIO: AUDIO}.get(type_, IMAGES)
    looks = tuple(_look(placeholder, type_, mime, shape, length) for shape in shapes for length in seconds)
    return Kind(type_.value, bucket, kib[0] * KIB, (kib[1] - kib[0]) * KIB, looks)


def _look(placeholder: str, type_: MediaType, mime: str, shape: tuple[int, int], seconds: int | None) -> Look:
    name = f"scaled-@-{shape[0]}x{shape[1]}.svg"
    url = f"/media/placeholders/{placeholder}/{name}"
    poster = f"/media/placeholders/poster/{name}" if type_ is MediaType.VIDEO else None
    width, height = (None, None) if type_ is MediaType.AUDIO else shape
    document: dict[str, object] = {
        "type": type_.value,
        "url": url,
        "width": width,
        "height": height,
        "duration_seconds": seconds,
        "thumbnail_url": poster,
        "alt_text": None,
    }
    facts = (type_.value, url, "scaled/@", mime, width, height, seconds, poster)
    columns = "\t".join(NULL if fact is None else str(fact) for fact in facts)
    return Look(columns, f'{{"id": @, {json.dumps(document)[1:]}', poster or url)


_WIDE, _TALL = (1600, 1200), (1200, 1600)
PHOTO = _kind("photo", MediaType.IMAGE, "image/jpeg", (40, 700), (_WIDE, _TALL, (1500, 1500)))
GIF = _kind("gif", MediaType.GIF, "image/gif", (60, 500), ((640, 640),))
CLIP = _kind("video", MediaType.VIDEO, "video/mp4", (400, 3_000), ((1080, 1920), (1920, 1080)), (21, 34, 55, 89))
FILM = _kind("video", MediaType.VIDEO, "video/mp4", (2_000, 9_000), ((1920, 1080),), (905, 1_220, 1_866))
TRACK = _kind("audio", MediaType.AUDIO, "audio/mpeg", (300, 2_000), ((1200, 1200),), (144, 188, 233, 377))
COVER = _kind("cover", MediaType.IMAGE, "image/png", (40, 200), ((1200, 1200),))


class Storage:
    """The bytes of each person, by bucket of storage_usage."""

    def __init__(self, people: int) -> None:
        self.used = tuple(array("q", bytes(8 * people)) for _ in (IMAGES, VIDEOS, AUDIO))

    def charge(self, person: int, bucket: int, size: int) -> None:
        self.used[bucket][person] += size


# The tiers that the first migration ships, by their ids.
_TIERS = ((1, 52_428_800), (2, 1_073_741_824), (3, 5_368_709_120), (4, 10_737_418_240))


def storage_tables(clock: Clock, storage: Storage, joined: Sequence[int], offsets: Offsets) -> Iterator[Lines]:
    """Everybody's storage, and the plans of those who need more than the free one."""
    now = clock.text(clock.end)
    totals = [sum(used) for used in zip(*storage.used, strict=True)]
    tiers = [next((tier for tier in _TIERS if tier[1] >= total), _TIERS[-1]) for total in totals]
    images, videos, audio = storage.used
    first = offsets.people + 1
    yield Lines(
        "public.storage_usage",
        "user_id, used_bytes, quota_bytes, images_bytes, videos_bytes, audio_bytes, last_calculated_at",
        len(totals),
        (
            f"{first + n}\t{total}\t{tiers[n][1]}\t{images[n]}\t{videos[n]}\t{audio[n]}\t{now}\n"
            for n, total in enumerate(totals)
        ),
    )
    paying = [n for n, (tier, _) in enumerate(tiers) if tier > 1]
    later = clock.text(clock.end + 20 * 86_400)
    yield Lines(
        "public.user_subscriptions",
        "user_id, tier_id, current_period_start, current_period_end, created_at, updated_at",
        len(paying),
        (
            f"{first + n}\t{tiers[n][0]}\t{clock.text(max(joined[n], clock.ago(10)))}\t{later}\t{now}\t{now}\n"
            for n in paying
        ),
    )
