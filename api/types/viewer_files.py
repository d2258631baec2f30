"""The viewer's part that is about files: those that they have, those on their way, and how many bytes they take."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry

from api.context import Info
from api.execution.columns import relation
from api.gql.connections import connection
from api.gql.enums import MediaType
from api.gql.pagination import Keyset, Page, Window
from api.gql.permissions import active
from api.loaders.media import files
from api.types.media import Media
from api.types.storage import Storage
from api.types.uploads import Upload
from api.types.users import NEWEST_FIRST
from db.queries.media import MediaRow, StorageRow
from db.queries.sessions import SessionRow
from db.queries.uploads import UploadRow

FILES = Keyset("files", NEWEST_FIRST)

OfType = Annotated[MediaType | None, strawberry.argument(description="Returns only files of this type; all when null.")]
UnattachedOnly = Annotated[
    bool, strawberry.argument(description="Returns only files that neither a post nor the profile shows.")
]


@strawberry.type
class ViewerFiles:
    """Fields of `Viewer`, and no type of the schema."""

    @relation(graphql_type=Storage, description="Stored bytes and how many are allowed.", extensions=active())
    @staticmethod
    def storage(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[StorageRow | None]]:
        return info.context.loaders.storage_by_user_id.column([viewer.id for viewer in viewers])

    @relation(
        graphql_type=list[Upload],
        description="Files on their way: those that are awaited or processed, and those that have failed within the "
        "last half hour; the newest first, at most 200.",
        extensions=active(),
    )
    @staticmethod
    def uploads(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[list[UploadRow]]]:
        return info.context.loaders.uploads_by_user_id.column([viewer.id for viewer in viewers])

    @connection(
        Media,
        keyset=FILES,
        description="The viewer's files, newest first.",
        extensions=active(),
    )
    @staticmethod
    def media(
        viewers: Sequence[SessionRow],
        info: Info,
        window: Window,
        *,
        type: OfType = None,
        unattached_only: UnattachedOnly = False,
    ) -> Awaitable[Sequence[Page[MediaRow]]]:
        kind = files(None if type is None else type.value, unattached=unattached_only)
        return info.context.loaders.page(kind, window).column([viewer.id for viewer in viewers])
