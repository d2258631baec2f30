"""What search and discovery read, and the extensions that search uses."""

from db.migrations.revision import down, up

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
