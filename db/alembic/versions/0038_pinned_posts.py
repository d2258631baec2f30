"""The posts that owners have put above their feeds."""

from db.migrations.revision import down, up

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
