"""Check the rows there are against the rules of 0016."""

from db.migrations.revision import down, up

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
