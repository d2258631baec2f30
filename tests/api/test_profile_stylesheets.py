"""`/profiles/NAME/style.css`: typed values and nothing else, for those who may see the profile."""

import re
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from api.profiles.stylesheet import stylesheet
from db.documents.background import BackgroundConfig, BackgroundPosition, BackgroundType
from db.documents.layout import LayoutConfig, LayoutSpacing, LayoutWidth
from db.documents.style import FontFamily, StyleColors, StyleConfig, StyleFonts, StyleSizes
from db.queries.profiles import ProfileDocumentsRow
from tests.api.conftest import Api, api_over

COLOR = st.integers(0, 0xFFFFFF).map("#{:06X}".format)
TEXT = st.text(max_size=60)
# An address may have a semicolon, which ends nothing within the quotes.
LINE = re.compile(
    r"  --profile-[a-z-]+: (#[0-9A-F]{6}|\d{1,2}px|\d|[a-z]+|\d+%|[0-9.]+rem|"
    r"[A-Za-z',\- ]+|url\(\"[^\"\s\\()<>{}]+\"\));"
)


async def fetch(
    api: Api, name: str = "ada", viewer: int | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    headers = dict(headers or {})
    if viewer is not None:
        headers["authorization"] = f"Bearer {api.factory.session(viewer)}"
    return await api.client.get(f"/profiles/{name}/style.css", headers=headers)


def shape(api: Api, owner: int, **documents: dict[str, Any]) -> None:
    for name, document in documents.items():
        statement = f"UPDATE user_profiles SET {name}_config = %s WHERE user_id = %s"
        api.factory.connection.execute(statement.encode(), [Jsonb(document), owner])


async def test_a_stylesheet_has_the_look_of_the_profile(api: Api) -> None:
    ada = api.factory.user("ada")
    shape(
        api,
        ada,
        background={"type": "image", "value": "/media/placeholders/photo/fog-1x1.svg", "position": "top"},
        style={"fonts": {"heading": "serif"}, "colors": {"text": "#112233"}, "sizes": {"radius": 0}},
        layout={"columns": 2, "width": "wide", "spacing": "compact"},
    )
    found = await fetch(api)
    assert (found.status_code, found.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert (
        found.text
        == """:root {
  --profile-font-heading: Georgia, Cambria, serif;
  --profile-font-body: system-ui, sans-serif;
  --profile-color-text: #112233;
  --profile-color-background: #FFFFFF;
  --profile-color-accent: #0B57D0;
  --profile-color-link: #0B57D0;
  --profile-size-text: 16px;
  --profile-size-heading: 28px;
  --profile-radius: 0px;
  --profile-columns: 2;
  --profile-width: 100%;
  --profile-spacing: 0.5rem;
  --profile-backdrop-image: url("http://vrss.test/media/placeholders/photo/fog-1x1.svg");
  --profile-backdrop-position: top;
}
"""
    )


async def test_the_address_of_a_stylesheet_changes_with_the_look(api: Api) -> None:
    ada = api.factory.user("ada")
    query = """mutation ($text: HexColor!) { updateStyle(input: {colors: {text: $text}}) {
      profile { version stylesheetUrl } } }"""
    addresses = list[str]()
    for version, color in ((2, "#111111"), (3, "#222222")):
        profile = (await api.run(query, viewer=ada, text=color))["updateStyle"]["profile"]
        address = f"http://vrss.test/profiles/ada/style.css?v={version}"
        assert profile == {"version": version, "stylesheetUrl": address}
        assert f"--profile-color-text: {color};" in (await api.client.get(address)).text
        addresses.append(address)
    assert len(set(addresses)) == len(addresses)


async def test_a_client_that_has_the_stylesheet_is_not_sent_it_again(api: Api) -> None:
    ada = api.factory.user("ada")
    first = await fetch(api)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = await fetch(api, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    shape(api, ada, layout={"columns": 3})
    changed = await fetch(api, headers={"if-none-match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"] == first.headers["etag"]) == (200, False)


async def test_a_stylesheet_is_for_those_who_see_the_profile(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.connection.execute("UPDATE user_profiles SET visibility = 'followers' WHERE user_id = %s", [ada])
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=dan, blocked_id=cleo)
    for viewer, status in ((ada, 200), (ben, 200), (cleo, 404), (None, 404)):
        assert (await fetch(api, viewer=viewer)).status_code == status
    assert (await fetch(api, viewer=ben)).headers["cache-control"] == "private, no-cache"
    hidden = [
        await fetch(api, "ada"),
        await fetch(api, "nobody"),
        await fetch(api, "a%00b"),
        await fetch(api, "x" * 400),
    ]
    assert {(one.status_code, one.json()["errors"][0]["message"]) for one in hidden} == {
        (404, "There is no such profile, or you may not see it.")
    }
    assert (await fetch(api, "dan", viewer=cleo)).status_code == 404


async def test_a_wrong_token_or_method_is_refused(api: Api) -> None:
    api.factory.user("ada")
    assert (await fetch(api, headers={"authorization": "Bearer " + "x" * 43})).status_code == 401
    assert (await fetch(api, headers={"authorization": "Basic x"})).status_code == 401
    found = await api.client.post("/profiles/ada/style.css")
    assert (found.status_code, found.headers["allow"]) == (405, "GET, HEAD")
    head = await api.client.head("/profiles/ada/style.css")
    assert (head.status_code, head.content) == (200, b"")


async def test_stylesheets_are_paid_for_like_operations(empty_database: str) -> None:
    async with api_over(empty_database, settings={"rate_limit": 200, "max_cost": 200}) as api:
        api.factory.user("ada")
        statuses = [(await fetch(api)).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def rows() -> st.SearchStrategy[ProfileDocumentsRow]:
    """Documents as the mutations take them: any value that validates."""

    def row(style: StyleConfig, layout: LayoutConfig, background: BackgroundConfig | None) -> ProfileDocumentsRow:
        back = None if background is None else background.model_dump(mode="json")
        return ProfileDocumentsRow(1, back, None, style.model_dump(mode="json"), layout.model_dump(mode="json"), 1)

    fonts = st.sampled_from(FontFamily)
    style = st.builds(
        StyleConfig,
        fonts=st.builds(StyleFonts, heading=fonts, body=fonts),
        colors=st.builds(StyleColors, text=COLOR, background=COLOR, accent=COLOR, link=COLOR),
        sizes=st.builds(StyleSizes, text=st.integers(12, 24), heading=st.integers(16, 64), radius=st.integers(0, 32)),
    )
    layout = st.builds(
        LayoutConfig,
        columns=st.integers(1, 3),
        width=st.sampled_from(LayoutWidth),
        spacing=st.sampled_from(LayoutSpacing),
    )
    return st.builds(row, style, layout, st.none() | backgrounds())


def backgrounds() -> st.SearchStrategy[BackgroundConfig]:
    def background(kind: BackgroundType, text: str, position: BackgroundPosition) -> BackgroundConfig | None:
        try:
            return BackgroundConfig(type=kind, value=text, position=position)
        except ValueError:
            return None

    nasty = st.sampled_from(['");}', "url(", "*/", "</style>", "\\", "{", ";", "'", "\n", "é", "%22", "#", "?a=b&c"])
    address = st.lists(nasty | TEXT, max_size=4).map(lambda parts: "https://example.org/" + "".join(parts))
    found = st.builds(background, st.sampled_from(BackgroundType), COLOR | address, st.sampled_from(BackgroundPosition))
    return found.filter(lambda one: one is not None)  # pyright: ignore[reportReturnType]


@given(row=rows())
def test_every_line_of_a_stylesheet_is_one_property(row: ProfileDocumentsRow) -> None:
    head, *lines, end, last = stylesheet(row, "https://api.example").decode().split("\n")
    assert (head, end, last) == (":root {", "}", "")
    assert [line for line in lines if not LINE.fullmatch(line)] == []
