"""The threads of a post without deleted comments that nobody replied to."""

from db.migrations.revision import down, up_concurrently

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
