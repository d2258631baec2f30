"""What people of the world have on their profiles: lists, feeds, sections, and versions of them."""

from datetime import UTC, datetime
from hashlib import sha256
from itertools import product
from typing import Any

from db.documents.feed_filters import AuthorFilter, OtherFeedFilter, Relation
from db.documents.feed_rules import FeedRules, FeedScope, FilterGroup, Match
from db.feeds.rows import filter_rows
from tests.visibility.world.cast import World, feed_token
from tests.visibility.world.posts import media

STATIC = ("links", "static_text", "static_image", "video")


def features(world: World, person: int) -> None:
    """Lists, feeds and sections: each type, and one of each that shows less than it names. And muted words.

    One of these is the end of some canaries: a hundredth of all texts has it.
    """
    world.add("app.mute_words", user_id=person, word=world.word(), created_at=world.now())
    world.add(
        "app.pending_uploads",
        user_id=person,
        type="image",
        object_key=f"in/{world.word()}",
        mime_type=world.word(),
        file_size_bytes=1,
        created_at=world.now(),
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    ending = f"{person * 7 % 100:02}zq"
    world.add("app.mute_words", user_id=person, word=ending, whole_word=False, created_at=world.now())
    lists = [
        world.add(
            "user_lists",
            user_id=person,
            name=world.word(),
            description=world.word(),
            is_public=is_public,
            created_at=world.now(),
        )
        for is_public in (True, False)
    ]
    for list_, member in product(lists, world.people.values()):
        world.add("list_members", list_id=list_, user_id=member, created_at=world.now())
    by = [AuthorFilter(relation=Relation.FOLLOWERS), AuthorFilter(list_id=lists[1]), AuthorFilter(list_id=lists[0])]
    rules = [
        FeedRules(),
        FeedRules(scope=FeedScope.FOLLOWING),
        *(FeedRules(groups=(FilterGroup(filters=(one,)),)) for one in by),
        FeedRules(unseen_only=True),
    ]
    feeds = [_feed(world, person, order, found) for order, found in enumerate(rules)]
    # One of two others that others may open, and one that they may not.
    named = tuple(OtherFeedFilter(feed_id=feeds[order]) for order in (2, 4))
    feeds.append(_feed(world, person, len(feeds), FeedRules(groups=(FilterGroup(match=Match.ANY, filters=named),))))
    for feed in feeds[:2]:
        for purpose in ("link", "reader"):
            world.add(
                "app.feed_tokens",
                token_hash=sha256(feed_token(feed, purpose).encode()).digest(),
                feed_id=feed,
                purpose=purpose,
            )
    configs: list[tuple[str, dict[str, Any]]] = [
        *(("feed", {"feed_id": feed}) for feed in feeds),
        *(("list", {"list_id": list_}) for list_ in lists),
        *((name, {}) for name in ("gallery", "reposts", "friends", "followers", "following", *STATIC)),
    ]
    shown = [(*config, True) for config in configs]
    hidden = [(*config, False) for config in configs if config[0] in {"gallery", "static_text", "followers"}]
    for order, (type_, config, is_visible) in enumerate([*shown, *hidden]):
        section = world.add(
            "profile_sections",
            user_id=person,
            type=type_,
            title=world.word(),
            description=world.word(),
            config=config,
            display_order=order,
            is_visible=is_visible,
        )
        if type_ in STATIC:
            given: dict[str, Any] = {"section_id": section, "title": world.word(), "content": world.word()}
            if is_visible and type_ == "static_image":
                world.add("section_content", **given, content_type="image", media_id=media(world, person, None))
                continue
            if not is_visible and type_ == "static_text":  # a picture that only its owner sees
                file = media(world, person, None)
                world.add("section_content", **given, content_type="image", media_id=file, display_order=1)
            address = f"https://example.org/{world.word()}"
            world.add("section_content", **given, content_type="text", url=address)

    for is_draft in (False, True):
        _version(world, person, configs, is_draft=is_draft)


def _version(world: World, person: int, configs: list[tuple[str, dict[str, Any]]], *, is_draft: bool) -> None:
    """A version of a profile: a section of each type, and a hidden one."""
    configs = [configs[0], *configs[6:]]
    sections = [_kept(world, type_, config, is_visible=type_ != "gallery") for type_, config in configs]
    world.add(
        "app.profile_versions",
        user_id=person,
        number=0 if is_draft else 1,
        begun_from=1 if is_draft else None,
        background_config={"type": "image", "value": f"https://example.org/{world.word()}"},
        music_config={"url": f"https://example.org/{world.word()}"},
        style_config={},
        layout_config={},
        sections={"sections": sections},
        section_ids=[one["id"] for one in sections],
        content_ids=[piece["id"] for one in sections for piece in one["content"]],
        created_at=world.now(),
    )


def _kept(world: World, type_: str, config: dict[str, Any], *, is_visible: bool) -> dict[str, Any]:
    piece = {"copy_of": None, "type": "text", "title": world.word(), "content": world.word()}
    piece |= {"id": world.drawn("section_content"), "url": f"https://example.org/{world.word()}"}
    return {
        "id": world.drawn("profile_sections"),
        "copy_of": None,
        "type": type_,
        "title": world.word(),
        "description": world.word(),
        "is_visible": is_visible,
        "config": config,
        "content": [piece] if type_ in STATIC else [],
    }


def _feed(world: World, person: int, order: int, rules: FeedRules) -> int:
    """A copy of the one before by somebody else, as everybody has as many."""
    original = world.connection.execute("SELECT max(id) - 6 FROM custom_feeds").fetchone()
    feed = world.add(
        "custom_feeds",
        sharing=("public", "link", "public", "public", "private", "public", "public")[order],
        forked_from_id=None if original is None or (original[0] or 0) < 1 else original[0],
        user_id=person,
        name=world.word(),
        description=world.word(),
        algorithm_config=rules.model_dump(mode="json"),
        display_order=order,
    )
    for row in filter_rows(rules):
        world.add(
            "feed_filters",
            feed_id=feed,
            type=row.filter_type,
            operator=row.filter_operator,
            value=row.value,
            group_id=row.group_id,
            logical_operator=row.logical_operator,
            display_order=row.display_order,
        )
    return feed
