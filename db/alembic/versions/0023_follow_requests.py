"""Requests to follow people who approve their followers."""

from db.migrations.revision import down, up

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
