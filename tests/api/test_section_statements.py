"""The statements of sections: as many for twenty people with all eleven types as for one of them."""

from collections import Counter

from psycopg.types.json import Jsonb

from db.enums import SectionType
from tests.api.conftest import Api, api_over

PEOPLE = 20
PAGE = """query ($first: Int!) { user(username: "ada") { followers(first: $first) { nodes { sections {
  id type title description isVisible
  ... on StaticSection { content { id type title content url } }
  ... on PostsSection { limit posts { nodes { id content author { username } } pageInfo { hasNextPage } } }
  ... on PeopleSection { limit shape users { nodes { id username } pageInfo { hasNextPage } } }
  ... on GallerySection { limit columns media { nodes { id url } } }
  ... on FeedSection { feed { id } }
  ... on ListSection { list { id name } }
} } } } }"""


def _page(api: Api, ada: int, number: int) -> None:
    """Somebody with every type of section and something in each, who follows Ada."""
    factory = api.factory
    person = factory.user(f"person{number}")
    factory.follow(person, ada)
    factory.follow(ada, person)
    post = factory.post(person, type="image", content=None)
    factory.media(person, post)
    factory.insert("reposts", user_id=person, post_id=post)
    feed = factory.insert("custom_feeds", user_id=person, name="Mine", sharing="public")
    people = factory.insert("user_lists", user_id=person, name="People", is_public=True)
    factory.insert("list_members", "user_id", list_id=people, user_id=ada)
    configs = {SectionType.FEED: {"feed_id": feed}, SectionType.LIST: {"list_id": people}}
    for order, kind in enumerate(SectionType):
        given = {"user_id": person, "type": kind, "title": kind.title(), "config": Jsonb(configs.get(kind, {}))}
        section = factory.insert("profile_sections", display_order=order, **given)
        if kind in {SectionType.STATIC_TEXT, SectionType.STATIC_IMAGE, SectionType.LINKS, SectionType.VIDEO}:
            factory.insert("section_content", section_id=section, content_type="link", url="https://example.org/x")


async def test_sections_of_twenty_people_run_the_statements_of_one(empty_database: str) -> None:
    """But for the feeds: each has rules of its own, which compile to a statement of its own.

    What their posts lead to is asked for when all of them are read, and so once more than where it came with the rest.
    """
    settings = {"executor": "compiled", "max_cost": 1_000_000, "rate_limit": 0}
    async with api_over(empty_database, settings=settings) as api:
        ada = api.factory.user("ada")
        for number in range(PEOPLE):
            _page(api, ada, number)
        ran: dict[int, Counter[str]] = {}
        for first in (1, PEOPLE):
            people = (await api.run(PAGE, first=first))["user"]["followers"]["nodes"]
            ran[first] = Counter(api.statements)
            assert [len(one["sections"]) for one in people] == [len(SectionType)] * first
            for one in people:
                for section in one["sections"]:
                    page = section.get("users") or section.get("posts") or section.get("media")
                    assert page["nodes"] if page else section["content"]
        assert (ran[1].pop("custom_feed"), ran[PEOPLE].pop("custom_feed")) == (1, PEOPLE)
        assert set(ran[1]) == set(ran[PEOPLE])
        assert {name for name, count in ran[PEOPLE].items() if count > ran[1][name]} <= {"posts_by_ids", "users_by_ids"}
        assert max(ran[PEOPLE].values()) <= 3
