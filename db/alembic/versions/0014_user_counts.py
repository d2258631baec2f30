"""How many followers, followed people, friends and published posts each user has."""

from db.migrations.revision import down, up

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
