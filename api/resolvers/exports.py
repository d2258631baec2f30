"""Taking one's data along."""

import strawberry

from api.accounts.export import EXPORT_PATH
from api.context import Info
from api.gql.mutation import mutation, user_errors
from api.gql.scalars import URL
from api.gql.user_errors import UserError
from api.types.payloads import changed_viewer
from db.queries.sessions import SessionRow


@strawberry.type(description="The outcome of `exportMyData`.")
class ExportMyDataPayload:
    url: URL | None = strawberry.field(
        default=None,
        description="Where the archive can be fetched by GET, with the token or the cookie of the viewer's session: a "
        "ZIP file with a file of JSON lines for each kind of thing.",
    )
    viewer: SessionRow | None = changed_viewer()
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ExportMutation:
    @mutation(
        description="Ask for all that there is of the viewer. The archive is made while it is fetched. It shows what "
        "the API shows to the viewer: no deleted posts, no conversations that the viewer has left, and nothing on "
        "posts or of people that the viewer may not see. A suspended or deleted account gets what it would get if it "
        "were active.",
        allows_suspended=True,
        transactional=False,  # it writes nothing
    )
    @staticmethod
    async def export_my_data(info: Info) -> ExportMyDataPayload:
        return ExportMyDataPayload(url=URL(info.context.client.base_url + EXPORT_PATH))
