"""The shape of the house: what imports what, and that nothing lies about unused."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import psycopg
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from api.schema import schema
from db.statements import QUERIES, Statement, load

PROJECT = Path(__file__).parents[1]
STATEMENTS = {name: statement for file in sorted(QUERIES.glob("*.sql")) for name, statement in load(file.stem).items()}


def test_imports_go_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_module_of_the_api_is_in_a_layer() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    layered = {module.strip() for layer in layers for module in re.split("[:|]", layer)}
    stray = {module for module in _modules("api") if not any(_is_within(module, one) for one in layered)}
    assert stray == set()


def test_sessions_are_written_by_one_module() -> None:
    """But for the jobs that delete those that are over, and those of an account that is purged."""
    writing = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) app\.sessions\b")
    writers = {name for name, statement in STATEMENTS.items() if writing.search(statement.sql.decode())}
    assert writers - set(load("sessions")) == {"purge_sessions", "purge_sessions_of_user"}
    modules = [path for folder in ("api", "db") for path in (PROJECT / folder).rglob("*.py")]
    callers = {str(path.relative_to(PROJECT)) for path in modules if _session_calls(path) & writers}
    assert callers == {"api/accounts/sessions.py"}


def _session_calls(path: Path) -> set[str]:
    """The functions of db.queries.sessions that a module names."""
    names: set[str] = set()
    aliases: set[str] = set()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "db.queries":
            aliases |= {one.asname or one.name for one in node.names if one.name == "sessions"}
        if isinstance(node, ast.ImportFrom) and node.module == "db.queries.sessions":
            names |= {one.name for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            names.add(node.attr)
    return names


def test_resolvers_leave_transactions_to_decorator_and_flows() -> None:
    for path in (PROJECT / "api" / "resolvers").rglob("*.py"):
        assert "in_transaction" not in path.read_text(), path


def _modules(folder: str) -> set[str]:
    """Those that are more than the name of a package."""
    found = [path.relative_to(PROJECT).with_suffix("") for path in (PROJECT / folder).rglob("*.py")]
    return {".".join(path.parts) for path in found if path.name != "__init__"}


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def test_types_reach_the_database_through_loaders_alone() -> None:
    """Of the statements they know the rows."""
    for path in (PROJECT / "api" / "types").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("db.queries", "db.statements")):
                assert [name.name for name in node.names if not name.name.endswith("Row")] == [], path


def test_every_named_statement_is_run_by_one_function_of_its_noun() -> None:
    for file in QUERIES.glob("*.sql"):
        source = (PROJECT / "db" / "queries" / f"{file.stem}.py").read_text()
        used = re.findall(r'_STATEMENTS\["(\w+)"\]', source)
        assert sorted(used) == sorted(load(file.stem)), file.stem


def test_every_function_of_queries_is_called() -> None:
    callers = [*(PROJECT / "api").rglob("*.py"), *(PROJECT / "db").glob("*.py")]
    callers += [*(PROJECT / "db" / "maintenance").glob("*.py"), *(PROJECT / "db" / "queries").glob("*.py")]
    called = "\n".join(path.read_text() for path in callers)
    for file in (PROJECT / "db" / "queries").glob("[a-z]*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                assert re.search(rf"\.{node.name}\b", called), f"{file.stem}.{node.name} is called by nobody"


def test_every_statement_says_what_comes_back() -> None:
    assert [name for name, statement in STATEMENTS.items() if not statement.summary.endswith(".")] == []


def test_every_statement_is_one_that_postgres_can_plan(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        for statement in STATEMENTS.values():
            for variant in filter(None, (statement, statement.backward)):
                connection.execute(_prepared(variant))
                connection.execute("DEALLOCATE one")


def _prepared(statement: Statement) -> bytes:
    """PREPARE with numbered parameters in place of psycopg's named ones."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return b"PREPARE one AS " + re.sub(r"%\((\w+)\)s", number, statement.sql.decode()).encode()


def test_every_element_of_the_schema_is_described() -> None:
    missing: list[str] = []
    for name, kind in schema._schema.type_map.items():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        if not kind.description:
            missing.append(name)
        if isinstance(kind, GraphQLEnumType):
            missing += [f"{name}.{value}" for value, found in kind.values.items() if not found.description]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    missing.append(f"{name}.{field_name}")
                arguments = getattr(field, "args", {})
                missing += [f"{name}.{field_name}({one}:)" for one in arguments if not arguments[one].description]
    assert missing == []


# Modules that are longer, each with the reason.
LONG = {
    "db/seed/texts/popular.py": "Texts of the demo people.",
    "tests/schema/test_checks.py": "One table: each constraint with the values on both sides of its edges.",
}


def test_modules_stay_short() -> None:
    command = ["git", "ls-files", "-co", "--exclude-standard", "*.py"]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    files = [PROJECT / name for name in found if (PROJECT / name).exists()]
    long = {str(file.relative_to(PROJECT)) for file in files if len(file.read_text().splitlines()) > 300}
    assert long == LONG.keys()
