"""What is stored as JSON comes back as the same document, whatever it holds."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from db.documents.background import BackgroundConfig
from db.documents.feed_rules import FeedRules
from db.documents.layout import LayoutConfig
from db.documents.media_urls import MediaUrls
from db.documents.music import MusicConfig
from db.documents.style import StyleConfig
from tests.documents import strategies


@given(
    st.one_of(
        strategies.backgrounds,
        strategies.musics,
        strategies.styles,
        strategies.layouts,
        strategies.media,
        strategies.rules,
    )
)
@settings(max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_a_stored_document_reads_back_unchanged(document: BaseModel) -> None:
    stored = json.loads(json.dumps(document.model_dump(mode="json")))
    assert type(document).model_validate(stored) == document


@pytest.mark.parametrize("model", [BackgroundConfig, MusicConfig, StyleConfig, LayoutConfig, FeedRules])
def test_an_empty_object_is_a_document(model: type[BaseModel]) -> None:
    assert model.model_validate({}) == model()


def test_no_media_is_a_document() -> None:
    assert MediaUrls.model_validate([]).model_dump(mode="json") == []
