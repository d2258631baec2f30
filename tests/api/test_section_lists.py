"""The lists of sections: one shape for all types, and a page size of the section's own."""

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.conftest import Api, api_over

ALL_TYPES = """
query ($first: Int) { user(username: "ada") { sections {
  __typename title
  ... on FeedSection { limit posts(first: $first) { nodes { id } } }
  ... on RepostsSection { limit posts(first: $first) { nodes { id } } }
  ... on PostsSection { posts(first: $first) { pageInfo { hasNextPage endCursor } } }
  ... on PeopleSection { limit shape users(first: $first) {
    nodes { username } pageInfo { hasNextPage hasPreviousPage endCursor } } }
  ... on LinksSection { shape }
} } }
"""


def section(api: Api, ada: int, type_: str, order: int, **config: object) -> int:
    return api.factory.insert(
        "profile_sections", user_id=ada, type=type_, title=f"{order}", config=Jsonb(config), display_order=order
    )


def followers(api: Api, count: int) -> tuple[int, list[str]]:
    """Ada, and the names of those who follow her, the latest first."""
    ada, names = api.factory.user("ada"), [f"follower{number}" for number in range(count)]
    for name in names:
        api.factory.follow(api.factory.user(name), ada)
    return ada, names[::-1]


async def test_a_page_is_as_long_as_the_limit_of_its_section(api: Api) -> None:
    ada, names = followers(api, 6)
    for order, limit in enumerate((2, 4, 50)):
        section(api, ada, "followers", order, limit=limit)
    sections = (await api.run(ALL_TYPES))["user"]["sections"]
    assert [[user["username"] for user in found["users"]["nodes"]] for found in sections] == [
        names[:2],
        names[:4],
        names,
    ]
    assert [found["users"]["pageInfo"]["hasNextPage"] for found in sections] == [True, True, False]
    sections = (await api.run(ALL_TYPES, first=3))["user"]["sections"]
    assert [len(found["users"]["nodes"]) for found in sections] == [3, 3, 3]


async def test_sections_with_other_limits_share_a_statement(empty_database: str) -> None:
    async with api_over(empty_database, settings={"executor": "compiled"}) as api:  # stock execution asks by the size
        ada, _ = followers(api, 6)
        for order, limit in enumerate((2, 4, 50)):
            section(api, ada, "followers", order, limit=limit)
        await api.run(ALL_TYPES)
        assert api.statements.count("followers_by_user_ids") == 1


async def test_the_pages_of_a_section_follow_one_another(api: Api) -> None:
    ada, names = followers(api, 5)
    key = encode("ProfileSection", section(api, ada, "followers", 0, limit=2))
    query = """query ($id: ID!, $after: String, $last: Int) { node(id: $id) { ... on PeopleSection {
      users(after: $after, last: $last) {
        nodes { username } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }"""
    found, after = list[str](), None
    for more, page in ((True, 0), (True, 1), (False, 2)):
        users = (await api.run(query, id=key, after=after))["node"]["users"]
        found += [user["username"] for user in users["nodes"]]
        assert (users["pageInfo"]["hasNextPage"], users["pageInfo"]["hasPreviousPage"]) == (more, page > 0)
        after = users["pageInfo"]["endCursor"]
    assert found == names
    assert len((await api.run(query, id=key, last=4))["node"]["users"]["nodes"]) == 4


async def test_feeds_in_sections_have_the_pages_of_their_sections(api: Api) -> None:
    ada = api.factory.user("ada")
    posts = [encode("Post", api.factory.post(ada)) for _ in range(4)][::-1]
    feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine", algorithm_config=Jsonb({"sort": "RECENT"}))
    for order, limit in enumerate((1, 3)):
        section(api, ada, "feed", order, feed_id=feed, limit=limit)
    section(api, ada, "reposts", 2, limit=2)
    api.factory.connection.execute("INSERT INTO reposts (user_id, post_id) SELECT user_id, id FROM posts")
    sections = (await api.run(ALL_TYPES))["user"]["sections"]
    assert [len(found["posts"]["nodes"]) for found in sections] == [1, 3, 2]
    assert [node["id"] for node in sections[1]["posts"]["nodes"]] == posts[:3]


async def test_shapes_of_links_and_of_people_are_one_type(api: Api) -> None:
    ada = api.factory.user("ada")
    section(api, ada, "links", 0, shape="cards")
    section(api, ada, "friends", 1, shape="list")
    assert [found["shape"] for found in (await api.run(ALL_TYPES))["user"]["sections"]] == ["CARDS", "LIST"]


async def test_a_feed_of_a_section_opens_for_its_owner_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    feed = api.factory.insert("custom_feeds", user_id=ada, name="Mine")
    key = encode("ProfileSection", section(api, ada, "feed", 0, feed_id=feed))
    query = "query ($id: ID!) { node(id: $id) { ... on FeedSection { feed { id name } } } }"
    own = {"id": encode("Feed", feed), "name": "Mine"}
    assert (await api.run(query, viewer=ada, id=key))["node"] == {"feed": own}
    assert (await api.run(query, viewer=ben, id=key))["node"] == {"feed": None}
    api.factory.connection.execute("DELETE FROM custom_feeds")
    assert (await api.run(query, viewer=ada, id=key))["node"] == {"feed": None}


async def test_the_list_of_a_section_is_shown_to_those_who_may_see_it(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    lists = [
        api.factory.insert("user_lists", user_id=owner, name=name, is_public=is_public)
        for owner, name, is_public in ((ada, "Public", True), (ada, "Private", False), (ben, "Ben's", True))
    ]
    for order, one in enumerate([*lists, 2**40]):
        section(api, ada, "list", order, list_id=one)
    query = """{ user(username: "ada") { sections { ... on ListSection { list { name } users { nodes { id } } } } } }"""
    for viewer, names in ((ada, ["Public", "Private", None, None]), (ben, ["Public", None, None, None])):
        found = (await api.run(query, viewer=viewer))["user"]["sections"]
        assert [one["list"] and one["list"]["name"] for one in found] == names
