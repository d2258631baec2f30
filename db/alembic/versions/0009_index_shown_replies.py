"""The replies to a comment without deleted ones that nobody replied to."""

from db.migrations.revision import down, up_concurrently

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
