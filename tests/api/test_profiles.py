"""Profiles: what shapes them, their sections, and what stands in sections."""

import json

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from db.enums import SectionType
from tests.api.conftest import Api, api_over

BACKGROUND = """
mutation ($input: UpdateBackgroundInput!) { updateBackground(input: $input) {
  profile { background { type value position } } userErrors { __typename code field message } } }
"""


async def test_a_background_is_stored_and_answered(api: Api) -> None:
    ada = api.factory.user("ada")
    for given, shown in (
        ({"type": "COLOR", "value": "#12ab9F"}, {"type": "COLOR", "value": "#12AB9F", "position": "CENTER"}),
        (
            {"type": "IMAGE", "value": "https://example.org/a.png", "position": "TOP"},
            {"type": "IMAGE", "value": "https://example.org/a.png", "position": "TOP"},
        ),
    ):
        data = await api.run(BACKGROUND, viewer=ada, input=given)
        assert data["updateBackground"] == {"profile": {"background": shown}, "userErrors": []}


async def test_a_background_that_does_not_fit_its_type_changes_nothing(api: Api) -> None:
    ada = api.factory.user("ada")
    for given in (
        {"type": "COLOR", "value": "red"},
        {"type": "COLOR", "value": "https://example.org/a.png"},
        {"type": "IMAGE", "value": "#123456"},
        {"type": "VIDEO", "value": "javascript:alert(1)"},
        {"type": "IMAGE", "value": "http://exa\u202empl\u202c.org/\u200b"},
    ):
        data = await api.run(BACKGROUND, viewer=ada, input=given)
        (error,) = data["updateBackground"]["userErrors"]
        assert (error["__typename"], error["field"]) == ("InvalidInputError", ["input", "value"])
    assert api.factory.scalar("SELECT background_config FROM user_profiles") is None


async def test_a_wrong_background_type_is_refused_with_the_list_of_allowed_types(api: Api) -> None:
    ada = api.factory.user("ada")
    error = await api.fail(BACKGROUND, viewer=ada, input={"type": "GRADIENT", "value": "#123456"})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].endswith("Allowed: COLOR, IMAGE, VIDEO.")
    assert api.statements == []


async def test_what_shapes_a_profile_comes_typed_and_in_one_statement(api: Api) -> None:
    ada = api.factory.user("ada")
    api.factory.connection.execute(
        "UPDATE user_profiles SET music_config = %s, style_config = %s WHERE user_id = %s",
        (
            json.dumps({"url": "/media/placeholders/audio/song-1x1.svg", "volume": 30}),
            json.dumps({"colors": {"accent": "#FF0000"}, "fonts": {"heading": "serif"}}),
            ada,
        ),
    )
    query = """{ user(username: "ada") { profile { background { type } music { url autoplay volume loop }
      style { fonts { heading body } colors { accent text } sizes { text } } layout { columns } } } }"""
    assert (await api.run(query))["user"]["profile"] == {
        "background": None,
        "music": {
            "url": "http://vrss.test/media/placeholders/audio/song-1x1.svg",
            "autoplay": False,
            "volume": 30,
            "loop": False,
        },
        "style": {
            "fonts": {"heading": "SERIF", "body": "SYSTEM"},
            "colors": {"accent": "#FF0000", "text": "#1A1A1A"},
            "sizes": {"text": 16},
        },
        "layout": None,
    }
    assert api.statements == ["user_id_by_username", "users_by_ids", "profile_documents_by_user_ids"]


async def test_each_of_the_eleven_sections_shows_what_it_is_made_for(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    factory = api.factory
    for one, other in ((ada, ben), (ben, ada), (cleo, ada), (ada, dan)):
        factory.follow(one, other)
    picture = factory.post(ada, type="image", content=None)
    factory.media(ada, picture)
    factory.insert("reposts", user_id=ada, post_id=factory.post(dan, "Reposted"))
    feed = factory.insert("custom_feeds", user_id=ada, name="Pictures")
    factory.insert(
        "feed_filters",
        feed_id=feed,
        type="post_type",
        operator="equals",
        value=json.dumps({"groups": ["IMAGE"]}),
        group_id=1,
    )
    people = factory.insert("user_lists", user_id=ada, name="Bakers", is_public=True)
    factory.insert("list_members", "user_id", list_id=people, user_id=cleo)
    configs = {SectionType.FEED: {"feed_id": feed}, SectionType.LIST: {"list_id": people}}
    for order, kind in enumerate(SectionType):
        section = factory.insert(
            "profile_sections",
            user_id=ada,
            type=kind,
            title=kind.title(),
            config=json.dumps(configs.get(kind, {})),
            display_order=order,
        )
        if kind in {SectionType.STATIC_TEXT, SectionType.STATIC_IMAGE, SectionType.LINKS, SectionType.VIDEO}:
            factory.insert("section_content", section_id=section, content_type="link", url="https://example.org/x")
    query = """{ user(username: "ada") { sections { __typename type
      ... on StaticSection { content { url } }
      ... on GallerySection { media { nodes { postless: width } } }
      ... on FeedSection { feed: posts { nodes { type } } }
      ... on RepostsSection { reposts: posts { nodes { content } } }
      ... on FriendsSection { users { nodes { username } } }
      ... on FollowersSection { users { nodes { username } } }
      ... on FollowingSection { users { nodes { username } } }
      ... on ListSection { users { nodes { username } } } } } }"""
    sections = (await api.run(query, viewer=ben))["user"]["sections"]
    content = [{"url": "https://example.org/x"}]
    assert {section.pop("__typename"): section for section in sections} == {
        "FeedSection": {"type": "FEED", "feed": {"nodes": [{"type": "IMAGE"}]}},
        "GallerySection": {"type": "GALLERY", "media": {"nodes": [{"postless": 40}]}},
        "LinksSection": {"type": "LINKS", "content": content},
        "StaticTextSection": {"type": "STATIC_TEXT", "content": content},
        "StaticImageSection": {"type": "STATIC_IMAGE", "content": content},
        "VideoSection": {"type": "VIDEO", "content": content},
        "RepostsSection": {"type": "REPOSTS", "reposts": {"nodes": [{"content": "Reposted"}]}},
        "FriendsSection": {"type": "FRIENDS", "users": {"nodes": [{"username": "ben"}]}},
        "FollowersSection": {"type": "FOLLOWERS", "users": {"nodes": [{"username": "cleo"}, {"username": "ben"}]}},
        "FollowingSection": {"type": "FOLLOWING", "users": {"nodes": [{"username": "dan"}, {"username": "ben"}]}},
        "ListSection": {"type": "LIST", "users": {"nodes": [{"username": "cleo"}]}},
    }


async def test_hidden_sections_and_private_lists_are_the_owners_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    people = api.factory.insert("user_lists", user_id=ada, name="Secret")
    api.factory.insert("list_members", "user_id", list_id=people, user_id=ben)
    config = json.dumps({"list_id": people})
    api.factory.insert("profile_sections", user_id=ada, type="list", title="People", config=config)
    api.factory.insert("profile_sections", user_id=ada, type="links", title="Hidden", is_visible=False)
    query = """{ user(username: "ada") { sections { title ... on ListSection { users { nodes { username } } } } } }"""
    assert (await api.run(query, viewer=ben))["user"]["sections"] == [{"title": "People", "users": {"nodes": []}}]
    assert (await api.run(query, viewer=ada))["user"]["sections"] == [
        {"title": "People", "users": {"nodes": [{"username": "ben"}]}},
        {"title": "Hidden"},
    ]


async def test_a_section_does_not_open_the_feed_or_list_of_somebody_else(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    feed = api.factory.insert("custom_feeds", user_id=ben, name="Everything")
    people = api.factory.insert("user_lists", user_id=ben, name="Public", is_public=True)
    api.factory.insert("list_members", "user_id", list_id=people, user_id=cleo)
    for kind, config in (("feed", {"feed_id": feed}), ("list", {"list_id": people})):
        api.factory.insert("profile_sections", user_id=ada, type=kind, title="Stolen", config=json.dumps(config))
    query = """{ user(username: "ada") { sections {
      ... on FeedSection { posts { nodes { id } } } ... on ListSection { users { nodes { username } } } } } }"""
    assert (await api.run(query))["user"]["sections"] == [{"posts": None}, {"users": {"nodes": []}}]


async def test_sections_have_ids_that_node_finds(api: Api) -> None:
    ada = api.factory.user("ada")
    section = encode("ProfileSection", api.factory.insert("profile_sections", user_id=ada, type="links", title="L"))
    data = await api.run("query ($id: ID!) { node(id: $id) { ... on ProfileSection { title } } }", id=section)
    assert data["node"] == {"title": "L"}


async def test_a_feed_that_is_asked_for_several_times_is_read_once(empty_database: str) -> None:
    """By the compiled executor, which calls a field once; the stock one does so for each object."""
    async with api_over(empty_database, settings={"executor": "compiled"}) as api:
        ada = api.factory.user("ada")
        feed = api.factory.insert("custom_feeds", user_id=ada, name="All", algorithm_config=Jsonb({}))
        section = api.factory.insert(
            "profile_sections", user_id=ada, type="feed", title="Feed", config=Jsonb({"feed_id": feed})
        )
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on FeedSection { posts { nodes { id } } } } }"
        data = await api.run(query, ids=[encode("ProfileSection", section)] * 20)
        assert data["nodes"] == [{"posts": {"nodes": []}}] * 20
        assert api.statements.count("custom_feed") == 1
