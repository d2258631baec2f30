"""What OpenTelemetry is told where it is asked for: operations, fields by column and statements, one in the other."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.api.conftest import Api, api_over

FEED = """query Feed { homeFeed(first: 5) { nodes { id content likesCount viewerHasLiked author { username }
  comments(first: 2) { nodes { content author { username } } } } } }"""
OPERATION = "query Feed"


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """The process can be given to a provider once."""
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    trace.set_tracer_provider(provider)
    return found


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


@pytest.fixture
async def traced(anchored_database: str) -> AsyncGenerator[Api]:
    settings = {"tracing": "opentelemetry", "executor": "compiled"}  # the stock one has no spans for fields
    async with api_over(anchored_database, settings=settings) as api:
        yield api


def _chain(span: ReadableSpan, spans: tuple[ReadableSpan, ...]) -> list[str]:
    """The names of a span and of what it is in, from the outermost on."""
    by_id = {one.context.span_id: one for one in spans if one.context}
    parent = by_id.get(span.parent.span_id) if span.parent else None
    return [*(_chain(parent, spans) if parent else []), span.name]


async def test_a_page_is_an_operation_its_columns_and_its_statements(
    demo: Api, traced: Api, spans: InMemorySpanExporter
) -> None:
    expected = await demo.run(FEED, viewer=demo.user("ada"))
    assert spans.get_finished_spans() == ()
    assert await traced.run(FEED, viewer=traced.user("ada")) == expected
    found = spans.get_finished_spans()
    (operation,) = (span for span in found if span.parent is None)
    assert (operation.name, operation.attributes) == (
        OPERATION,
        {"graphql.operation.type": "query", "graphql.operation.name": "Feed"},
    )
    fields = Counter(span.name for span in found if span.name[0].isupper())
    assert fields["Query.homeFeed"] == fields["Post.author"] == fields["Comment.author"] == fields["Post.comments"] == 1
    assert "Post.content" not in fields
    (authors,) = (span for span in found if span.name == "Post.author")
    assert authors.attributes == {"graphql.field.parents": 5}
    assert _chain(authors, found)[:2] == [OPERATION, "Query.homeFeed"]
    statements = [span for span in found if span.attributes and "db.system.name" in span.attributes]
    assert sorted(span.name for span in statements) == sorted(traced.statements)
    assert all(_chain(span, found)[0] == OPERATION for span in statements)
    (page,) = (span for span in statements if span.name == "home_feed")
    assert _chain(page, found) == [OPERATION, "Query.homeFeed", "home_feed"]


async def test_a_write_is_traced_with_its_statements(traced: Api, spans: InMemorySpanExporter) -> None:
    mutation = 'mutation Write { createPost(input: {type: TEXT_SHORT, content: "Hello"}) { post { content } } }'
    assert await traced.run(mutation, viewer=traced.user("ada")) == {"createPost": {"post": {"content": "Hello"}}}
    found = spans.get_finished_spans()
    (field,) = (span for span in found if span.name == "Mutation.createPost")
    assert _chain(field, found) == ["mutation Write", "Mutation.createPost"]
    inside = [span.name for span in found if _chain(span, found)[1:2] == ["Mutation.createPost"]]
    assert inside == ["insert_post", "lock_own_post", "posts_by_ids", "Mutation.createPost"]


async def test_a_failed_statement_is_traced_as_an_error(traced: Api, spans: InMemorySpanExporter) -> None:
    ada = traced.user("ada")
    traced.tokens[ada] = traced.factory.session(ada)
    traced.factory.connection.execute("ALTER TABLE notifications RENAME TO gone")
    await traced.post({"query": "{ viewer { notifications { nodes { id } } } }"}, viewer=ada)
    failed = [span for span in spans.get_finished_spans() if span.status.status_code is StatusCode.ERROR]
    assert [span.name for span in failed] == ["notifications_by_user_ids"]
