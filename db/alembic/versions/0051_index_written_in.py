"""What was written lately is found by the transactions that wrote it."""

from db.migrations.revision import down, up_concurrently

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
