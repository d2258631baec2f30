"""How many likes a second: 32 clients on one post, and each on posts of its own."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import LiteralString

import psycopg

from db.embedded import binaries

CLIENTS = 32
LIKES_OF_EACH = 300

# Each like is another person's, so that each is new. pgbench counts `n` for each client.
_SCRIPT = """\
\\set n :n + 1
\\set person 1 + :client_id + 32 * :n
\\set target {target}
INSERT INTO post_interactions (user_id, post_id, type) VALUES (:person, :target, 'like');
"""
_ONE_POST = _SCRIPT.format(target=":post")
_DIFFERENT_POSTS = _SCRIPT.format(target=":post + :client_id + 32 * :n")

_UNTOUCHED: LiteralString = (
    "SELECT max(p.id) FROM posts AS p WHERE p.status = 'published'"
    " AND NOT EXISTS (SELECT FROM post_interactions AS i WHERE i.post_id = p.id)"
)


def measure(url: str, connection: psycopg.Connection) -> None:
    ((alone,),) = connection.execute(_UNTOUCHED).fetchall()
    connection.execute("DELETE FROM post_interactions WHERE post_id <= %s", [2 * CLIENTS * LIKES_OF_EACH])
    print(f"\n| {CLIENTS} clients, {CLIENTS * LIKES_OF_EACH:,} likes | a second |\n|---|---|")
    print(f"| one post | {_likes_a_second(url, _ONE_POST, alone):,.0f} |")
    print(f"| different posts | {_likes_a_second(url, _DIFFERENT_POSTS, 1):,.0f} |", flush=True)
    ((count,),) = connection.execute("SELECT likes_count FROM posts WHERE id = %s", [alone]).fetchall()
    print(f"\nThe one post counts {count:,} likes.")


def _likes_a_second(url: str, script: str, post: int) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(  # noqa: S603  (our own program, an argument list)
            [
                binaries.packaged() / "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                f"--client={CLIENTS}",
                "--jobs=2",
                f"--transactions={LIKES_OF_EACH}",
                "--define=n=0",
                f"--define=post={post}",
                f"--file={Path(file.name)}",
                url,
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise ValueError(done.stdout)
    return float(found[1])
