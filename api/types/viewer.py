"""The viewer: all that is private to the signed-in user."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Any

import strawberry

from api.context import Info
from api.execution.columns import presents, relation
from api.gql.connections import connection
from api.gql.enums import UserStatus
from api.gql.node import GLOBAL_ID, Node, node_id
from api.gql.pagination import Keyset, Page, Window
from api.gql.permissions import ALSO_SUSPENDED, AllowsSuspended, active
from api.gql.scalars import EmailAddress
from api.loaders.accounts import SessionsByUserIdLoader
from api.loaders.authoring import DeletedPostsByUserIdLoader, DraftsByUserIdLoader, ScheduledPostsByUserIdLoader
from api.loaders.base import PageLoader, hydrated
from api.loaders.conversations import ConversationsByUserIdLoader
from api.loaders.posts import BookmarksByUserIdLoader
from api.types.conversations import Conversation
from api.types.feeds import Feed
from api.types.mute_words import MuteWord
from api.types.posts import Post
from api.types.privacy import Privacy
from api.types.profile_versions import ProfileVersion
from api.types.sessions import Session
from api.types.settings import AccountSettings
from api.types.users import NEWEST_FIRST, User
from api.types.viewer_files import ViewerFiles
from api.types.viewer_notifications import ViewerNotifications
from api.types.viewer_people import ViewerPeople
from db.queries.accounts import AccountSettingsRow
from db.queries.conversations import ConversationRow
from db.queries.feeds import FeedRow
from db.queries.mute_words import MuteWordRow
from db.queries.posts import PostRow
from db.queries.privacy import PrivacyRow
from db.queries.profile_versions import VersionRow
from db.queries.sessions import DeviceRow, SessionRow
from db.queries.users import UserRow

DRAFTS = Keyset("drafts", ("updated_at", "id"))
SCHEDULED = Keyset("scheduled", ("due_order", "id"))
DELETED_POSTS = Keyset("deletedPosts", ("deleted_at", "id"))
BOOKMARKS = Keyset("bookmarks", NEWEST_FIRST)
CONVERSATIONS = Keyset("conversations", ("last_message_at", "id"))


def _is_default(feed: FeedRow) -> bool:
    return feed.is_default


async def _own_posts(
    kind: type[PageLoader[Any]], viewers: Sequence[SessionRow], info: Info, window: Window
) -> Sequence[Page[PostRow]]:
    loaders = info.context.loaders
    links = await loaders.page(kind, window).column([viewer.id for viewer in viewers])
    return await hydrated(links, "id", loaders.post_by_id)


@strawberry.type(
    description="The signed-in account, with everything that is private to it. What others see of the same "
    "person is `user`."
)
class Viewer(ViewerPeople, ViewerFiles, ViewerNotifications, Node):
    id: strawberry.ID = node_id("Viewer", description=f"{GLOBAL_ID} {ALSO_SUSPENDED}", directives=[AllowsSuspended()])
    username: str = strawberry.field(description=f"The user name. {ALSO_SUSPENDED}", directives=[AllowsSuspended()])
    status: UserStatus = strawberry.field(
        description=f"Whether the account is active, suspended or awaits deletion. {ALSO_SUSPENDED}",
        directives=[AllowsSuspended()],
    )
    email: EmailAddress = strawberry.field(
        description=f"The e-mail address. {ALSO_SUSPENDED}", directives=[AllowsSuspended()]
    )
    email_verified: bool = strawberry.field(
        description=f"Whether the address is confirmed. {ALSO_SUSPENDED}", directives=[AllowsSuspended()]
    )

    @relation(
        graphql_type=EmailAddress | None,
        description=f"A new address that waits to be confirmed; null when none does. {ALSO_SUSPENDED}",
        directives=[AllowsSuspended()],
    )
    @staticmethod
    def pending_email(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[str | None]]:
        loader = info.context.loaders.pending_by_user_id
        return loader.column([viewer.id for viewer in viewers], lambda row: row and row.pending_email)

    @relation(
        graphql_type=datetime | None,
        description="When the account will be deleted for good; null unless its deletion was asked for. "
        f"{ALSO_SUSPENDED}",
        directives=[AllowsSuspended()],
    )
    @staticmethod
    def deletes_at(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[datetime | None]]:
        loader = info.context.loaders.pending_by_user_id
        return loader.column([viewer.id for viewer in viewers], lambda row: row and row.deletes_at)

    @relation(
        graphql_type=User | None,
        description="The viewer as others see them; null while the account is suspended or awaits deletion.",
        extensions=active(),
    )
    @staticmethod
    def user(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([viewer.id for viewer in viewers])

    @relation(graphql_type=Privacy, description="What others may see and do.", extensions=active())
    @staticmethod
    def privacy(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[PrivacyRow | None]]:
        return info.context.loaders.privacy_by_user_id.column([viewer.id for viewer in viewers])

    @connection(
        Post,
        keyset=BOOKMARKS,
        description="Bookmarked posts that the viewer may still see, the latest bookmark first.",
        extensions=active(),
    )
    @staticmethod
    async def bookmarks(viewers: Sequence[SessionRow], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        loaders = info.context.loaders
        links = await loaders.page(BookmarksByUserIdLoader, window).column([viewer.id for viewer in viewers])
        return await hydrated(links, "post_id", loaders.post_by_id)

    @connection(
        Post,
        keyset=DRAFTS,
        description="Posts in status DRAFT, the most recently changed first.",
        extensions=active(),
    )
    @staticmethod
    async def drafts(viewers: Sequence[SessionRow], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        return await _own_posts(DraftsByUserIdLoader, viewers, info, window)

    @connection(
        Post,
        keyset=SCHEDULED,
        description="Posts in status SCHEDULED, the next to be published first.",
        extensions=active(),
    )
    @staticmethod
    async def scheduled(viewers: Sequence[SessionRow], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        return await _own_posts(ScheduledPostsByUserIdLoader, viewers, info, window)

    @connection(
        Post,
        keyset=DELETED_POSTS,
        description="Posts deleted within the last 30 days, which `restorePost` brings back; the latest deletion "
        "first.",
        extensions=active(),
    )
    @staticmethod
    async def deleted_posts(viewers: Sequence[SessionRow], info: Info, window: Window) -> Sequence[Page[PostRow]]:
        return await _own_posts(DeletedPostsByUserIdLoader, viewers, info, window)

    @relation(
        graphql_type=list[Feed],
        description="The viewer's feeds in the viewer's order: at most 101. The built-in Following feed is always "
        "there, and first unless it was moved.",
        extensions=active(),
    )
    @staticmethod
    def feeds(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[list[FeedRow]]]:
        return info.context.loaders.feeds_by_user_id.column([viewer.id for viewer in viewers])

    @relation(
        graphql_type=Feed,
        description="The feed to open with: the built-in Following feed unless another was chosen.",
        extensions=active(),
    )
    @staticmethod
    def default_feed(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[FeedRow | None]]:
        loader = info.context.loaders.feeds_by_user_id
        return loader.column([viewer.id for viewer in viewers], lambda found: next(filter(_is_default, found), None))

    @relation(
        graphql_type=list[MuteWord],
        description="Words that keep posts out of the feeds that the viewer reads, the newest first, those that have "
        "stopped among them. At most 100.",
        extensions=active(),
    )
    @staticmethod
    def mute_words(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[list[MuteWordRow]]]:
        return info.context.loaders.mute_words_by_user_id.column([viewer.id for viewer in viewers])

    @relation(
        graphql_type=ProfileVersion | None,
        description="The draft of the viewer's profile; null when there is none.",
        extensions=active(),
    )
    @staticmethod
    def profile_draft(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[VersionRow | None]]:
        return info.context.loaders.profile_draft_by_user_id.column([viewer.id for viewer in viewers])

    @relation(
        graphql_type=list[ProfileVersion],
        description="What the viewer's profile looked like each time it was published or replaced as a whole, the "
        "latest first. At most 50.",
        extensions=active(),
    )
    @staticmethod
    def profile_versions(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[list[VersionRow]]]:
        return info.context.loaders.profile_versions_by_user_id.column([viewer.id for viewer in viewers])

    @connection(
        Conversation,
        keyset=CONVERSATIONS,
        description="The conversations the viewer is in, the one with the latest message first. Without those that are "
        "hidden until the next message.",
        extensions=active(),
    )
    @staticmethod
    def conversations(
        viewers: Sequence[SessionRow], info: Info, window: Window
    ) -> Awaitable[Sequence[Page[ConversationRow]]]:
        keys = [viewer.id for viewer in viewers]
        return info.context.loaders.page(ConversationsByUserIdLoader, window).column(keys)

    @connection(
        Session,
        keyset=Keyset("sessions", ("last_used_at", "id")),
        description="Where the viewer is signed in, the most recently used first.",
        extensions=active(),
    )
    @staticmethod
    def sessions(viewers: Sequence[SessionRow], info: Info, window: Window) -> Awaitable[Sequence[Page[DeviceRow]]]:
        return info.context.loaders.page(SessionsByUserIdLoader, window).column([viewer.id for viewer in viewers])

    @relation(
        graphql_type=AccountSettings | None,
        description="Which events e-mail is to report to the viewer. The choices are kept; no such e-mail is sent yet.",
        extensions=active(),
    )
    @staticmethod
    def settings(viewers: Sequence[SessionRow], info: Info) -> Awaitable[Sequence[AccountSettingsRow | None]]:
        return info.context.loaders.account_settings_by_user_id.column([viewer.id for viewer in viewers])

    is_type_of = presents(SessionRow)
