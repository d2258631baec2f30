"""Notifications of what was undone are out of sight, and a comment notifies each person once."""

from db.migrations.revision import down, up_concurrently

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
