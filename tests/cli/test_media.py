"""`vrss media`, as an operator meets it."""

import os
from pathlib import Path

import psycopg

from tests.cli.commands import vrss

KEY = "m/ab/" + "0" * 30
CLEAN = "Every file has its object, and every object its row.\n"


def test_a_store_that_is_in_order_verifies_with_status_0(seeded_database: str, tmp_path: Path) -> None:
    done = vrss("media", "verify", DATABASE_URL=seeded_database, VRSS_MEDIA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, CLEAN)


def test_what_differs_is_named_and_fails_until_it_is_healed(seeded_database: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": seeded_database, "VRSS_MEDIA_DIR": str(tmp_path)}
    (tmp_path / KEY).mkdir(parents=True)
    os.utime(tmp_path / KEY, (0, 0))
    done = vrss("media", "verify", **settings)
    assert (done.returncode, done.stdout) == (1, f"object {KEY}: no row knows it\n")
    assert done.stderr.endswith("\n1 differ; `vrss media repair` heals 1 of them.\n")
    done = vrss("media", "repair", **settings)
    assert (done.returncode, done.stdout) == (
        0,
        f"object {KEY}: no row knows it, to be deleted in a day\n1 healed.\n",
    )
    assert vrss("media", "repair", **settings).stdout == "There was nothing to heal.\n"
    assert vrss("media", "verify", **settings).returncode == 0


def test_what_only_a_backup_has_fails_also_when_it_is_repaired(seeded_database: str, tmp_path: Path) -> None:
    url = f"/media/f/{KEY[2:]}/o.png"
    with psycopg.connect(seeded_database) as connection:
        change = "UPDATE post_media SET object_key = %s, file_url = %s WHERE id = 3"
        connection.execute(change, [KEY, url])
    done = vrss("media", "repair", DATABASE_URL=seeded_database, VRSS_MEDIA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (
        1,
        f"post_media 3: o.png missing in {KEY}\nThere was nothing to heal.\n",
    )
    assert done.stderr.endswith("\n1 files lack bytes, which a backup of VRSS_MEDIA_DIR may have.\n")
