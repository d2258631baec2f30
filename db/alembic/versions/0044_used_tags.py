"""The tags that most people use, to complete what somebody types."""

from db.migrations.revision import down, up

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
