"""Searching for posts: by words, phrases and what narrows a search; in which order, and what is no search."""

from datetime import timedelta

import pytest

from api.gql.ids import decode, encode
from tests.api.conftest import Api
from tests.api.searching import NEW_YEAR, SEARCH, found, search

TOO_LONG = "x" * 10_000


@pytest.mark.parametrize(
    ("query", "contents"),
    [
        ("bread", ["Bread and salt", "Salt on bread"]),
        ("BREAD salt", ["Bread and salt", "Salt on bread"]),
        ('"bread and"', ["Bread and salt"]),
        ("salt -and", ["Salt on bread"]),
        ('salt -"on bread"', ["Bread and salt"]),
        ("étude or and", ["Bread and salt", "Une Étude"]),
        ("ÉTUDE", ["Une Étude"]),
        ("brea", []),
        ("ねこ", ["うちのねこです"]),
        ("ねす", []),
        ("-ねこ です", []),
        ("こ", ["うちのねこです"]),
        ("!!! ... \u2014 '\"", []),
        ("-bread", ["Une Étude", "うちのねこです"]),
        ("week", []),
        ("'week 2922'", []),
        ("<-> & | ! ( ) : * \\", []),
    ],
)
async def test_words_phrases_and_exclusions(api: Api, query: str, contents: list[str]) -> None:
    ada = api.factory.user("ada")
    texts = ["Bread and salt", "Salt on bread", "Une Étude", "うちのねこです"]
    posts = {text: api.factory.post(ada, text) for text in texts}
    for sort in ("RECENT", "RELEVANCE"):
        assert sorted(await found(api, query, sort=sort)) == sorted(posts[text] for text in contents)


async def test_titles_count_for_more_than_texts_and_both_are_searched(api: Api) -> None:
    ada = api.factory.user("ada")
    titled = api.factory.post(ada, "What we ate", title="Bread", type="text_long")
    written = api.factory.post(ada, "Bread")
    assert await found(api, "bread", sort="RELEVANCE") == [titled, written]
    assert await found(api, "bread", sort="RECENT") == [written, titled]
    assert await found(api, '"bread what"') == []  # no phrase across the two


async def test_what_narrows_a_search(api: Api) -> None:
    make = api.factory
    ada, ben, *_ = make.cast()
    song = make.post(ada, "bread", type="song", language="pt-BR", tags=["a", "b"], created_at=NEW_YEAR)
    short = make.post(ben, "bread", language="en", tags=["a"], created_at=NEW_YEAR + timedelta(days=30))
    picture = make.post(ben, "bread", type="image", media_urls='["/media/a"]', created_at=NEW_YEAR + timedelta(days=60))
    cases: list[tuple[dict[str, object], list[int]]] = [
        ({}, [picture, short, song]),
        ({"types": ["SONG", "IMAGE"]}, [picture, song]),
        ({"types": []}, [picture, short, song]),
        ({"authorId": encode("User", ben)}, [picture, short]),
        ({"authorId": encode("User", 10**9)}, []),
        ({"tags": ["A"]}, [short, song]),
        ({"tags": ["a", "b"]}, [song]),
        ({"languages": ["pt"]}, [song]),
        ({"languages": ["PT-br", "en"]}, [short, song]),
        ({"languages": ["pt-PT"]}, []),
        ({"hasMedia": True}, [picture]),
        ({"hasMedia": False}, [short, song]),
        ({"publishedSince": "2026-01-31T00:00:00Z"}, [picture, short]),
        ({"publishedSince": "2026-01-31T00:00:00.000001Z"}, [picture]),
        ({"publishedUntil": "2026-01-31T00:00:00Z"}, [short, song]),
        ({"publishedSince": "2026-02-01T00:00:00Z", "publishedUntil": "2026-01-01T00:00:00Z"}, []),
        ({"authorId": encode("User", ben), "types": ["IMAGE"], "hasMedia": True}, [picture]),
    ]
    for narrow, posts in cases:
        assert await found(api, "bread", filter=narrow) == posts, narrow
        assert sorted(await found(api, "bread", filter=narrow, sort="RELEVANCE")) == sorted(posts), narrow
        assert await found(api, "salt", filter=narrow) == [], narrow


async def test_only_posts_of_people_one_follows(api: Api) -> None:
    make = api.factory
    ada, bob, eve = (make.user(name) for name in ("ada", "bob", "eve"))
    posts = {person: make.post(person, "salt") for person in (ada, bob, eve)}
    narrow = {"followingOnly": True}
    for sort in ("RECENT", "RELEVANCE"):
        assert await found(api, "salt", viewer=ada, filter=narrow, sort=sort) == []
    make.follow(ada, bob)
    make.follow(bob, eve)  # what others follow is not looked through
    for sort in ("RECENT", "RELEVANCE"):
        assert await found(api, "salt", viewer=ada, filter=narrow, sort=sort) == [posts[bob]]
    assert await found(api, "salt", viewer=ada, filter={**narrow, "authorId": encode("User", eve)}) == []
    assert await found(api, "salt", viewer=ada, filter={**narrow, "authorId": encode("User", bob)}) == [posts[bob]]
    assert (await api.fail(SEARCH, text="salt", filter=narrow))["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_new_follow_leaves_the_cursors_of_a_search(api: Api) -> None:
    make = api.factory
    ada, bob, eve = (make.user(name) for name in ("ada", "bob", "eve"))
    make.follow(ada, bob)
    old, new = make.post(bob, "salt"), make.post(bob, "salt")
    older = make.post(eve, "salt", created_at=NEW_YEAR - timedelta(days=1))
    narrow = {"followingOnly": True}
    page = await search(api, "salt", viewer=ada, filter=narrow, first=1)
    assert [decode(node["id"], "Post") for node in page["nodes"]] == [new]
    make.follow(ada, eve)
    rest = await found(api, "salt", viewer=ada, filter=narrow, after=page["pageInfo"]["endCursor"])
    assert rest == [old, older]


@pytest.mark.parametrize(
    ("query", "narrow", "message"),
    [
        ("", None, "`query` must not be blank."),
        (" \t\n", None, "`query` must not be blank."),
        ("\u200b\u2060\u3164", None, "`query` must not be blank."),
        (TOO_LONG, None, "`query` may have at most 200 characters; it has 10000."),
        ("x", {"tags": ["a b"]}, "`filter.tags.0`: A tag is one word of at most 50 letters, digits or _."),
        (
            "x",
            {"languages": ["?"]},
            "`filter.languages.0`: This must be a language tag of BCP 47, such as en or pt-BR.",
        ),
        ("x", {"authorId": "VXNlcjoxx"}, "This is not an id that the API gave."),
        ("x", {"authorId": encode("Post", 1)}, "This id does not belong to a User."),
    ],
)
async def test_what_is_no_search(api: Api, query: str, narrow: dict[str, object] | None, message: str) -> None:
    error = await api.fail(SEARCH, text=query, filter=narrow)
    assert (error["extensions"]["code"], error["message"]) == ("BAD_USER_INPUT", message)
    assert api.statements == []


async def test_a_search_with_nul_is_refused(api: Api) -> None:
    error = await api.fail(SEARCH, text="a\0b")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert api.statements == []


async def test_words_beyond_the_most_are_ignored(api: Api) -> None:
    post = api.factory.post(api.factory.user("ada"), " ".join(f"w{n}" for n in range(16)), type="text_long")
    assert await found(api, " ".join(f"w{n}" for n in range(20))) == [post]
    assert await found(api, " ".join(f"w{n}" for n in range(4, 20))) == []


async def test_every_one_of_many_words_must_occur(api: Api) -> None:
    """Only the longest are looked up in the index."""
    ada = api.factory.user("ada")
    post = api.factory.post(ada, "A forty-one year old oven in the bakery of the street")
    for sort in ("RECENT", "RELEVANCE"):
        assert await found(api, "the street bakery oven old forty-one of", sort=sort) == [post]
        assert await found(api, "the street bakery oven old forty of no", sort=sort) == []
        assert await found(api, "forty-one", sort=sort) == [post]
        assert await found(api, "forty-two", sort=sort) == []
        assert await found(api, '"forty-one year" oven street bakery the of', sort=sort) == [post]
        assert await found(api, "street or bakery or oven or old or none", sort=sort) == [post]
        assert await found(api, "street bakery year forty one -oven", sort=sort) == []


async def test_a_search_finds_posts_as_they_are_now(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    post = make.post(ada, "bread")
    assert await found(api, "bread") == [post]
    make.connection.execute("UPDATE posts SET content = 'salt', likes_count = 7 WHERE id = %s", [post])
    assert (await found(api, "bread"), await found(api, "salt")) == ([], [post])
    make.connection.execute("UPDATE posts SET status = 'deleted', deleted_at = now() WHERE id = %s", [post])
    assert await found(api, "salt", viewer=ada) == []
    make.connection.execute("UPDATE posts SET status = 'published', deleted_at = NULL WHERE id = %s", [post])
    assert await found(api, "salt") == [post]
    draft = make.post(ada, "salt", status="draft")
    assert await found(api, "salt", viewer=ada) == [post]
    make.connection.execute("UPDATE posts SET status = 'published' WHERE id = %s", [draft])
    assert await found(api, "salt") == [draft, post]
    make.connection.execute("UPDATE posts SET language = 'fr', tags = '{x}' WHERE id = %s", [draft])
    assert await found(api, "salt", filter={"languages": ["fr"], "tags": ["x"]}) == [draft]
    make.connection.execute("DELETE FROM posts WHERE id = %s", [draft])
    assert await found(api, "salt") == [post]


async def test_a_like_does_not_touch_what_search_reads(api: Api) -> None:
    make = api.factory
    ada = make.user("ada")
    post = make.post(ada, "bread")
    row = "SELECT xmin::text || ctid::text FROM app.post_search WHERE post_id = %s"
    before = make.scalar(row, post)
    for n in range(5):
        make.like(make.user(f"fan{n}"), post)
    make.connection.execute("UPDATE posts SET views_count = 9 WHERE id = %s", [post])
    assert make.scalar("SELECT likes_count FROM posts WHERE id = %s", post) == 5
    assert make.scalar(row, post) == before
