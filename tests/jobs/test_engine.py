"""The engine's tables are those of the installed version, and no setting of a connection hides them."""

import difflib
import re
from typing import Any

import psycopg
import pytest
from procrastinate import sql as library
from procrastinate.schema import SchemaManager
from procrastinate.testing import InMemoryConnector

from api.jobs.engine import lane_app, qualified
from api.jobs.tasks import LANES, TASKS
from db.migrations.migrate import dump_schema
from tests.jobs.scene import enqueue, run, scalar, waiting

# Of each function, so that it does not matter who calls it.
PATH = "    SET search_path TO 'jobs', 'pg_temp'\n"


def of_jobs(url: str) -> list[str]:
    """The dump of the schema `jobs`, an object a line, without what we add to the functions."""
    dump = dump_schema(url).replace(PATH, "").partition("-- PostgreSQL database dump complete")[0]
    dump = re.sub(r"^SET default_.*\n", "", dump, flags=re.MULTILINE)
    parts = [part for part in dump.split("\n--\n-- Name: ") if "; Schema: jobs;" in part]
    return [" ".join(part.split()).removesuffix(" --") for part in parts]


def test_the_migrated_tables_are_those_of_the_installed_version(blank_database: str, empty_database: str) -> None:
    with psycopg.connect(blank_database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA app")
        connection.execute("CREATE SCHEMA jobs")
        connection.execute("SET search_path = jobs")
        connection.execute(SchemaManager.get_schema().encode())
    theirs, ours = of_jobs(blank_database), of_jobs(empty_database)
    assert len(ours) > 50
    difference = "\n".join(difflib.unified_diff(ours, theirs, "ours", "theirs", lineterm="", n=0))
    assert not difference, f"the installed procrastinate needs a migration of ours:\n{difference}"


@pytest.mark.parametrize("name", sorted(set(library.queries) - {"listen_queue"}))
def test_a_statement_of_the_engine_finds_its_tables_without_a_search_path(
    connection: psycopg.Connection, name: str
) -> None:
    """As behind a pooler in transaction mode."""
    connection.execute("SET search_path = ''")
    query = qualified(library.queries[name])
    names: list[str] = []
    text = query
    while "%(" in text:
        parameter = text[text.index("%(") + 2 : text.index(")s")]
        names.append(parameter)
        text = text.replace(f"%({parameter})s", f"${len(names)}")
    connection.execute(f"PREPARE one AS {text}".encode())


async def nothing(*_: Any, **__: Any) -> str:
    return ""


def test_every_task_belongs_to_a_lane_that_runs_it_when_its_time_comes() -> None:
    assert {task.lane for task in TASKS.values()} == set(LANES)
    for lane in LANES:
        tasks = {task: nothing for task in TASKS.values() if task.lane is lane}
        connector: Any = InMemoryConnector()
        registry: Any = lane_app(connector, lane, tasks, periodic=True).periodic_registry
        periodic = {name for name, _ in registry.periodic_tasks}
        assert periodic == {task.name for task in tasks if task.cron is not None}


async def test_jobs_of_workers_that_are_gone_or_silent_begin_anew(
    seeded: psycopg.Connection, seeded_database: str
) -> None:
    silent = scalar(
        seeded,
        "INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 s') RETURNING id",
    )
    living = scalar(seeded, "INSERT INTO jobs.procrastinate_workers DEFAULT VALUES RETURNING id")
    for worker in (silent, None, living):
        job = enqueue(seeded, "maintenance", "purge_tokens" if worker == living else "purge_posts")
        seeded.execute(
            "UPDATE jobs.procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", (worker, job)
        )
    done = await run(seeded_database)
    # One does what both would do.
    assert [outcome.task for outcome in done] == ["purge_posts"]
    assert waiting(seeded) == [("purge_tokens", "doing", 0, {}, False)]


async def test_a_task_that_this_version_does_not_know_fails_and_stops_no_other(
    seeded: psycopg.Connection, seeded_database: str
) -> None:
    enqueue(seeded, "maintenance", "of_a_newer_version")
    enqueue(seeded, "maintenance", "purge_posts")
    assert [outcome.task for outcome in await run(seeded_database)] == ["purge_posts"]
    assert waiting(seeded) == [("of_a_newer_version", "failed", 1, {}, False)]
