"""Accounts and what their profiles look like."""

from datetime import timedelta
from typing import NamedTuple

from argon2 import PasswordHasher
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from db.documents.background import BackgroundConfig, BackgroundType
from db.documents.layout import LayoutConfig, LayoutHeader, LayoutSpacing, LayoutWidth
from db.documents.music import MusicConfig
from db.documents.style import FontFamily, StyleColors, StyleConfig, StyleFonts, StyleSizes
from db.seed.people import CAST, EVERYBODY, Person, Standing
from db.seed.tables import ProfileRow, SettingsRow, StorageRow, SubscriptionRow, UserRow
from db.seed.timeline import Timeline

DEMO_PASSWORD = "Vrss-demo-2026"  # noqa: S105  (documented, and only for demo people)
_SALT = b"the same anew.  "  # one salt for all, so that the same seed gives the same rows


class Look(NamedTuple):
    background: BackgroundConfig | None = None
    music: MusicConfig | None = None
    style: StyleConfig | None = None
    layout: LayoutConfig | None = None


_LOOKS: dict[str, Look] = {
    "ada": Look(
        BackgroundConfig(type=BackgroundType.IMAGE, value="/media/placeholders/photo/fog-1920x1080.svg"),
        MusicConfig(url="/media/placeholders/audio/ropes-1200x1200.svg", volume=30, loop=True),
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.SERIF, body=FontFamily.SANS),
            colors=StyleColors(text="#F2EDE4", background="#1C1A17", accent="#C8452D", link="#E8A87C"),
        ),
        LayoutConfig(columns=2, width=LayoutWidth.WIDE, spacing=LayoutSpacing.SPACIOUS),
    ),
    "ben": Look(
        BackgroundConfig(type=BackgroundType.COLOR, value="#F6E7CB"),
        style=StyleConfig(
            fonts=StyleFonts(heading=FontFamily.ROUNDED),
            colors=StyleColors(text="#3B2A1A", background="#FFF9EF", accent="#A65A1F", link="#8A4513"),
        ),
    ),
    "cleo": Look(
        BackgroundConfig(type=BackgroundType.VIDEO, value="/media/placeholders/video/patch-1920x1080.svg"),
        MusicConfig(url="/media/placeholders/audio/one-oscillator-1200x1200.svg", autoplay=True, volume=60),
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.MONO, body=FontFamily.MONO),
            colors=StyleColors(text="#D7F9F1", background="#071013", accent="#23B5D3", link="#75ABBC"),
            sizes=StyleSizes(text=15, heading=24, radius=0),
        ),
        LayoutConfig(columns=3, width=LayoutWidth.WIDE, spacing=LayoutSpacing.COMPACT, header=LayoutHeader.COMPACT),
    ),
    "dan": Look(
        BackgroundConfig(type=BackgroundType.COLOR, value="#DCE3E1"),
        style=StyleConfig(
            colors=StyleColors(text="#1F2A2C", background="#FFFFFF", accent="#00695C", link="#00574B")
        ),
    ),
    "mira": Look(
        BackgroundConfig(type=BackgroundType.IMAGE, value="/media/placeholders/photo/harbour-1600x1200.svg"),
        style=StyleConfig(
            fonts=StyleFonts(heading=FontFamily.HANDWRITING, body=FontFamily.ROUNDED),
            colors=StyleColors(text="#22223B", background="#FFFCF2", accent="#EB5E28", link="#403D39"),
            sizes=StyleSizes(text=17, heading=36, radius=20),
        ),
        layout=LayoutConfig(columns=2),
    ),
    "yuki": Look(BackgroundConfig(type=BackgroundType.COLOR, value="#E9E4DC")),
    "tomas": Look(
        BackgroundConfig(type=BackgroundType.IMAGE, value="/media/placeholders/photo/terrace-1600x1200.svg"),
        layout=LayoutConfig(width=LayoutWidth.NARROW),
    ),
    "leila": Look(style=StyleConfig(fonts=StyleFonts(heading=FontFamily.DISPLAY, body=FontFamily.SERIF))),
}  # fmt: skip

# Ids of the tiers that the first migration ships: Free, Basic, Pro, Premium.
_TIERS: dict[int, int] = {1: 52_428_800, 2: 1_073_741_824, 3: 5_368_709_120, 4: 10_737_418_240}
_PLANS: tuple[tuple[str, int, str], ...] = (("mira", 3, "active"), ("yuki", 2, "active"), ("sam", 2, "canceled"))

_MESSAGES_FROM: dict[str, str] = {"cleo": "followers", "leila": "friends", "lou": "nobody"}


def demo_password_hash() -> str:
    return PasswordHasher(parallelism=1).hash(DEMO_PASSWORD, salt=_SALT)


def users(timeline: Timeline) -> list[UserRow]:
    password_hash = demo_password_hash()
    return [
        UserRow(
            id=person.id,
            username=person.username,
            email=f"{person.username}@demo.vrss.example",
            email_verified=person.standing is not Standing.NEW,
            password_hash=password_hash,
            status="suspended" if person.suspended else "active",
            last_login_at=timeline.ago(min(person.id * 0.11, person.joined)),
            created_at=timeline.joined(person),
            updated_at=timeline.joined(person),
        )
        for person in EVERYBODY
    ]


def profiles(timeline: Timeline, avatars: dict[int, int]) -> list[ProfileRow]:
    return [_profile(timeline, person, avatars.get(person.id)) for person in EVERYBODY]


def _profile(timeline: Timeline, person: Person, avatar: int | None) -> ProfileRow:
    look = _LOOKS.get(person.username, Look())
    return ProfileRow(
        user_id=person.id,
        display_name=person.name,
        bio=person.bio,
        age=person.age,
        location=person.location,
        website=person.website,
        visibility=person.visibility,
        avatar_media_id=avatar,
        background_config=_stored(look.background),
        music_config=_stored(look.music),
        style_config=_stored(look.style),
        layout_config=_stored(look.layout),
        created_at=timeline.joined(person),
        updated_at=timeline.joined(person),
    )


def _stored(document: BaseModel | None) -> Jsonb | None:
    return None if document is None else Jsonb(document.model_dump(mode="json"))


def storage(timeline: Timeline) -> list[StorageRow]:
    tiers = {CAST[name].id: tier for name, tier, status in _PLANS if status == "active"}
    return [StorageRow(person.id, _TIERS[tiers.get(person.id, 1)], timeline.joined(person)) for person in EVERYBODY]


def settings(timeline: Timeline) -> list[SettingsRow]:
    return [
        SettingsRow(
            user_id=person.id,
            allow_messages_from=_MESSAGES_FROM.get(person.username, "everyone"),
            show_followers=person.username != "freya",
            updated_at=timeline.joined(person),
        )
        for person in EVERYBODY
    ]


def subscriptions(timeline: Timeline) -> list[SubscriptionRow]:
    rows: list[SubscriptionRow] = []
    for id_, (name, tier, status) in enumerate(_PLANS, 1):
        is_canceled = status == "canceled"
        start = timeline.ago(45 if is_canceled else 12)
        rows.append(
            SubscriptionRow(
                id=id_,
                user_id=CAST[name].id,
                tier_id=tier,
                status=status,
                current_period_start=start,
                current_period_end=start + timedelta(days=30),
                canceled_at=start + timedelta(days=20) if is_canceled else None,
                created_at=start,
                updated_at=start,
            )
        )
    return rows
