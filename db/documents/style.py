"""user_profiles.style_config: fonts, colours and sizes. No raw CSS: clients map these words to their own."""

from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from db.documents.colors import HexColor, contrast
from db.documents.document import Choice, Document


class FontFamily(StrEnum):
    SYSTEM = "system"
    SANS = "sans"
    SERIF = "serif"
    MONO = "mono"
    ROUNDED = "rounded"
    DISPLAY = "display"
    HANDWRITING = "handwriting"


# WCAG 2, level AA: of text of ordinary size, and of what is to be told from its surroundings.
_LEAST_CONTRAST = {"text": 4.5, "link": 4.5, "accent": 3.0}


class LowContrast(NamedTuple):
    """A colour of a profile on its background. `name` is that of the colour; the ratios are from 1 to 21."""

    name: str
    foreground: str
    background: str
    ratio: float
    required: float


class StyleFonts(Document):
    heading: Annotated[FontFamily, Choice] = FontFamily.SYSTEM
    body: Annotated[FontFamily, Choice] = FontFamily.SYSTEM


class StyleColors(Document):
    text: HexColor = "#1A1A1A"
    background: HexColor = "#FFFFFF"
    accent: HexColor = "#0B57D0"
    link: HexColor = "#0B57D0"

    def low_contrasts(self) -> "list[LowContrast]":
        """What stands on the background with too little contrast, text before links before buttons."""
        colors = [(name, getattr(self, name), least) for name, least in _LEAST_CONTRAST.items()]
        found = [
            LowContrast(name, one, self.background, contrast(one, self.background), least)
            for name, one, least in colors
        ]
        return [one for one in found if one.ratio < one.required]


class StyleSizes(Document):
    """In CSS pixels."""

    text: Annotated[int, Field(ge=12, le=24)] = 16
    heading: Annotated[int, Field(ge=16, le=64)] = 28
    radius: Annotated[int, Field(ge=0, le=32)] = 8


class StyleConfig(Document):
    fonts: StyleFonts = StyleFonts()
    colors: StyleColors = StyleColors()
    sizes: StyleSizes = StyleSizes()
