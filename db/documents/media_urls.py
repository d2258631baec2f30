"""posts.media_urls: the ordered copy of a post's media, written with the post. post_media is the truth."""

from typing import Annotated

from pydantic import Field, RootModel

from db.documents.document import BIGINT_MAX, Choice, Document, Many, Storable
from db.documents.urls import MediaUrl
from db.enums import MediaType

MEDIA_PER_POST = 10


class MediaCopy(Document):
    id: Annotated[int, Field(ge=1, le=BIGINT_MAX)]
    type: Annotated[MediaType, Choice]
    url: MediaUrl
    width: Annotated[int, Field(ge=1)] | None = None
    height: Annotated[int, Field(ge=1)] | None = None
    duration_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    thumbnail_url: MediaUrl | None = None
    alt_text: Annotated[str, Field(max_length=1000), Storable] | None = None


class MediaUrls(RootModel[Annotated[Many[MediaCopy], Field(max_length=MEDIA_PER_POST)]], frozen=True):
    root: Annotated[Many[MediaCopy], Field(max_length=MEDIA_PER_POST)] = ()
