"""Connections of posts, and of what others do with them."""

from datetime import timedelta

from psycopg.types.json import Jsonb

from api.gql.ids import encode
from tests.api.connected import ROWS, SHOWN, Connection, Scene, shown


class OfPosts(Scene):
    """Each has six rows."""

    def _of_posts(self) -> dict[str, Connection]:
        make, ada, ben = self.make, self.ada, self.ben
        thread = make.post(ada)
        parent = make.comment(ada, make.post(ada))
        visible = ["public" if n in SHOWN else "private" for n in range(ROWS)]
        posts = [make.post(who) for who in self.people]
        own = [make.post(ben, visibility=visibility) for visibility in visible]
        pictures = [make.media(ben, post) for post in own]
        writer = make.user("writer")
        found = [make.post(writer, "found", tags=["found"], visibility=one) for one in visible]
        reposts = [make.insert("reposts", user_id=ben, post_id=post) for post in posts]
        of_thread = [make.insert("reposts", user_id=who, post_id=thread) for who in self.people]
        bookmarks = [make.insert("post_interactions", user_id=ada, post_id=post, type="bookmark") for post in posts]
        comments = [make.comment(who, thread) for who in self.people]
        replies = [
            make.comment(
                who, make.scalar("SELECT post_id FROM comments WHERE id = %s", parent), parent_comment_id=parent
            )
            for who in self.people
        ]
        for who in self.people:
            make.like(who, thread)
            make.insert("app.comment_likes", user_id=who, comment_id=parent)
        post, comment = encode("Post", thread), encode("Comment", parent)
        feeds = {sort: self._feed(sort) for sort in ("RECENT", "POPULAR")}
        ids = ", ".join(f'"{encode("User", who)}"' for who in self.people)
        of_feed = 'node(id: "%s") { ... on Feed { LISTposts } }'
        repost, delete_post = "DELETE FROM reposts WHERE id = %s", "DELETE FROM posts WHERE id = %s"
        comment_of = "DELETE FROM comments WHERE id = %s"
        ways = {
            "Query.homeFeed": ("LISThomeFeed", delete_post, posts),
            "Feed.posts": (of_feed % encode("Feed", feeds["RECENT"][0]), delete_post, posts),
            "Feed.posts by likes": (of_feed % encode("Feed", feeds["POPULAR"][0]), delete_post, posts),
            "FeedPreview.posts": (
                f"previewFeed(rules: {{groups: [{{filters: [{{author: {{userIds: [{ids}]}}}}]}}]}}) {{ LISTposts }}",
                delete_post,
                posts,
            ),
            "FeedSection.posts": (
                self._section("feed", "FeedSection", "posts", feed_id=feeds["RECENT"][1]),
                delete_post,
                posts,
            ),
            "User.posts": ('user(username: "ben") { LISTposts }', delete_post, own),
            "User.reposts": ('user(username: "ben") { LISTreposts }', repost, reposts),
            "RepostsSection.posts": (self._section("reposts", "RepostsSection", "posts"), repost, reposts),
            "GallerySection.media": (
                self._section("gallery", "GallerySection", "media"),
                "DELETE FROM post_media WHERE id = %s",
                pictures,
            ),
            "Post.comments": (f'post(id: "{post}") {{ LISTcomments }}', comment_of, comments),
            "Post.likers": (
                f'post(id: "{post}") {{ LISTlikers }}',
                "DELETE FROM post_interactions WHERE user_id = %s",
                self.people,
            ),
            "Post.reposts": (f'post(id: "{post}") {{ LISTreposts }}', repost, of_thread),
            "Post.reposters": (
                f'post(id: "{post}") {{ LISTreposters }}',
                "DELETE FROM reposts WHERE user_id = %s",
                self.people,
            ),
            **self._own_posts(),
            "Post.revisions": (
                f'post(id: "{post}") {{ LISTrevisions }}',
                "DELETE FROM app.post_revisions WHERE id = %s",
                [self._revision(thread if n in SHOWN else hidden) for n, hidden in enumerate(own)],
            ),
            "Query.searchPosts": ('LISTsearchPosts(query:"found",sort:RECENT)', delete_post, found),
            "Query.searchPosts by rank": ('LISTsearchPosts(query:"found")', delete_post, found),
            "Tag.posts": ('tag(name: "found") { LISTposts }', delete_post, found),
            "Tag.posts by likes": ('tag(name: "found") { LISTposts(sort:POPULAR) }', delete_post, found),
            "Query.discover": ("LISTdiscover", delete_post, posts),
            "Trending.posts": ("trending { LISTposts }", delete_post, self._trending(found)),
            "Query.searchUsers": (
                'LISTsearchUsers(query:"sought")',
                "DELETE FROM users WHERE id = %s",
                self._people("sought"),
            ),
            "Viewer.bookmarks": (
                "viewer { LISTbookmarks }",
                "DELETE FROM post_interactions WHERE id = %s",
                bookmarks,
            ),
            "Comment.likers": (
                f'node(id: "{comment}") {{ ... on Comment {{ LISTlikers }} }}',
                "DELETE FROM app.comment_likes WHERE user_id = %s",
                self.people,
            ),
            "Comment.replies": (f'node(id: "{comment}") {{ ... on Comment {{ LISTreplies }} }}', comment_of, replies),
        }
        return {name: Connection(path, delete, shown(keys)) for name, (path, delete, keys) in ways.items()}

    def _trending(self, posts: list[int]) -> list[int]:
        for post in posts:
            self.make.insert("app.trending_posts", "post_id", hours=24, post_id=post, score=1)
        return posts

    def _revision(self, post: int) -> int:
        return self.make.insert("app.post_revisions", post_id=post, tags=[], media_ids=[])

    def _own_posts(self) -> dict[str, tuple[str, str, list[int]]]:
        """Ada's, but for the first and the last one, which are Ben's."""
        now = self.make.scalar("SELECT now()")
        owners = [self.ada if n in SHOWN else self.ben for n in range(ROWS)]
        drafts = [self.make.post(owner, status="draft") for owner in owners]
        scheduled = [
            self.make.post(owner, status="scheduled", scheduled_for=now + timedelta(days=ROWS - n))
            for n, owner in enumerate(owners)
        ]
        deleted = [
            self.make.post(self.ada, status="deleted", deleted_at=now - timedelta(days=days))
            for days in (40, 29, 20, 10, 5)
        ]
        deleted.append(self.make.post(self.ben, status="deleted", deleted_at=now))
        files = [self.make.media(owner) for owner in owners]
        lists = {"drafts": drafts, "scheduled": scheduled, "deletedPosts": deleted}
        return {
            f"Viewer.{name}": (f"viewer {{ LIST{name} }}", "DELETE FROM posts WHERE id = %s", keys)
            for name, keys in lists.items()
        } | {"Viewer.media": ("viewer { LISTmedia }", "DELETE FROM post_media WHERE id = %s", files)}

    def _feed(self, sort: str) -> tuple[int, int]:
        """Ada's feed and Ben's, of the people whom each of them follows."""
        config = Jsonb({"sort": sort, "scope": "FOLLOWING"})
        ada, ben = [
            self.make.insert("custom_feeds", user_id=owner, name=sort, algorithm_config=config)
            for owner in (self.ada, self.ben)
        ]
        return ada, ben
