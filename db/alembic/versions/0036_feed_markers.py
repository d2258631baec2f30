"""How far people have read feeds."""

from db.migrations.revision import down, up

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
