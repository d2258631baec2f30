"""The client that ariadne-codegen writes from docs/clients.md, against the real server."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.clients.conftest import HERE, PATIENCE
from tests.clients.page import PROJECT, write_blocks

REQUIREMENTS = HERE / "requirements.lock"


@pytest.fixture(scope="module")
def programs() -> Path:
    """The programs of an environment with ariadne-codegen, which takes another graphql-core than the server."""
    environment = Path(sys.prefix) / "clients"
    installed = environment / hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not installed.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", environment], check=True)
        pip = [sys.executable, "-m", "pip", "--python", environment, "--quiet", "install"]
        command = [*pip, "--require-hashes", "--no-deps", "-r", REQUIREMENTS]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode:
            assert "CI" not in os.environ, done.stderr
            pytest.skip(f"pip cannot install ariadne-codegen: {done.stderr[-200:]}")
        installed.touch()
    return environment / "bin"


def test_the_generated_client_signs_in_pages_likes_and_sees_401(
    programs: Path, address: str, database_url: str, tmp_path: Path
) -> None:
    write_blocks(tmp_path)
    (tmp_path / "schema.graphql").write_text((PROJECT / "api" / "schema.graphql").read_text("utf-8"), "utf-8")
    made = subprocess.run([programs / "ariadne-codegen"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    done = subprocess.run(
        [programs / "python", "use_vrss.py"],
        cwd=tmp_path,
        env={**os.environ, "GRAPHQL_URL": address},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(database_url) as connection:
        row = connection.execute(VISIBLE).fetchone()
    assert row is not None
    assert done.stdout.splitlines() == [f"{row[0]} UTC True []", "401 UNAUTHENTICATED"]


VISIBLE = """
SELECT count(*) FROM app.visible_posts((SELECT id FROM public.users WHERE username = 'cleo')) AS seen
WHERE seen.user_id = (SELECT id FROM public.users WHERE username = 'ada')
"""
