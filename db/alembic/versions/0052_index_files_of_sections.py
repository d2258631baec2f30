"""Pieces of sections that show a file of their owner."""

from db.migrations.revision import down, up_concurrently

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
