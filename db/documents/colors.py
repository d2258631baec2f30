"""Colours, always written #RRGGBB: no names, no functions, nothing that CSS would have to interpret."""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def hex_color(color: str) -> str:
    """`color` in capitals, when it is one."""
    if not _HEX.fullmatch(color):
        raise ValueError("A colour is written #RRGGBB, for example #1E90FF")
    return color.upper()


HexColor: TypeAlias = Annotated[str, AfterValidator(hex_color)]


def contrast(one: str, other: str) -> float:
    """How far apart two colours are in lightness, by WCAG 2: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    """A channel of sRGB in proportion to its light."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # as sRGB defines it
