"""A worker that is killed between any two of its steps: nothing is lost, and only an e-mail can come twice."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from email import message_from_bytes
from pathlib import Path

import httpx
import psycopg
from aiosmtpd.smtp import Envelope

from tests.cli.commands import VRSS, environment, serving, vrss
from tests.jobs.inbox import Inbox
from tests.jobs.scene import count, enqueue, scalar, waiting
from tests.jobs.test_post_purges import deleted_posts
from tests.triggers.recount import differences
from tests.waiting import until_blocked_by

EMAIL = {
    "user_id": 1,
    "to": "ada@example.org",
    "subject": "Confirm",
    "paragraphs": ["Hello"],
    "message_id": "one",
    "expires_at": 4_000_000_000,
}


@contextmanager
def worker(url: str, mail_url: str) -> Generator[subprocess.Popen[bytes]]:
    settings = environment(DATABASE_URL=url, VRSS_MAIL_URL=mail_url)
    with subprocess.Popen([VRSS, "worker"], env=settings, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def message_id(envelope: Envelope) -> str:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content)["Message-ID"]


def let_time_pass(connection: psycopg.Connection) -> None:
    """So much that a worker which was killed counts as gone."""
    connection.execute("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def forget_periodic(connection: psycopg.Connection) -> None:
    """Only what a test enqueues is looked at."""
    connection.execute(
        "CREATE FUNCTION jobs.only_ours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.args ? 'timestamp' THEN RETURN NULL; END IF; RETURN NEW; END $$"
    )
    connection.execute(
        "CREATE TRIGGER only_ours BEFORE INSERT ON jobs.procrastinate_jobs"
        " FOR EACH ROW EXECUTE FUNCTION jobs.only_ours()"
    )


REGISTER = """
mutation {
  register(input: {username: "gina", email: "gina@example.org", password: "a passphrase of hers"}) {
    userErrors { code }
  }
}
"""


def test_an_email_waits_though_the_server_is_killed_after_its_answer(seeded_database: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": seeded_database, "VRSS_WORKER": "false"}
    with serving("serve", **settings) as (process, address):
        answer = httpx.post(f"{address}/graphql", json={"query": REGISTER}, timeout=30).json()
        process.kill()
    assert answer["data"] == {"register": {"userErrors": []}}
    assert list(tmp_path.iterdir()) == []
    done = vrss("jobs", "run", "purge_failed_jobs", DATABASE_URL=seeded_database, VRSS_MAIL_URL=f"file:{tmp_path}")
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []  # that is another lane
    done = vrss("jobs", "run", DATABASE_URL=seeded_database, VRSS_MAIL_URL=f"file:{tmp_path}")
    assert "send_email 1: sent" in done.stdout.splitlines()
    (email,) = (message_from_bytes(file.read_bytes()) for file in tmp_path.iterdir())
    assert email["To"] == "gina@example.org"


@asynccontextmanager
async def patience() -> AsyncGenerator[None]:
    async with asyncio.timeout(30):
        yield


async def until_nothing_waits(connection: psycopg.Connection) -> None:
    async with patience():
        while waiting(connection):  # noqa: ASYNC110  # another process's
            await asyncio.sleep(0.02)


async def test_an_email_that_a_killed_worker_was_sending_is_sent_by_the_next(
    seeded: psycopg.Connection, seeded_database: str, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    forget_periodic(seeded)
    enqueue(seeded, "email", "send_email", **EMAIL)
    received.open.clear()
    with worker(seeded_database, mail_url) as process:
        async with patience():
            await received.arrived.wait()
        process.kill()
        process.wait()
    received.failures = 1  # what the first one had begun is not taken
    received.open.set()
    assert [row[:3] for row in waiting(seeded)] == [("send_email", "doing", 0)]
    let_time_pass(seeded)
    with worker(seeded_database, mail_url):
        async with patience():
            while not received.envelopes:
                seeded.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
                await asyncio.sleep(0.02)
        await until_nothing_waits(seeded)
    assert len(received.envelopes) == 1


async def test_an_email_comes_twice_where_the_database_does_not_know_it_was_sent(
    seeded: psycopg.Connection, seeded_database: str, inbox: tuple[Inbox, str]
) -> None:
    """At least once: both have the same Message-ID."""
    received, mail_url = inbox
    forget_periodic(seeded)
    job = enqueue(seeded, "email", "send_email", **EMAIL)
    received.open.clear()
    with psycopg.connect(seeded_database) as holder, worker(seeded_database, mail_url) as process:
        async with patience():
            await received.arrived.wait()
        holder.execute("SELECT FROM jobs.procrastinate_jobs WHERE id = %s FOR UPDATE", (job,))
        received.open.set()
        await asyncio.to_thread(until_blocked_by, holder)  # it says that the job is done
        process.kill()
        process.wait()
        backend = scalar(
            seeded,
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        assert backend is True
        holder.rollback()
    let_time_pass(seeded)
    with worker(seeded_database, mail_url):
        await until_nothing_waits(seeded)
    ids = [message_id(envelope) for envelope in received.envelopes]
    assert ids == ["<one@localhost>"] * 2


async def test_a_purge_of_a_killed_worker_is_done_by_the_next(seeded: psycopg.Connection, seeded_database: str) -> None:
    forget_periodic(seeded)
    posts = deleted_posts(seeded, 3)
    comments = "INSERT INTO comments (post_id, user_id, content) SELECT %s, 1, 'Hi' FROM generate_series(1, 700)"
    seeded.execute("ALTER TABLE comments DISABLE TRIGGER USER")
    seeded.execute(comments, (posts[0],))
    seeded.execute("ALTER TABLE comments ENABLE TRIGGER USER")
    before = count(seeded, "comments")
    enqueue(seeded, "maintenance", "purge_posts")
    with psycopg.connect(seeded_database) as holder, worker(seeded_database, "console:") as process:
        # The comment that the last of seven batches comes to.
        holder.execute("SELECT FROM comments WHERE post_id = %s ORDER BY id LIMIT 1 FOR UPDATE", (posts[0],))
        backend = await asyncio.to_thread(until_blocked_by, holder)
        process.kill()
        process.wait()
        assert scalar(seeded, "SELECT pg_terminate_backend(%s, 10000)", backend) is True
        holder.rollback()
    assert before - count(seeded, "comments") >= 600  # what the batches before it did is stored
    let_time_pass(seeded)
    with worker(seeded_database, "console:") as process:
        await until_nothing_waits(seeded)
        process.terminate()
        assert process.wait(30) == 0
    assert scalar(seeded, "SELECT count(*) FROM posts WHERE id = ANY(%s)", posts) == 0
    assert count(seeded, "jobs.procrastinate_workers") == 0
    assert differences(seeded) == []


async def test_two_workers_do_each_job_once(
    seeded: psycopg.Connection, seeded_database: str, inbox: tuple[Inbox, str]
) -> None:
    received, mail_url = inbox
    forget_periodic(seeded)
    for number in range(40):
        enqueue(seeded, "email", "send_email", **EMAIL | {"message_id": f"n{number}"})
    with worker(seeded_database, mail_url), worker(seeded_database, mail_url):
        await until_nothing_waits(seeded)
    ids = [message_id(envelope) for envelope in received.envelopes]
    assert sorted(ids) == sorted(f"<n{number}@localhost>" for number in range(40))
