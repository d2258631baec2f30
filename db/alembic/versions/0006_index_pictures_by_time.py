"""The latest pictures of a person."""

from db.migrations.revision import down, up_concurrently

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
