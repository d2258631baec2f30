"""Posts of a person without the private ones."""

from db.migrations.revision import down, up_concurrently

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
