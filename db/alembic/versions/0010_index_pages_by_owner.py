"""What an export reads page by page, and the sessions that a person has not revoked."""

from db.migrations.revision import down, up_concurrently

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
