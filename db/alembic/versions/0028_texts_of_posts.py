"""The texts of posts, beside their words."""

from db.migrations.revision import down, up

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
