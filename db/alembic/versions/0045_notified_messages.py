"""Notifications know the message that they quote."""

from db.migrations.revision import down, up_concurrently

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
