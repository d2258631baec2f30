"""Groups: who of their members is an admin, and which are to be deleted since nobody is in them."""

from db.migrations.revision import down, up

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
