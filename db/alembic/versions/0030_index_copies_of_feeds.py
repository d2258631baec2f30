"""The copies of a feed."""

from db.migrations.revision import down, up_concurrently

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
