"""user_profiles.layout_config: how the sections of a profile are laid out."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from db.documents.document import Choice, Document


class LayoutWidth(StrEnum):
    NARROW = "narrow"
    MEDIUM = "medium"
    WIDE = "wide"


class LayoutSpacing(StrEnum):
    COMPACT = "compact"
    COMFORTABLE = "comfortable"
    SPACIOUS = "spacious"


class LayoutHeader(StrEnum):
    BANNER = "banner"
    COMPACT = "compact"
    HIDDEN = "hidden"


class LayoutConfig(Document):
    columns: Annotated[int, Field(ge=1, le=3)] = 1
    width: Annotated[LayoutWidth, Choice] = LayoutWidth.MEDIUM
    spacing: Annotated[LayoutSpacing, Choice] = LayoutSpacing.COMFORTABLE
    header: Annotated[LayoutHeader, Choice] = LayoutHeader.BANNER
