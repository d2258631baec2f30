"""E-mail addresses and tags in the form that look-up and feeds ask for."""

import logging

from alembic import context, op

from db.maintenance.refolding import refold
from db.migrations.revision import down, up

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    if context.is_offline_mode():
        up(__file__)
        return
    with context.get_context().autocommit_block():
        done = refold(op.get_bind().connection.driver_connection)  # pyright: ignore[reportArgumentType]
    log = logging.getLogger("db.migrations.migrate")
    log.info("%s", done) if not done.left else log.warning("%s", done)


def downgrade() -> None:
    down(__file__)
