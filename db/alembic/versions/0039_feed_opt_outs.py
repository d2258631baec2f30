"""Who wants to be in no feed of people who do not follow them."""

from db.migrations.revision import down, up

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
