"""Count the changes of the rules of feeds."""

from db.migrations.revision import down, up

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
