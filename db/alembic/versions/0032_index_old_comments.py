"""Comments that have no HTML yet."""

from db.migrations.revision import down, up_concurrently

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
