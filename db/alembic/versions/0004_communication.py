"""Conversations, notifications and subscriptions."""

from db.migrations.revision import down, up

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
