"""user_profiles.music_config: what plays on a profile."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from db.documents.document import BIGINT_MAX, Document
from db.documents.urls import MediaUrl


class MusicConfig(Document):
    """The address of a sound, or a file of the profile's owner."""

    url: MediaUrl | None = None
    media_id: Annotated[int, Field(ge=1, le=BIGINT_MAX)] | None = None
    autoplay: bool = False
    volume: Annotated[int, Field(ge=0, le=100)] = 50
    loop: bool = False

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.url is not None and self.media_id is not None:
            raise ValueError("Music has either an address or a file")
        return self
