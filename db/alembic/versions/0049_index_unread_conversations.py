"""The unread notifications of a conversation, which are read with it."""

from db.migrations.revision import down, up_concurrently

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
