"""Feeds that are shared, and their copies."""

from db.migrations.revision import down, up

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
