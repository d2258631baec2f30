"""One index of words, marks and texts of posts."""

from db.migrations.revision import down, up_concurrently

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    up_concurrently(__file__)


def downgrade() -> None:
    down(__file__)
