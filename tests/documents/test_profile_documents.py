"""What people may do to their profile, and how a refusal reads."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from db.documents.background import BackgroundConfig
from db.documents.layout import LayoutConfig
from db.documents.media_urls import MediaUrls
from db.documents.music import MusicConfig
from db.documents.section_config import SECTION_CONFIGS, section_config
from db.documents.style import StyleConfig
from db.enums import SectionType


def refusal(model: type[BaseModel], value: object) -> tuple[tuple[int | str, ...], str]:
    """Where and why the one refused part of `value` was refused."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(value)
    (error,) = caught.value.errors()
    return error["loc"], error["msg"].removeprefix("Value error, ")


def test_a_wrong_background_type_is_refused_with_the_allowed_ones_named() -> None:
    where, why = refusal(BackgroundConfig, {"type": "gradient", "value": "#000000"})
    assert where == ("type",)
    assert why == "Input should be 'color', 'image' or 'video'"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"type": "color", "value": "red"}, "A colour is written #RRGGBB, for example #1E90FF"),
        ({"type": "color", "value": "#12345"}, "A colour is written #RRGGBB, for example #1E90FF"),
        ({"type": "color", "value": "#123456\n"}, "A colour is written #RRGGBB, for example #1E90FF"),
        (
            {"type": "color", "value": "https://a.example/b"},
            "A colour is written #RRGGBB, for example #1E90FF",
        ),
        ({"type": "image", "value": "#123456"}, "A URL starts with http:// or https://"),
        ({"type": "video", "value": "javascript:alert"}, "A URL starts with http:// or https://"),
        ({"type": "image"}, "A URL starts with http:// or https://"),
    ],
)
def test_a_background_value_agrees_with_its_type(document: dict[str, str], why: str) -> None:
    assert refusal(BackgroundConfig, document) == (("value",), why)


def test_a_colour_is_kept_in_capitals() -> None:
    assert BackgroundConfig.model_validate({"type": "color", "value": "#1e90ff"}).value == "#1E90FF"


@pytest.mark.parametrize(
    ("model", "value", "where"),
    [
        (MusicConfig, {"volume": 101}, ("volume",)),
        (MusicConfig, {"volume": -1}, ("volume",)),
        (MusicConfig, {"volume": "50"}, ("volume",)),
        (MusicConfig, {"volume": True}, ("volume",)),
        (MusicConfig, {"autoplay": 1}, ("autoplay",)),
        (MusicConfig, {"url": "ftp://a.example/b.mp3"}, ("url",)),
        (MusicConfig, {"speed": 2}, ("speed",)),
        (StyleConfig, {"colors": {"text": "black"}}, ("colors", "text")),
        (StyleConfig, {"fonts": {"body": "Comic Sans; }"}}, ("fonts", "body")),
        (StyleConfig, {"sizes": {"text": 11}}, ("sizes", "text")),
        (StyleConfig, {"css": "body{}"}, ("css",)),
        (LayoutConfig, {"columns": 4}, ("columns",)),
        (LayoutConfig, {"header": "huge"}, ("header",)),
        (BackgroundConfig, {"value": "#FFFFFF", "blur": 3}, ("blur",)),
        (MediaUrls, [{"id": 0, "type": "image", "url": "/media/a.png"}], (0, "id")),
        (MediaUrls, [{"id": 1, "type": "picture", "url": "/media/a.png"}], (0, "type")),
        (MediaUrls, [{"id": 1, "type": "image", "url": "/etc/passwd"}], (0, "url")),
        (MediaUrls, [{"id": 1, "type": "image", "url": "/media/a", "alt_text": "a\0b"}], (0, "alt_text")),
        (MediaUrls, [{"id": 1, "type": "image", "url": "/media/a", "alt_text": "\ud800"}], (0, "alt_text")),
        (MediaUrls, [{"id": n, "type": "image", "url": "/media/a"} for n in range(1, 12)], ()),
    ],
)
def test_what_a_document_cannot_hold_is_refused_where_it_stands(
    model: type[BaseModel], value: object, where: tuple[int | str, ...]
) -> None:
    assert refusal(model, value)[0] == where


def test_a_document_does_not_change() -> None:
    with pytest.raises(ValidationError):
        MusicConfig().volume = 3  # pyright: ignore[reportAttributeAccessIssue]


SECTION_EXAMPLES: dict[SectionType, dict[str, Any]] = {
    SectionType.FEED: {"feed_id": 7},
    SectionType.GALLERY: {"columns": 4},
    SectionType.LINKS: {"shape": "cards"},
    SectionType.STATIC_TEXT: {"alignment": "center"},
    SectionType.STATIC_IMAGE: {"fit": "contain"},
    SectionType.VIDEO: {"muted": False},
    SectionType.REPOSTS: {"show_comments": False},
    SectionType.FRIENDS: {"limit": 5},
    SectionType.FOLLOWERS: {"shape": "list"},
    SectionType.FOLLOWING: {"limit": 50},
    SectionType.LIST: {"list_id": 3},
}


@pytest.mark.parametrize("type_", SectionType)
def test_each_section_type_has_a_config_of_its_own(type_: SectionType) -> None:
    example = SECTION_EXAMPLES[type_]
    config = section_config(type_, example)
    assert type(config) is SECTION_CONFIGS[type_]
    stored = config.model_dump(mode="json")
    assert example.items() <= stored.items()
    assert section_config(type_, stored) == config
    with pytest.raises(ValidationError):
        section_config(type_, {**example, "unknown": 1})
