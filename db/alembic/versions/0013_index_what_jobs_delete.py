"""What jobs delete: notifications across a block or without their actor, and accounts whose grace is over."""

from db.migrations.revision import down, up_concurrently

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
