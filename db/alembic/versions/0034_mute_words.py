"""Words that people mute."""

from db.migrations.revision import down, up

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
