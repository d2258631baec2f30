"""Requests as they come: every wrong one gets a code and a request id, never a 5xx."""

import logging

import httpx
import psycopg
import pytest
from psycopg import sql

from api.app import create_app
from api.gql.ids import encode
from api.settings import Settings
from db.settings import DatabaseSettings
from tests.api.conftest import Api, api_over
from tests.servers import Server

JSON = {"content-type": "application/json"}


def _error(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return response.status_code, error["extensions"]["code"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ homeFeed(first: 0) { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ homeFeed(first: 101) { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ homeFeed(last: -1) { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ homeFeed(first: 1, last: 1) { nodes { id } } }", "BAD_USER_INPUT"),
        ('{ homeFeed(after: "nonsense") { nodes { id } } }', "BAD_CURSOR"),
        ('{ homeFeed(after: "") { nodes { id } } }', "BAD_CURSOR"),
        ('{ post(id: "nonsense") { id } }', "BAD_USER_INPUT"),
        ('{ post(id: "VXNlcjox") { id } }', "BAD_USER_INPUT"),
        ('{ node(id: "UG9zdDo5OTk5OTk5OTk5OTk5OTk5OTk5OQ") { id } }', "BAD_USER_INPUT"),
        ('{ node(id: "Tm90aGluZzox") { id } }', "BAD_USER_INPUT"),
        ('{ user(username: "\\u0000") { id } }', "BAD_USER_INPUT"),
        ('{ user(username: "\\uD800") { id } }', "GRAPHQL_PARSE_FAILED"),
        ("query ($first: Int) { homeFeed(first: $first) { nodes { id } } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_wrong_document_is_refused_with_its_code(api: Api, query: str, code: str) -> None:
    ada = api.factory.user("ada")
    response = await api.post({"query": query, "variables": {"first": "many"}}, viewer=ada)
    assert _error(response) == (200, code)


async def test_an_invalid_document_is_400_for_clients_of_the_newer_media_type(api: Api) -> None:
    accept = {"accept": "application/graphql-response+json"}
    for query in ("{", "{ nothing }"):
        response = await api.post({"query": query}, headers=accept)
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
        assert "data" not in response.json()


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b"null", JSON, 400),
        (b'{"query": 1}', JSON, 400),
        (b'{"query": ""}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": []}', JSON, 400),
        (b'{"query": "{ __typename }", "operationName": 1}', JSON, 400),
        (b'{"query": "{ __typename }", "extensions": "x"}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\\u0000"}}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\xff"}}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": ' + b"[" * 5000 + b"]" * 5000 + b"}", JSON, 400),
        (b'{"query": "' + b" " * 1024 * 1024 + b'"}', JSON, 413),
        (b"query { __typename }", {"content-type": "application/graphql"}, 415),
        (b'{"query": "{ __typename }"}', {"content-type": "text/plain"}, 415),
        (b'{"query": "{ __typename }"}', {**JSON, "content-encoding": "gzip"}, 415),
        (b'{"query": "{ __typename }"}', {**JSON, "accept": "image/png"}, 406),
    ],
)
async def test_a_wrong_request_is_refused(api: Api, content: bytes, headers: dict[str, str], status: int) -> None:
    response = await api.client.post("/graphql", content=content, headers=headers)
    assert _error(response) == (status, "BAD_USER_INPUT")


async def test_get_runs_queries_and_nothing_else(api: Api) -> None:
    response = await api.client.get("/graphql", params={"query": "{ __typename }"})
    assert (response.status_code, response.json()["data"]) == (200, {"__typename": "Query"})
    response = await api.client.get("/graphql", params={"query": "mutation { logout { loggedOut } }"})
    assert _error(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"
    response = await api.client.get("/graphql", params={"query": "{ __typename }", "variables": "{"})
    assert _error(response) == (400, "BAD_USER_INPUT")


async def test_an_ambiguous_operation_needs_a_name(api: Api) -> None:
    document = "query A { a: __typename } query B { b: __typename }"
    for name, refusal in (
        (None, (200, "GRAPHQL_VALIDATION_FAILED")),
        ("", (200, "GRAPHQL_VALIDATION_FAILED")),
        ("C", (200, "BAD_USER_INPUT")),
    ):
        response = await api.post({"query": document, "operationName": name})
        assert _error(response) == refusal
    response = await api.post({"query": document, "operationName": "B"})
    assert response.json()["data"] == {"b": "Query"}


async def test_other_methods_are_named_as_such(api: Api) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = await api.client.request(method, "/graphql")
        assert _error(response) == (405, "BAD_USER_INPUT")
        assert response.headers["allow"] == "GET, POST"


async def test_an_answer_is_never_stored_and_keeps_the_request_id_of_the_client(api: Api) -> None:
    response = await api.post({"query": "{ __typename }"}, headers={"x-request-id": "client-chosen-1"})
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-request-id"] == "client-chosen-1"
    response = await api.post({"query": "{ __typename }"}, headers={"x-request-id": "<script>"})
    assert response.headers["x-request-id"] != "<script>"


def break_table(api: Api, name: str) -> None:
    """Whoever reads it divides by zero, even without a row in it."""
    kept, view = sql.Identifier("kept"), sql.Identifier(name)
    api.factory.connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(view, kept))
    broken = sql.SQL("CREATE VIEW {} AS SELECT * FROM {} WHERE 1 / (SELECT 0) = 1").format(view, kept)
    api.factory.connection.execute(broken)


async def test_a_schema_that_has_yet_to_be_migrated_is_overloaded(api: Api) -> None:
    ada = api.factory.user("ada")
    api.tokens[ada] = api.factory.session(ada)
    post = encode("Post", api.factory.post(ada))
    api.factory.connection.execute("ALTER TABLE posts RENAME COLUMN title TO heading")
    like = "mutation ($id: ID!) { likePost(input: {postId: $id}) { post { title } } }"
    for query in ("query ($id: ID!) { post(id: $id) { title } }", like):
        response = await api.post({"query": query, "variables": {"id": post}}, viewer=ada)
        codes = [error["extensions"]["code"] for error in response.json()["errors"]]
        assert (response.status_code, codes, response.headers["retry-after"]) == (503, ["OVERLOADED"], "1")
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0


async def test_a_fault_of_ours_is_masked_and_logged_once(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    ada = api.factory.user("ada")
    api.tokens[ada] = api.factory.session(ada)
    break_table(api, "notifications")
    response = await api.post({"query": "{ viewer { notifications { nodes { id } } } }"}, viewer=ada)
    (error,) = response.json()["errors"]
    assert error["extensions"] == {
        "code": "INTERNAL_SERVER_ERROR",
        "requestId": response.headers["x-request-id"],
    }
    assert "division" not in response.text
    logged = [record for record in caplog.records if record.name == "vrss.errors"]
    assert len(logged) == 1
    assert logged[0].exc_info is not None


async def test_a_fault_that_fails_many_fields_is_logged_once(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    ada, ben = api.factory.user("ada"), api.factory.user("ben")
    api.factory.follow(ada, ben)
    for _ in range(5):
        api.factory.post(ben)
    api.tokens[ada] = api.factory.session(ada)
    picture = api.factory.media(ben)
    api.factory.connection.execute("UPDATE user_profiles SET avatar_media_id = %s WHERE user_id = %s", [picture, ben])
    break_table(api, "post_media")  # the authors' pictures are in it
    response = await api.post({"query": "{ homeFeed { nodes { author { username } } } }"}, viewer=ada)
    codes = [error["extensions"]["code"] for error in response.json()["errors"]]
    assert codes == ["INTERNAL_SERVER_ERROR"] * 5
    assert len([record for record in caplog.records if record.name == "vrss.errors"]) == 1


async def test_in_development_a_fault_is_named(empty_database: str) -> None:
    async with api_over(empty_database, settings={"environment": "development"}) as api:
        break_table(api, "users")
        (error,) = (await api.post({"query": '{ user(username: "ada") { id } }'})).json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "Something went wrong on our side" in error["message"]
    assert error["extensions"]["fault"].startswith("DivisionByZero: division by zero")


async def test_health_and_readiness_answer(api: Api) -> None:
    assert (await api.client.get("/healthz")).json() == {"healthy": True}
    response = await api.client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "problems": []})
    api.factory.connection.execute("DROP FUNCTION app.update_post_likes_count CASCADE")
    while response.status_code == 200:  # for a second at most
        response = await api.client.get("/readyz")
    assert response.status_code == 503
    assert "update_post_likes_count" in response.text


async def test_an_unreachable_database_is_reported_by_readiness(api: Api, server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        name = api.factory.connection.info.dbname
        connection.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        response = await api.client.get("/readyz")
        connection.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(sql.Identifier(name)))
    assert (response.status_code, response.json()) == (
        503,
        {"ready": False, "problems": ["The database cannot be reached."]},
    )


async def test_a_document_that_unfolds_into_millions_of_fields_is_refused(api: Api) -> None:
    layers = 22
    nested = "".join(
        f"fragment F{layer} on User {{ followers {{ nodes {{ ...F{layer + 1} }} }} "
        f"following {{ nodes {{ ...F{layer + 1} }} }} }}"
        for layer in range(layers)
    )
    query = f'{{ user(username: "ada") {{ ...F0 }} }} {nested} fragment F{layers} on User {{ id }}'
    assert _error(await api.post({"query": query})) == (200, "COST_LIMIT")
    assert api.statements == []


async def test_the_front_page_leads_to_graphql_without_naming_a_host(api: Api) -> None:
    answer = await api.client.get("/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (307, "graphql")


@pytest.mark.parametrize("path", ["/graphql/", "/graphql/assets", "/export/", "/healthz/", "/readyz/"])
async def test_no_path_leads_to_the_host_that_the_request_names(api: Api, path: str) -> None:
    for method in ("GET", "POST"):
        response = await api.client.request(method, path, headers={"host": "evil.example"})
        assert response.status_code == 404
        assert "location" not in response.headers
        assert "evil.example" not in response.text


async def test_a_request_leaves_one_line_also_where_the_api_is_mounted(
    empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(database=DatabaseSettings(database_url=empty_database))
    app = create_app(settings)
    transport = httpx.ASGITransport(app, root_path="/api")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://vrss.test") as client,
    ):
        with caplog.at_level(logging.INFO, "vrss.access"):
            response = await client.post("/api/graphql", json={"query": "{ viewer { username } }"})
    assert response.json()["data"] == {"viewer": None}
    (line,) = [record.getMessage() for record in caplog.records if record.name == "vrss.access"]
    assert "cost=30" in line
