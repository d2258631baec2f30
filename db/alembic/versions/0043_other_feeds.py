"""Filters on other feeds."""

from db.migrations.revision import down, up

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
