"""A piece of a section goes with the file that it shows."""

from db.migrations.revision import down, up

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
