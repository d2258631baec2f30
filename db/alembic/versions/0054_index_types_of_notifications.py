"""Notifications of a type, found behind any number of others."""

from db.migrations.revision import down, up_concurrently

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
