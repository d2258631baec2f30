"""More kinds of filters for feeds."""

from db.migrations.revision import down, up

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
