"""Taking one's data along."""

import strawberry

from api.accounts.export import EXPORT_PATH
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.scalars import URL
from api.gql.user_errors import UserError
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The result of `exportMyData`.")
class ExportMyDataPayload:
    url: URL | None = strawberry.field(
        default=None,
        description="Where to fetch the archive by GET, with the session's token or cookie: a ZIP file with one "
        "file of JSON lines for each kind of data.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ExportMutation:
    @mutation(
        description="Returns the address of an archive with everything stored about the viewer. The archive is "
        "made while it is fetched. It shows what the API shows to the viewer: no deleted posts, no "
        "conversations that the viewer has left, and nothing on posts or of people that the viewer "
        "may not see. A suspended or deleted account gets what it would get if it were active.",
        allows_suspended=True,
        transactional=False,  # it writes nothing
    )
    @staticmethod
    async def export_my_data(info: Info) -> ExportMyDataPayload:
        return ExportMyDataPayload(url=URL(info.context.client.base_url + EXPORT_PATH))
