"""Drafts, scheduled and deleted posts in the order of their author's lists."""

from db.migrations.revision import down, up_concurrently

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
