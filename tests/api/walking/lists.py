"""All lists that are walked, by Type.field and what else decides which statement reads them."""

from tests.api.conftest import Api
from tests.api.walking import people, posts, viewer
from tests.api.walking.world import World

LISTS = (
    "Post.comments NEWEST", "Post.comments OLDEST", "Comment.replies NEWEST", "Comment.replies OLDEST",
    "Post.likers", "Post.reposts", "Post.reposters", "Post.revisions", "Comment.likers", "Query.homeFeed", "Feed.posts",
    "FeedPreview.posts", "FeedSection.posts", "Tag.posts", "Query.searchPosts RECENT", "User.posts", "Query.discover",
    "Query.discover, signed out", "Feed.posts POPULAR", "Trending.posts", "Query.searchPosts RELEVANCE",
    "Tag.posts POPULAR", "Viewer.bookmarks", "User.reposts", "RepostsSection.posts", "GallerySection.media",
    "User.lists", "User.followers", "FollowersSection.users", "User.following", "FollowingSection.users",
    "UserList.members", "ListSection.users", "User.friends", "FriendsSection.users", "User.mutualFriends",
    "User.knownFollowers", "Viewer.notifications", "Viewer.notifications unread", "Viewer.followRequests",
    "Viewer.sentFollowRequests", "Viewer.muted", "Viewer.blocked", "Viewer.friendRequests", "Viewer.suggestions",
    "Query.searchUsers", "Viewer.drafts", "Viewer.scheduled", "Viewer.deletedPosts", "Viewer.media", "Viewer.lists",
    "Conversation.messages", "Viewer.conversations", "Viewer.sessions",
)  # fmt: skip
GROUPS = (
    posts.on_posts, posts.of_feeds, posts.by_popularity, posts.on_profiles, people.of_profile, people.of_circles,
    people.of_viewer, viewer.of_writing, viewer.of_conversations, viewer.of_sessions,
)  # fmt: skip


class Lists:
    """All lists of one world."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.make = api.factory
        world = World(api)
        self.lists = {name: walked for group in GROUPS for name, walked in group(world).items()}
