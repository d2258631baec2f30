"""E-mail addresses are unique under one folding, whatever the locale of the database."""

from db.migrations.revision import down, up_concurrently

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
