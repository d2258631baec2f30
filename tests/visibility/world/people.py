"""The people of the world: their profiles, sessions, and what each is to others."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import product

from tests.visibility.world.cast import AUDIENCES, AUTHORS, VIEWERS, World, token
from tests.visibility.world.posts import media


def person_of(world: World, name: str) -> None:
    visibility, status = AUTHORS.get(name, ("public", "active"))
    person = world.add(
        "users",
        username=world.word(),
        email=f"{world.word()}@example.org",
        password_hash="x",
        status=status,
        deleted_at=world.now() if status == "deleted" else None,
    )
    world.people[name] = person
    avatar, backdrop = media(world, person, None), media(world, person, None)
    world.add(
        "user_profiles",
        user_id=person,
        display_name=world.word(),
        bio=world.word(),
        location=world.word(),
        website=f"https://example.org/{world.word()}",
        visibility=visibility,
        avatar_media_id=avatar,
        background_config={"type": "image", "value": "", "media_id": backdrop},
        music_config={"url": f"https://example.org/{world.word()}"},
        style_config={},
        layout_config={},
    )
    if name in AUDIENCES:
        audience = AUDIENCES[name]
        world.add("app.user_settings", user_id=person, show_followers=name != "shy", allow_messages_from=audience)
    if name in {"shy", "muter"}:
        world.add("app.feed_opt_outs", user_id=person, created_at=world.now())


def relations(world: World) -> None:
    others = [world.people[name] for name in VIEWERS]
    mutual = [*world.authors, *(world.people[name] for name in ("friend", "blocked", "blocker"))]
    pairs = [pair for pair in product(mutual, mutual) if pair[0] != pair[1]]
    pairs += [(world.people[name], author) for name in ("follower", "muter") for author in world.authors]
    pairs.append((world.people["stranger"], world.people["friend"]))  # to follow somebody is not to follow anybody
    # Whom nobody else suggests, whom one of the viewers must not see, and who are not followed back.
    pairs += [(world.people["shy"], world.people["stranger"]), (world.people["friend"], world.people["follower"])]
    pairs.append((world.people["out"], world.people["stranger"]))
    for one, other in sorted(set(pairs)):
        world.add("user_follows", follower_id=one, following_id=other, created_at=world.now())
    for one, other in zip(others, [*others[1:], others[0]], strict=True):
        world.add("app.user_mutes", muter_id=one, muted_id=other, created_at=world.now())
    pair = {"blocker_id": world.people["blocker"], "blocked_id": world.people["follower"]}
    world.add("app.user_blocks", **pair, created_at=world.now())
    for author in world.authors:
        world.add("app.user_blocks", blocker_id=author, blocked_id=world.people["blocked"], created_at=world.now())
        world.add("app.user_blocks", blocker_id=world.people["blocker"], blocked_id=author, created_at=world.now())
        world.add("app.user_mutes", muter_id=world.people["muter"], muted_id=author, created_at=world.now())


def follow_requests(world: World) -> None:
    """Between each of the authors and some of those who look, both ways; also where there is a follow or a block."""
    others = [world.people[name] for name in ("stranger", "blocked", "blocker")]
    for one, other in product(world.authors, others):
        world.add("app.follow_requests", requester_id=one, target_id=other, created_at=world.now())
        world.add("app.follow_requests", requester_id=other, target_id=one, created_at=world.now())


def sessions(world: World, person: int) -> None:
    """One that lives, one that was revoked, and one that is over; and a new address that waits to be confirmed."""
    now = datetime.now(UTC)
    week = timedelta(days=7)
    for name, revoked_at, expires_at in (("", None, now + week), ("revoked", now, now + week), ("over", None, now)):
        world.add(
            "app.sessions",
            user_id=person,
            token_hash=sha256(f"{token(person)}{name}".encode()).digest(),
            user_agent=world.word(),
            created_at=world.now(),
            last_used_at=world.now(),
            revoked_at=revoked_at,
            expires_at=expires_at,
        )
    world.add(
        "app.verification_tokens",
        user_id=person,
        purpose="email_verification",
        token_hash=sha256(f"address of {person}".encode()).digest(),
        email=f"new{person}@example.org",
        expires_at=now + week,
    )
