"""The unread notifications of a conversation, which are read with it."""

from db.migrations.revision import down, up_concurrently

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
