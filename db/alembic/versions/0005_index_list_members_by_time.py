"""The latest members of a list."""

from db.migrations.revision import down, up_concurrently

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
