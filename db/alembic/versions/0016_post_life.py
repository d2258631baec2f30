"""The language, the mentions and the earlier versions of posts; drafts without a text."""

from db.migrations.revision import down, up

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
