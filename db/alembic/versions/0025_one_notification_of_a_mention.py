"""One notification of a mention for each person and post."""

from db.migrations.revision import down, up_concurrently

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
