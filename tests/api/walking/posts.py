"""Lists of posts, and of what people do with one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.walking.otherwise import Popular, PopularEverywhere, Ranked
from tests.api.walking.walked import Row, Walked, other, own
from tests.api.walking.world import World

_SEARCH = 'searchPosts(query: "hello", filter: {tags: ["%s"]}'
_RELEVANCE = """
SELECT (ts_rank(document, websearch_to_tsquery('simple', 'hello'), 1) * 1000000)::bigint
FROM app.post_search WHERE post_id = %s
"""


def on_posts(world: World) -> dict[str, Walked]:
    """On one post of Cleo's, and on one comment of hers."""
    make = world.make
    one, thread = make.post(world.cleo), make.post(world.cleo)
    parent = make.comment(world.cleo, thread)
    of_post = f'post(id: "{encode("Post", one)}") {{ FIELD(PAGE) BODY }}'
    of_comment = f'comment(id: "{encode("Comment", parent)}") {{ FIELD(PAGE) BODY }}'
    on_post: dict[str, object] = {"post_id": one}
    reply: dict[str, object] = {"post_id": thread, "parent_comment_id": parent}
    found: dict[str, Walked] = {}
    for name, path, fixed in (("Post.comments", of_post, on_post), ("Comment.replies", of_comment, reply)):
        rows: dict[int, Row] = {}  # in both orders
        for order in ("NEWEST", "OLDEST"):
            field = f"{name.partition('.')[2]}(order: {order}, PAGE)"
            found[f"{name} {order}"] = world.walked(
                path.replace("FIELD(PAGE)", field), "comments", "user_id", own("Comment"),
                fixed={**fixed, "content": "Hi"}, ascending=order == "OLDEST", soft=True,
                rows=rows,
            )  # fmt: skip
    likes = {"fixed": {**on_post, "type": "like"}, "most": 1}
    return {
        **found,
        "Post.likers": world.walked(
            of_post.replace("FIELD", "likers"), "post_interactions", "user_id", other("User"), **likes
        ),
        "Post.reposts": world.walked(
            of_post.replace("FIELD", "reposts"), "reposts", "user_id", own("Repost"), fixed=on_post, most=1
        ),
        "Post.reposters": world.walked(
            f'post(id: "{encode("Post", world.seen_posts[0])}") {{ reposters(PAGE) BODY }}',
            "reposts", "user_id", other("User"), fixed={"post_id": world.seen_posts[0]}, most=1,
        ),
        "Post.revisions": world.walked(
            of_post.replace("FIELD", "revisions"), "app.post_revisions", "title", own("PostRevision"),
            viewer=world.cleo, seen=["One", "Two"], hidden=[], fixed={**on_post, "tags": [], "media_ids": []},
            at=("replaced_at",), stops=False,
        ),
        "Comment.likers": world.walked(
            of_comment.replace("FIELD", "likers"), "app.comment_likes", "user_id", other("User"),
            fixed={"comment_id": parent}, most=1,
        ),
    }  # fmt: skip


def of_feeds(world: World) -> dict[str, Walked]:
    """Posts of people whom Ada follows, who write nothing else, and those of one."""
    make, ada = world.make, world.ada
    authors = [make.user(f"author{n}", status="suspended" if n > 2 else "active") for n in range(6)]
    curator = make.user("curator")
    for author in authors:
        make.follow(ada, author)
        make.follow(curator, author)
    feed, shown = (_feed(world, owner, "RECENT") for owner in (ada, curator))
    text = {"type": "text_short", "content": "Hello", "tags": ["walk"]}
    shared: dict[str, Any] = {
        "fixed": text, "seen": authors[:3], "hidden": authors[3:], "at": ("created_at", "published_at")
    }  # fmt: skip
    rows: dict[int, Row] = {}  # which all of them share
    writer = make.user("writer")
    alone = {**shared, "fixed": {"type": "text_short", "content": "Hello"}, "seen": [writer], "hidden": []}
    paths = {
        "Query.homeFeed": "homeFeed(PAGE) BODY",
        "Feed.posts": f'node(id: "{encode("Feed", feed)}") {{ ... on Feed {{ posts(PAGE) BODY }} }}',
        "FeedPreview.posts": "previewFeed(rules: {scope: FOLLOWING, groups: []}) { posts(PAGE) BODY }",
        "FeedSection.posts": world.section(curator, "feed", "FeedSection.posts", feed_id=shown),
        "Tag.posts": 'tag(name: "walk") { posts(PAGE) BODY }',
        "Query.searchPosts RECENT": f"{_SEARCH % 'walk'}, sort: RECENT, PAGE) BODY",
    }
    stopping = ("Tag.posts", "Query.searchPosts RECENT")
    found = {
        name: world.walked(path, "posts", "user_id", own("Post"), rows=rows, stops=name in stopping, **shared)
        for name, path in paths.items()
    }
    path = 'user(username: "writer") { posts(PAGE) BODY }'
    return {**found, "User.posts": world.walked(path, "posts", "user_id", own("Post"), **alone)}


def by_popularity(world: World) -> dict[str, Walked]:
    """Posts by their likes, and by what a search finds in them, each list with posts of its own."""
    make = world.make
    friends, gone = world.many("friend", 5), world.many("lost", 5, status="suspended")
    dave, erin = make.user("dave"), make.user("erin")
    world.befriend(dave, [*friends, *gone])
    liked = [make.user(f"liked{n}", status="suspended" if n > 2 else "active") for n in range(6)]
    for who in liked:
        make.follow(erin, who)
    feed = f'node(id: "{encode("Feed", _feed(world, erin, "POPULAR"))}") {{ ... on Feed {{ posts(PAGE) BODY }} }}'
    both = ("created_at", "published_at")
    text: dict[str, object] = {"type": "text_short", "content": "Hello"}
    popular: dict[str, Any] = {"node": own("Post"), "fixed": text, "at": both}
    found = {
        # Of one person it looks at the twenty newest posts.
        "Query.discover": world.of_kind(
            Popular, "discover(PAGE) BODY", viewer=dave, seen=friends, hidden=gone, most=20, **popular, powers=True
        ),
        "Query.discover, signed out": world.of_kind(
            PopularEverywhere, "discover(PAGE) BODY", viewer=None, **popular, powers=True
        ),
        "Feed.posts POPULAR": world.of_kind(
            Popular, feed, viewer=erin, seen=liked[:3], hidden=liked[3:], stops=False, **popular
        ),
        "Trending.posts": world.walked(
            "trending { posts(PAGE) BODY }", "app.trending_posts", "post_id", other("Post"),
            seen=world.seen_posts, hidden=world.hidden_posts, fixed={"hours": 24}, tie="post_id", most=1,
            at=("score",), counted=True,
        ),
    }  # fmt: skip
    ranked = {"relevant": _RELEVANCE, "liked": "SELECT likes_count FROM posts WHERE id = %s"}
    paths = {
        "Query.searchPosts RELEVANCE": ("relevant", f"{_SEARCH % 'relevant'}, PAGE) BODY"),
        "Tag.posts POPULAR": ("liked", 'tag(name: "liked") { posts(sort: POPULAR, PAGE) BODY }'),
    }
    of_search = {
        name: world.of_kind(
            Ranked, path, node=own("Post"), fixed={"type": "text_short", "tags": [tag]}, score=ranked[tag], stops=False
        )
        for name, (tag, path) in paths.items()
    }
    return {**found, **of_search}


def _feed(world: World, owner: int, sort: str) -> int:
    config = Jsonb({"sort": sort, "scope": "FOLLOWING"})
    return world.make.insert("custom_feeds", user_id=owner, name=sort, algorithm_config=config)


def on_profiles(world: World) -> dict[str, Walked]:
    """What leads to posts, and pictures."""
    gus = world.make.user("gus")
    posts: dict[str, Any] = {"seen": world.seen_posts, "hidden": world.hidden_posts, "most": 1}
    reposts = world.walked(
        'user(username: "dora") { reposts(PAGE) BODY }', "reposts", "post_id", other("Post"),
        fixed={"user_id": world.dora}, **posts,
    )  # fmt: skip
    shown, kept = (_posts_of(world, gus, visibility) for visibility in ("public", "private"))
    picture = {
        "user_id": gus, "type": "image", "file_url": "/media/placeholders/image/1-40x30.svg", "file_size_bytes": 1,
        "mime_type": "image/png",
    }  # fmt: skip
    return {
        "Viewer.bookmarks": world.walked(
            "viewer { bookmarks(PAGE) BODY }", "post_interactions", "post_id", other("Post"),
            fixed={"user_id": world.ada, "type": "bookmark"}, **posts,
        ),
        "User.reposts": reposts,
        "RepostsSection.posts": replace(reposts, path=world.section(world.dora, "reposts", "RepostsSection.posts")),
        "GallerySection.media": world.walked(
            world.section(gus, "gallery", "GallerySection.media"), "post_media", "post_id", own("Media"),
            seen=shown, hidden=kept, fixed=picture, name="object_key",
        ),
        "User.lists": world.walked(
            'user(username: "gus") { lists(PAGE) BODY }', "user_lists", "is_public", own("UserList"),
            seen=[True], hidden=[False], fixed={"user_id": gus}, name="name",
        ),
    }  # fmt: skip


def _posts_of(world: World, author: int, visibility: str) -> Sequence[int]:
    return [world.make.post(author, visibility=visibility) for _ in range(3)]
