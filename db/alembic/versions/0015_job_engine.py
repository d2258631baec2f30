"""The tables of the engine that runs the jobs, in a schema of their own."""

from db.migrations.revision import down, up

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
