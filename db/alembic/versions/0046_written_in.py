"""Messages and notifications know the transaction that wrote them."""

from db.migrations.revision import down, up

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    up(__file__)


def downgrade() -> None:
    down(__file__)
