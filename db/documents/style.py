"""user_profiles.style_config: fonts, colours and sizes. No raw CSS: clients map these words to their own."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from db.documents.colors import HexColor
from db.documents.document import Choice, Document


class FontFamily(StrEnum):
    SYSTEM = "system"
    SANS = "sans"
    SERIF = "serif"
    MONO = "mono"
    ROUNDED = "rounded"
    DISPLAY = "display"
    HANDWRITING = "handwriting"


class StyleFonts(Document):
    heading: Annotated[FontFamily, Choice] = FontFamily.SYSTEM
    body: Annotated[FontFamily, Choice] = FontFamily.SYSTEM


class StyleColors(Document):
    text: HexColor = "#1A1A1A"
    background: HexColor = "#FFFFFF"
    accent: HexColor = "#0B57D0"
    link: HexColor = "#0B57D0"


class StyleSizes(Document):
    """In CSS pixels."""

    text: Annotated[int, Field(ge=12, le=24)] = 16
    heading: Annotated[int, Field(ge=16, le=64)] = 28
    radius: Annotated[int, Field(ge=0, le=32)] = 8


class StyleConfig(Document):
    fonts: StyleFonts = StyleFonts()
    colors: StyleColors = StyleColors()
    sizes: StyleSizes = StyleSizes()
