"""The place of the Following feed among the feeds of a person."""

from db.migrations.revision import down, up

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
