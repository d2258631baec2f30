"""Posts, media, comments and relations."""

from db.migrations.revision import down, up

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
