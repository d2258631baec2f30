"""A copy of the project with revisions that no release has, to be migrated as an operator migrates."""

import shutil
from pathlib import Path

from tests.schema.commands import PROJECT, alembic

_REVISION = '''\
"""A revision for tests."""

from db.migrations.revision import down, {up}

revision = "{number}"
down_revision = "{below}"


def upgrade() -> None:
    {up}(__file__)


def downgrade() -> None:
    down(__file__)
'''


class Release:
    """The schema side of the project in a folder of its own."""

    def __init__(self, folder: Path, head: str) -> None:
        self.project = folder
        self.head = head
        shutil.copytree(PROJECT / "db", folder / "db", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PROJECT / "pyproject.toml", folder)

    def add(self, number: str, up: str, down: str, *, concurrently: bool = False) -> None:
        up_how = "up_concurrently" if concurrently else "up"
        versions, migrations = self.project / "db/alembic/versions", self.project / "db/sql/migrations"
        text = _REVISION.format(up=up_how, number=number, below=self.head)
        (versions / f"{number}_test.py").write_text(text, encoding="utf-8")
        (migrations / f"{number}_test.up.sql").write_text(up, encoding="utf-8")
        (migrations / f"{number}_test.down.sql").write_text(down, encoding="utf-8")
        self.head = number

    def migrate(self, url: str, way: str, revision: str) -> None:
        done = alembic(url, way, revision, project=self.project)
        assert done.returncode == 0, done.stdout + done.stderr

    def script(self, way: str, revisions: str) -> str:
        done = alembic(None, way, revisions, "--sql", project=self.project)
        assert done.returncode == 0, done.stderr
        return done.stdout
