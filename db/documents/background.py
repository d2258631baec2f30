"""user_profiles.background_config: what lies behind a profile."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator, model_validator

from db.documents.colors import hex_color
from db.documents.document import BIGINT_MAX, Choice, Document, Storable
from db.documents.urls import URL_LENGTH, MediaUrl


class BackgroundType(StrEnum):
    COLOR = "color"
    IMAGE = "image"
    VIDEO = "video"


class BackgroundPosition(StrEnum):
    """Which part of the picture stays in sight when the window is smaller."""

    CENTER = "center"
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


_MEDIA_URL: TypeAdapter[str] = TypeAdapter(MediaUrl)


class BackgroundConfig(Document):
    """A colour, the address of a picture or video, or with an empty `value` a file of the profile's owner."""

    # `type` comes first: pydantic validates in this order, and `value` is read according to it.
    type: Annotated[BackgroundType, Choice] = BackgroundType.COLOR
    value: Annotated[str, Field(max_length=URL_LENGTH, validate_default=True), Storable] = "#FFFFFF"
    position: Annotated[BackgroundPosition, Choice] = BackgroundPosition.CENTER
    media_id: Annotated[int, Field(ge=1, le=BIGINT_MAX)] | None = None

    @field_validator("value", mode="after")
    @classmethod
    def _agrees_with_type(cls, value: str, info: ValidationInfo) -> str:
        match info.data.get("type"):
            case BackgroundType.COLOR:
                return hex_color(value)
            case BackgroundType.IMAGE | BackgroundType.VIDEO:
                return _MEDIA_URL.validate_python(value) if value else value
            case _:  # the type itself was refused, and that is the error to show
                return value

    @model_validator(mode="after")
    def _has_one_address_or_file(self) -> Self:
        if self.type is BackgroundType.COLOR and self.media_id is not None:
            raise ValueError("A colour has no file")
        if (self.value == "") == (self.media_id is None):
            raise ValueError("A background has either a value or a file")
        return self
