"""Let drafts lack their text."""

from db.migrations.revision import down, up

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
