"""Drafts and earlier versions of profiles, and a count of what was published."""

from db.migrations.revision import down, up

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
