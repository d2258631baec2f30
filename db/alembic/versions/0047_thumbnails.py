"""The smaller pictures of files."""

from db.migrations.revision import down, up

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
