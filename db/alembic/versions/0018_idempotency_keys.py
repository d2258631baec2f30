"""The keys that make creating mutations safe to retry."""

from db.migrations.revision import down, up

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
