"""Which posts people have seen."""

from db.migrations.revision import down, up

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
