"""Conversations that a member has taken out of the inbox, and messages that reply to others."""

from db.migrations.revision import down, up

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
