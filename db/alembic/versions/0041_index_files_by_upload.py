"""One file for each upload."""

from db.migrations.revision import down, up_concurrently

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
