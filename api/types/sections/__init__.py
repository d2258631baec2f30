"""The sections of a profile: eleven types behind one interface.

Static sections hold what their owner put there, dynamic ones are connections that obey the viewer's visibility.
"""

from api.types.sections.base import ProfileSection
from api.types.sections.people import FollowersSection, FollowingSection, FriendsSection, ListSection
from api.types.sections.posts import FeedSection, GallerySection, RepostsSection
from api.types.sections.static import LinksSection, StaticImageSection, StaticTextSection, VideoSection

SECTION_TYPES = (
    FeedSection,
    GallerySection,
    LinksSection,
    StaticTextSection,
    StaticImageSection,
    VideoSection,
    RepostsSection,
    FriendsSection,
    FollowersSection,
    FollowingSection,
    ListSection,
)

__all__ = ["SECTION_TYPES", "ProfileSection"]
