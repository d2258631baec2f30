"""Compiled execution against graphql-core's own: random schemas, documents, variables and faults, the same answers."""

import gc
import os
from collections.abc import Iterator

import pytest

from tests.execution.differential.comparing import DOCUMENTS, compare

SCHEMAS = 250 if os.environ.get("VRSS_PROOF") else 25

pytestmark = [
    pytest.mark.proof,
    # graphql-core leaves coroutines of its own unawaited when a list is given up.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What graphql-core leaves unawaited is found here, where it is expected, and not in another test."""
    yield
    gc.collect()


@pytest.mark.parametrize("seed", range(SCHEMAS))
async def test_compiled_execution_answers_as_stock_execution_does(seed: int) -> None:
    assert await compare(seed) > DOCUMENTS
