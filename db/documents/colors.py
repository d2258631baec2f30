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
