"""What users say about themselves, and how their pages look."""

from collections.abc import Awaitable, Callable, Sequence
from math import floor
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry

from api.context import Info
from api.execution.columns import computed, presents, relation
from api.gql.enums import (
    BackgroundPosition,
    BackgroundType,
    FontFamily,
    LayoutHeader,
    LayoutSpacing,
    LayoutWidth,
    ThumbnailSize,
    Visibility,
)
from api.gql.node import Node, node_id
from api.gql.scalars import URL, HexColor
from api.loaders.profile_files import BackgroundRow, MusicRow, backgrounds, music
from api.media.thumbnails import path_of
from api.types.media import Media
from db.documents.background import BackgroundConfig
from db.documents.document import Document
from db.documents.layout import LayoutConfig
from db.documents.music import MusicConfig
from db.documents.style import LowContrast, StyleConfig
from db.queries.media import MediaRow
from db.queries.profiles import ProfileDocumentsRow
from db.queries.users import ProfileRow, UserRow

if TYPE_CHECKING:
    from api.types.users import User

LazyUser = Annotated["User", strawberry.lazy("api.types.users")]

DocumentT = TypeVar("DocumentT", bound=Document)

BACKGROUND = "What lies behind the profile; null while not set, and when its file has been deleted."


def _addresses(info: Info, sources: Sequence[tuple[str | None, MediaRow | None]]) -> Sequence[str | None]:
    """The addresses of files are signed. What a person typed is not, even where it looks like that of a file."""
    typed = info.context.absolute(address for address, _ in sources)
    signed = info.context.file_urls(None if file is None else file.file_url for _, file in sources)
    return [own or other for own, other in zip(signed, typed, strict=True)]


@strawberry.type(description="What lies behind a profile.")
class ProfileBackground:
    type: BackgroundType = strawberry.field(description="The kind of background.")
    position: BackgroundPosition = strawberry.field(
        description="Which part of a picture or video stays visible in a smaller window."
    )

    @relation(
        graphql_type=Media | None,
        description="The uploaded file; null for a colour or an address elsewhere.",
        loads=False,
    )
    @staticmethod
    def media(backgrounds: Sequence[BackgroundRow], info: Info) -> Sequence[MediaRow | None]:
        del info
        return [one.media for one in backgrounds]

    @computed(
        graphql_type=str,
        description="The colour as `#RRGGBB`, or the address of the picture or video; of an uploaded one that of "
        "`media`.",
    )
    @staticmethod
    def value(backgrounds: Sequence[BackgroundRow], info: Info) -> Sequence[str | None]:
        return _addresses(info, [(one.value, one.media) for one in backgrounds])


@strawberry.type(description="What plays on a profile.")
class ProfileMusic:
    autoplay: bool = strawberry.field(description="Whether it starts by itself, where the browser allows.")
    volume: int = strawberry.field(description="How loud it starts: 0 to 100.")
    loop: bool = strawberry.field(description="Whether it starts again at its end.")

    @relation(graphql_type=Media | None, description="The uploaded file; null for an address elsewhere.", loads=False)
    @staticmethod
    def media(music: Sequence[MusicRow], info: Info) -> Sequence[MediaRow | None]:
        del info
        return [one.media for one in music]

    @computed(
        graphql_type=URL | None,
        description="The address of the sound, of an uploaded one that of `media`; null when nothing plays.",
    )
    @staticmethod
    def url(music: Sequence[MusicRow], info: Info) -> Sequence[str | None]:
        return _addresses(info, [(one.url, one.media) for one in music])


@strawberry.type(description="The fonts of a profile.")
class ProfileFonts:
    heading: FontFamily = strawberry.field(description="The font of headings.")
    body: FontFamily = strawberry.field(description="The font of all other text.")


@strawberry.type(description="The colours of a profile.")
class ProfileColors:
    text: HexColor = strawberry.field(description="The colour of text.")
    background: HexColor = strawberry.field(description="The colour behind text.")
    accent: HexColor = strawberry.field(description="The colour of buttons and highlights.")
    link: HexColor = strawberry.field(description="The colour of links.")


@strawberry.type(description="The sizes of a profile, in CSS pixels.")
class ProfileSizes:
    text: int = strawberry.field(description="The size of text: 12 to 24.")
    heading: int = strawberry.field(description="The size of headings: 16 to 64.")
    radius: int = strawberry.field(description="The radius of corners: 0 to 32.")


@strawberry.type(description="A colour that is hard to read on the one behind it, by WCAG 2, level AA.")
class ContrastWarning:
    foreground: HexColor = strawberry.field(description="The colour in front.")
    background: HexColor = strawberry.field(description="The colour behind.")
    ratio: float = strawberry.field(description="Their contrast: 1 to 21, to two digits.")
    required: float = strawberry.field(
        description="The contrast they should have: 4.5 for `text` and `link`, 3 for `accent`."
    )
    message: str = strawberry.field(description="Which colours they are and what to change, in English.")


def _warning(found: LowContrast) -> ContrastWarning:
    # Rounded down, so that what misses the bound does not look as if it met it.
    ratio = floor(found.ratio * 100) / 100
    message = (
        f"The colour `{found.name}` is hard to read on `background`: their contrast is {ratio}, and should be at least "
        f"{found.required}. Make one of the two darker or lighter."
    )
    return ContrastWarning(
        foreground=HexColor(found.foreground),
        background=HexColor(found.background),
        ratio=ratio,
        required=found.required,
        message=message,
    )


@strawberry.type(description="How a profile looks.")
class ProfileStyle:
    fonts: ProfileFonts = strawberry.field(description="Its fonts.")
    colors: ProfileColors = strawberry.field(description="Its colours.")
    sizes: ProfileSizes = strawberry.field(description="Its sizes.")

    @computed(
        graphql_type=list[ContrastWarning],
        description="Which of `text`, `link` and `accent` are hard to read on `background`, in this order.",
    )
    @staticmethod
    def contrast_warnings(styles: Sequence[StyleConfig], info: Info) -> Sequence[list[ContrastWarning]]:
        del info
        return [[_warning(found) for found in style.colors.low_contrasts()] for style in styles]


@strawberry.type(description="How the sections of a profile are laid out.")
class ProfileLayout:
    columns: int = strawberry.field(description="How many columns: 1 to 3.")
    width: LayoutWidth = strawberry.field(description="How wide the profile is.")
    spacing: LayoutSpacing = strawberry.field(description="How far the sections stand apart.")
    header: LayoutHeader = strawberry.field(description="What the profile begins with.")


def document_of(column: str, model: type[DocumentT]) -> Callable[[object], DocumentT | None]:
    """What reads this column of a row of documents."""

    def document(row: object) -> DocumentT | None:
        stored = getattr(row, column, None)
        return None if stored is None else model.model_validate(stored)

    return document


def _documents(
    profiles: Sequence[ProfileRow], info: Info, column: str, model: type[DocumentT]
) -> Awaitable[Sequence[DocumentT | None]]:
    loader = info.context.loaders.profile_documents_by_user_id
    return loader.column([profile.id for profile in profiles], document_of(column, model))


def _version(row: ProfileDocumentsRow | None) -> int:
    return 1 if row is None else row.version


@strawberry.type(description="What a person says about themselves and how their page looks.")
class Profile(Node):
    id: strawberry.ID = node_id("Profile")
    display_name: str | None = strawberry.field(
        description="The name to show, up to 100 characters; null when there is none (show the user name)."
    )
    bio: str | None = strawberry.field(description="A few words, up to 500 characters.")
    age: int | None = strawberry.field(description="The age, where the person states it: 13 to 120.")
    location: str | None = strawberry.field(description="Where they live, in their own words.")
    website: URL | None = strawberry.field(description="Their own site.")

    visibility: Visibility = strawberry.field(description="Who may see the profile.")

    @relation(graphql_type=LazyUser | None, description="Whose profile it is.")
    @staticmethod
    def user(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[UserRow | None]]:
        return info.context.loaders.user_by_id.column([profile.id for profile in profiles])

    @relation(
        graphql_type=URL | None,
        description="The address of their picture, small, as `Media.thumbnailUrl` has it; null when there is none.",
        loads=False,
    )
    @staticmethod
    def avatar_url(
        profiles: Sequence[ProfileRow],
        info: Info,
        size: Annotated[ThumbnailSize, strawberry.argument(description="The size to return.")] = ThumbnailSize.MEDIUM,
    ) -> Sequence[str | None]:
        wanted = int(size)
        return info.context.file_urls(
            path_of(one.avatar_url, one.avatar_thumbnails, wanted)
            if one.avatar_url and one.avatar_thumbnails
            else one.avatar_url
            for one in profiles
        )

    @relation(
        graphql_type=Media | None, description="Their picture as a file, with `altText`; null when there is none."
    )
    @staticmethod
    def avatar(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[MediaRow | None]]:
        return info.context.loaders.media_by_id.column([profile.avatar_id for profile in profiles])

    @relation(graphql_type=ProfileBackground | None, description=BACKGROUND)
    @staticmethod
    def background(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[BackgroundRow | None]]:
        return backgrounds(info.context.loaders, _documents(profiles, info, "background_config", BackgroundConfig))

    @relation(graphql_type=ProfileMusic | None, description="What plays on the profile; null while not set.")
    @staticmethod
    def music(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[MusicRow | None]]:
        return music(info.context.loaders, _documents(profiles, info, "music_config", MusicConfig))

    @relation(graphql_type=ProfileStyle | None, description="Fonts, colours and sizes; null while not set.")
    @staticmethod
    def style(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[StyleConfig | None]]:
        return _documents(profiles, info, "style_config", StyleConfig)

    @relation(
        graphql_type=ProfileLayout | None,
        description="How the sections are laid out; null while not set.",
    )
    @staticmethod
    def layout(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[LayoutConfig | None]]:
        return _documents(profiles, info, "layout_config", LayoutConfig)

    @relation(
        graphql_type=URL | None,
        description="A stylesheet with style, layout and background as custom properties, such as "
        "`--profile-color-text`, made from the typed values alone. The address changes whenever they do. It is fetched "
        "as the profile is: who may not see the profile gets 404. Null only when the owner has just become invisible.",
    )
    @staticmethod
    async def stylesheet_url(profiles: Sequence[ProfileRow], info: Info) -> Sequence[str | None]:
        loaders, keys = info.context.loaders, [profile.id for profile in profiles]
        users = await loaders.user_by_id.column(keys)
        versions = await loaders.profile_documents_by_user_id.column(keys, _version)
        paths = (
            None if user is None else f"/profiles/{user.username}/style.css?v={version}"
            for user, version in zip(users, versions, strict=True)
        )
        return info.context.absolute(paths)

    @relation(
        graphql_type=int, description="Counts the published changes of background, music, style, layout and sections."
    )
    @staticmethod
    def version(profiles: Sequence[ProfileRow], info: Info) -> Awaitable[Sequence[int]]:
        loader = info.context.loaders.profile_documents_by_user_id
        return loader.column([profile.id for profile in profiles], _version)

    is_type_of = presents(ProfileRow)
