"""user_profiles.music_config: what plays on a profile."""

from typing import Annotated

from pydantic import Field

from db.documents.document import Document
from db.documents.urls import MediaUrl


class MusicConfig(Document):
    url: MediaUrl | None = None
    autoplay: bool = False
    volume: Annotated[int, Field(ge=0, le=100)] = 50
    loop: bool = False
