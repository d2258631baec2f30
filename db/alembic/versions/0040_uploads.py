"""How far uploads are, and objects that nobody needs any more."""

from db.migrations.revision import down, up

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
