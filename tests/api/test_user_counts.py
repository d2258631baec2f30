"""How many followers, friends and posts users have: what who may know, and how fresh it is."""

import logging
from typing import Any

import pytest

from api.gql.ids import encode
from tests.api.conftest import Api

COUNTS = "followersCount followingCount friendsCount postsCount"
OF_USER = f"query ($name: String!) {{ user(username: $name) {{ {COUNTS} }} }}"
FOLLOW = f"""
mutation ($id: ID!) {{ follow(input: {{userId: $id}}) {{
  user {{ {COUNTS} }} viewer {{ user {{ {COUNTS} }} }} userErrors {{ code }} }} }}
"""
UNFOLLOW = FOLLOW.replace("follow(", "unfollow(", 1)
CREATE_POST = f"""
mutation {{ createPost(input: {{content: "Hello"}}) {{
  user {{ {COUNTS} }} viewer {{ user {{ postsCount }} }} userErrors {{ code }} }} }}
"""
BLOCK = f"""
mutation ($id: ID!) {{ blockUser(input: {{userId: $id}}) {{ viewer {{ user {{ {COUNTS} }} }} userErrors {{ code }} }} }}
"""


def counts(followers: int | None, following: int | None, friends: int | None, posts: int | None) -> dict[str, Any]:
    return dict(zip(COUNTS.split(), (followers, following, friends, posts), strict=True))


NOTHING = counts(None, None, None, None)


async def asked(api: Api, name: str, viewer: int | None = None) -> dict[str, Any]:
    return (await api.run(OF_USER, viewer=viewer, name=name))["user"]


async def test_counts_have_also_what_the_viewer_cannot_see(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    gone = api.factory.user("gone", status="suspended")
    for one, other in ((ben, ada), (ada, ben), (gone, ada), (ada, gone), (cleo, ada)):
        api.factory.follow(one, other)
    for visibility in ("public", "followers", "private"):
        api.factory.post(ada, visibility=visibility)
    api.factory.post(ada, status="draft")
    assert await asked(api, "ada") == counts(3, 2, 2, 3)
    assert await asked(api, "ada", dan) == counts(3, 2, 2, 3)
    assert await asked(api, "dan", ada) == counts(0, 0, 0, 0)


async def test_hidden_circles_leave_the_posts_alone(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.follow(ada, ben)
    api.factory.post(ada)
    api.factory.insert("app.user_settings", "user_id", user_id=ada, show_followers=False)
    for viewer in (None, ben):
        assert await asked(api, "ada", viewer) == counts(None, None, None, 1)
    assert await asked(api, "ada", ada) == counts(1, 1, 1, 1)


async def test_who_may_not_see_the_profile_sees_no_count(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    shy = api.factory.user("shy", visibility="private")
    close = api.factory.user("close_one", visibility="followers")
    for user in (shy, close):
        api.factory.follow(ada, user)
        api.factory.post(user)
    assert [await asked(api, "shy", viewer) for viewer in (None, ada, ben)] == [NOTHING] * 3
    assert await asked(api, "shy", shy) == counts(1, 0, 0, 1)
    assert [await asked(api, "close_one", viewer) for viewer in (None, ben)] == [NOTHING] * 2
    assert await asked(api, "close_one", ada) == counts(1, 0, 0, 1)


async def test_following_and_unfollowing_answer_with_new_counts(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    for _ in range(2):
        data = await api.run(FOLLOW, viewer=ada, id=encode("User", ben))
        assert data["follow"] == {
            "user": counts(1, 1, 1, 0),
            "viewer": {"user": counts(1, 1, 1, 0)},
            "userErrors": [],
        }
    for _ in range(2):
        data = await api.run(UNFOLLOW, viewer=ada, id=encode("User", ben))
        assert data["unfollow"] == {
            "user": counts(0, 1, 0, 0),
            "viewer": {"user": counts(1, 0, 0, 0)},
            "userErrors": [],
        }


async def test_counts_read_before_in_one_request_are_read_again(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    query = """mutation ($id: ID!) {
      follow(input: {userId: $id}) { user { followersCount } }
      unfollow(input: {userId: $id}) { user { followersCount } }
      again: follow(input: {userId: $id}) { user { followersCount } }
    }"""
    data = await api.run(query, viewer=ada, id=encode("User", ben))
    assert [data[name]["user"]["followersCount"] for name in ("follow", "unfollow", "again")] == [1, 0, 1]


async def test_a_refused_follow_counts_nothing(api: Api) -> None:
    ada, *_ = api.factory.cast()
    data = await api.run(FOLLOW, viewer=ada, id=encode("User", ada))
    assert data["follow"] == {"user": None, "viewer": None, "userErrors": [{"code": "BAD_USER_INPUT"}]}
    assert await asked(api, "ada", ada) == counts(0, 0, 0, 0)


async def test_a_new_post_answers_with_the_new_count_of_its_author(api: Api) -> None:
    ada = api.factory.user("ada")
    api.factory.post(ada, status="draft")
    for posts in (1, 2):
        data = await api.run(CREATE_POST, viewer=ada)
        assert data["createPost"] == {
            "user": counts(0, 0, 0, posts),
            "viewer": {"user": {"postsCount": posts}},
            "userErrors": [],
        }


async def test_blocking_ends_follows_on_both_sides_and_their_counts(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    api.factory.follow(ben, ada)
    api.factory.follow(ada, ben)
    data = await api.run(BLOCK, viewer=ada, id=encode("User", ben))
    assert data["blockUser"] == {"viewer": {"user": counts(0, 0, 0, 0)}, "userErrors": []}
    assert await asked(api, "ben") == counts(0, 0, 0, 0)


async def test_a_page_of_users_has_its_counts_in_one_statement(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    ada = api.factory.user("ada")
    for number in range(20):
        fan = api.factory.user(f"fan{number}")
        api.factory.follow(fan, ada)
        for _ in range(number % 3):
            api.factory.post(fan)
    query = f'{{ user(username: "ada") {{ {COUNTS} followers {{ nodes {{ username {COUNTS} }} }} }} }}'
    with caplog.at_level(logging.DEBUG, "vrss.statements"):
        user = (await api.run(query))["user"]
    assert user["followersCount"] == 20
    assert [(node["followingCount"], node["postsCount"]) for node in user["followers"]["nodes"]] == [
        (1, number % 3) for number in reversed(range(20))
    ]
    ran = [record.message.split()[0] for record in caplog.records if record.name == "vrss.statements"]
    assert ran.count("user_counts_by_user_ids") == 2  # of ada, and of the page
