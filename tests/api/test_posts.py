"""Posts: the home feed, likes, bookmarks, comments, publishing."""

from api.gql.ids import encode
from tests.api.conftest import Api

LIKE = """
mutation ($id: ID!) { likePost(input: {postId: $id}) {
  post { likesCount viewerHasLiked } userErrors { __typename code field message } } }
"""
UNLIKE = """
mutation ($id: ID!) { unlikePost(input: {postId: $id}) {
  post { likesCount viewerHasLiked } userErrors { code } } }
"""
COMMENT = """
mutation ($input: AddCommentInput!) { addComment(input: $input) {
  comment { content author { username } parent { content } }
  post { commentsCount comments { nodes { content } } }
  userErrors { __typename code field message } } }
"""
PUBLISH = """
mutation ($input: CreatePostInput!) { createPost(input: $input) {
  post { type title content tags visibility status author { username } }
  userErrors { code field message } } }
"""


async def test_liking_counts_in_the_same_answer_and_twice_is_once(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ada))
    for _ in range(2):
        data = await api.run(LIKE, viewer=ben, id=post)
        assert data["likePost"] == {"post": {"likesCount": 1, "viewerHasLiked": True}, "userErrors": []}
    assert api.factory.scalar("SELECT count(*) FROM notifications WHERE type = 'like'") == 1


async def test_taking_a_like_back_counts_down_and_not_below_zero(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    api.factory.like(ben, post)
    for _ in range(2):
        data = await api.run(UNLIKE, viewer=ben, id=encode("Post", post))
        assert data["unlikePost"] == {"post": {"likesCount": 0, "viewerHasLiked": False}, "userErrors": []}


async def test_liking_what_is_not_there_is_refused(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    hidden = api.factory.post(ada, visibility="private")
    for key in (hidden, 10**12):
        data = await api.run(LIKE, viewer=ben, id=encode("Post", key))
        (error,) = data["likePost"]["userErrors"]
        assert (error["__typename"], error["code"], error["field"]) == (
            "NotFoundError",
            "NOT_FOUND",
            ["input", "postId"],
        )
        assert data["likePost"]["post"] is None
    assert api.factory.scalar("SELECT count(*) FROM post_interactions") == 0


async def test_two_likes_in_one_request_each_see_their_own_count(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ada))
    both = """mutation ($id: ID!) {
      like: likePost(input: {postId: $id}) { post { likesCount viewerHasLiked } }
      unlike: unlikePost(input: {postId: $id}) { post { likesCount viewerHasLiked } } }"""
    data = await api.run(both, viewer=ben, id=post)
    assert data == {
        "like": {"post": {"likesCount": 1, "viewerHasLiked": True}},
        "unlike": {"post": {"likesCount": 0, "viewerHasLiked": False}},
    }


async def test_commenting_counts_in_the_same_response_and_notifies_the_author(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = api.factory.post(ada)
    data = await api.run(COMMENT, viewer=ben, input={"postId": encode("Post", post), "content": "Well said"})
    assert data["addComment"] == {
        "comment": {"content": "Well said", "author": {"username": "ben"}, "parent": None},
        "post": {"commentsCount": 1, "comments": {"nodes": [{"content": "Well said"}]}},
        "userErrors": [],
    }
    told = api.factory.connection.execute("SELECT user_id, actor_id, content FROM notifications").fetchall()
    assert told == [(ada, ben, "Well said")]


async def test_a_reply_is_listed_under_its_comment_and_notifies_both_people(api: Api) -> None:
    ada, ben, cleo, _ = api.factory.cast()
    post = api.factory.post(ada)
    comment = api.factory.comment(ben, post)
    given = {"postId": encode("Post", post), "parentId": encode("Comment", comment), "content": "Indeed"}
    data = await api.run(COMMENT, viewer=cleo, input=given)
    assert data["addComment"]["comment"]["parent"] == {"content": "Nice"}
    assert data["addComment"]["post"] == {"commentsCount": 2, "comments": {"nodes": [{"content": "Nice"}]}}
    told = api.factory.connection.execute("SELECT user_id, title FROM notifications ORDER BY user_id").fetchall()
    assert told == [(ada, "New comment"), (ben, "New reply")]


async def test_a_reply_to_a_comment_on_another_post_is_refused(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    comment = api.factory.comment(ben, api.factory.post(ada))
    given = {
        "postId": encode("Post", api.factory.post(ada)),
        "parentId": encode("Comment", comment),
        "content": "Wrong place",
    }
    data = await api.run(COMMENT, viewer=ben, input=given)
    assert data["addComment"]["userErrors"][0]["field"] == ["input", "parentId"]
    assert api.factory.scalar("SELECT count(*) FROM comments") == 1


async def test_empty_and_overlong_comments_are_refused_by_name(api: Api) -> None:
    ada, ben, *_ = api.factory.cast()
    post = encode("Post", api.factory.post(ada))
    for content, message in (
        (" \n ", "This must not be empty."),
        ("x" * 2001, "This may have at most 2000 characters."),
    ):
        data = await api.run(COMMENT, viewer=ben, input={"postId": post, "content": content})
        assert data["addComment"] == {
            "comment": None,
            "post": None,
            "userErrors": [
                {
                    "__typename": "InvalidInputError",
                    "code": "BAD_USER_INPUT",
                    "field": ["input", "content"],
                    "message": message,
                }
            ],
        }
    assert api.factory.scalar("SELECT count(*) FROM comments") == 0


async def test_publishing_takes_tags_from_text_and_input(api: Api) -> None:
    ada = api.factory.user("ada")
    given = {"content": "Bread #Baking and #sourdough_101", "tags": ["Slow", "baking"], "visibility": "FOLLOWERS"}
    data = await api.run(PUBLISH, viewer=ada, input=given)
    assert data["createPost"] == {
        "post": {
            "type": "TEXT_SHORT",
            "title": None,
            "content": "Bread #Baking and #sourdough_101",
            "tags": ["baking", "sourdough_101", "slow"],
            "visibility": "FOLLOWERS",
            "status": "PUBLISHED",
            "author": {"username": "ada"},
        },
        "userErrors": [],
    }


async def test_a_text_too_long_for_its_type_is_refused(api: Api) -> None:
    ada = api.factory.user("ada")
    for given, field in (
        ({"content": "x" * 501}, "content"),
        ({"content": "x", "type": "SONG"}, "type"),
        ({"content": "x", "title": "t" * 201}, "title"),
        ({"content": "x", "tags": [" "]}, "tags.0"),
        ({"content": "x", "tags": ["fits", "a b #c"]}, "tags.1"),
        ({"content": "\u200b\u3164\u2800\ufe0f"}, "content"),
        ({"content": "x", "type": "TEXT_LONG", "title": "\u202e\u2066"}, "title"),
        *(({"content": "x", "title": f"One{sign}two"}, "title") for sign in "\n\x1b\u2028\u202e\u2066"),
    ):
        data = await api.run(PUBLISH, viewer=ada, input=given)
        (error,) = data["createPost"]["userErrors"]
        assert (error["code"], ".".join(error["field"])) == ("BAD_USER_INPUT", f"input.{field}")
    assert api.factory.scalar("SELECT count(*) FROM posts") == 0
    long = {"content": "x" * 501, "type": "TEXT_LONG", "title": "Long"}
    assert (await api.run(PUBLISH, viewer=ada, input=long))["createPost"]["post"]["type"] == "TEXT_LONG"


async def test_a_post_has_the_stricter_of_its_own_and_its_authors_visibility(api: Api) -> None:
    create = api.factory.user
    viewer = create("viewer")
    seen: dict[str, bool] = {}
    for profile in ("public", "followers", "private"):
        for followed in (False, True):
            author = create(f"{profile}_{followed}", visibility=profile)
            if followed:
                api.factory.follow(viewer, author)
            for own in ("public", "followers", "private"):
                key = encode("Post", api.factory.post(author, visibility=own))
                data = await api.run("query ($id: ID!) { post(id: $id) { id } }", viewer=viewer, id=key)
                seen[f"{profile} {own} {'followed' if followed else 'stranger'}"] = data["post"] is not None
    assert [name for name, is_seen in seen.items() if is_seen] == [
        "public public stranger",
        "public public followed",
        "public followers followed",
        "followers public followed",
        "followers followers followed",
    ]


async def test_likers_are_paged_newest_first_without_those_who_may_not_be_seen(api: Api) -> None:
    ada, ben, cleo, dan = api.factory.cast()
    post = api.factory.post(ada)
    for liker in (ben, cleo, dan, api.factory.user("gone", status="suspended")):
        api.factory.like(liker, post)
    api.factory.insert("app.user_blocks", "blocker_id", blocker_id=cleo, blocked_id=ada)
    query = """query ($id: ID!, $last: Int, $before: String) { post(id: $id) { likers(last: $last, before: $before) {
      nodes { username } pageInfo { hasPreviousPage startCursor } } } }"""
    assert (await api.run(query, viewer=ada, id=encode("Post", post)))["post"]["likers"]["nodes"] == [
        {"username": "dan"},
        {"username": "ben"},
    ]
    page = (await api.run(query, viewer=ada, id=encode("Post", post), last=1))["post"]["likers"]
    assert (page["nodes"], page["pageInfo"]["hasPreviousPage"]) == ([{"username": "ben"}], True)
    rest = await api.run(query, viewer=ada, id=encode("Post", post), last=1, before=page["pageInfo"]["startCursor"])
    assert rest["post"]["likers"]["nodes"] == [{"username": "dan"}]


async def test_more_tags_than_a_post_holds_are_a_user_error(api: Api) -> None:
    """Each of the two limits of the input is kept; only the row shows both."""
    query = """
    mutation ($content: String!, $tags: [String!]!) {
      createPost(input: {content: $content, tags: $tags}) { post { id } userErrors { code message field } }
    }
    """
    ada = api.factory.user("ada")
    content = " ".join(f"#word{number}" for number in range(40))
    data = await api.run(query, viewer=ada, content=content, tags=[f"tag{number}" for number in range(11)])
    assert data["createPost"]["post"] is None
    assert data["createPost"]["userErrors"] == [
        {
            "code": "BAD_USER_INPUT",
            "message": "A post has at most 50 tags, those in its text counted.",
            "field": ["input", "tags"],
        }
    ]
    assert api.factory.scalar("SELECT count(*) FROM posts") == 0
    data = await api.run(query, viewer=ada, content=content, tags=[f"tag{number}" for number in range(10)])
    assert data["createPost"]["userErrors"] == []


async def test_a_tag_is_as_long_as_it_is_stored(api: Api) -> None:
    """Fifty letters that are written as a hundred characters are fifty in the text, and fifty beside it."""
    ada = api.factory.user("ada")
    tag = "e\u0301" * 50
    for given in ({"content": "x", "tags": [tag]}, {"content": f"#{tag}"}):
        data = await api.run(PUBLISH, viewer=ada, input=given)
        assert data["createPost"]["userErrors"] == []
    assert api.factory.scalar("SELECT array_agg(DISTINCT tags) FROM posts") == [["\u00e9" * 50]]
    data = await api.run(PUBLISH, viewer=ada, input={"content": "x", "tags": ["x" * 51]})
    assert [error["field"] for error in data["createPost"]["userErrors"]] == [["input", "tags", "0"]]
    assert api.factory.scalar("SELECT count(*) FROM posts") == 2
