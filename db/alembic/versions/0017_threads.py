"""How deep a comment lies in its thread, and who likes it."""

from db.migrations.revision import down, up

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
