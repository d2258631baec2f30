"""The lists, feeds and profile sections that the demo people have made."""

from typing import Any, NamedTuple

from db.enums import SectionContentType, SectionType


class ListText(NamedTuple):
    owner: str
    name: str
    description: str
    is_public: bool
    members: tuple[str, ...]


class FeedText(NamedTuple):
    """`rules` are those of db.documents.feed_rules, with usernames and names of lists in place of ids."""

    owner: str
    name: str
    description: str
    rules: dict[str, Any]


class SectionText(NamedTuple):
    """`config` as in db.documents.section_config, with names in place of ids; `content` is (title, text or URL)."""

    owner: str
    type: SectionType
    title: str
    config: dict[str, Any]
    content_type: SectionContentType = SectionContentType.TEXT
    content: tuple[tuple[str | None, str], ...] = ()
    description: str | None = None
    is_hidden: bool = False


LISTS: tuple[ListText, ...] = (
    ListText("ada", "Makers", "They make things that one can drop.", True, ("ben", "dan", "yuki", "freya", "mira")),
    ListText("ada", "Sunday guests", "Who gets a message before an open studio.", False, ("cleo", "nils", "priya")),
    ListText("cleo", "Ears", "They listen to the end.", True, ("ada", "sam", "ines")),
    ListText("dan", "Barns and floors", "Where we sleep on the way to Gothenburg.", False, ("oskar", "priya", "ada")),
)

FEEDS: tuple[FeedText, ...] = (
    FeedText(
        "ada",
        "Friends Only",
        "What my friends made, newest first.",
        {"groups": [{"match": "ALL", "filters": [{"kind": "author", "relation": "FRIENDS"}]}]},
    ),
    FeedText(
        "ada",
        "Popular This Week",
        "The most liked posts of the last seven days.",
        {
            "sort": "POPULAR",
            "groups": [
                {
                    "match": "ALL",
                    "filters": [{"kind": "date_range", "published_within": {"amount": 7, "unit": "day"}}],
                }
            ],
        },
    ),
    FeedText(
        "ada",
        "Only Videos",
        "Clips and films, nothing else.",
        {"groups": [{"match": "ALL", "filters": [{"kind": "post_type", "groups": ["VIDEO"]}]}]},
    ),
    FeedText(
        "ada",
        "Makers at work",
        "Pictures and videos by the people on my list of makers.",
        {
            "groups": [
                {"match": "ALL", "filters": [{"kind": "author", "list": "Makers"}]},
                {
                    "match": "ANY",
                    "filters": [{"kind": "post_type", "groups": ["IMAGE"]}, {"kind": "post_type", "groups": ["VIDEO"]}],
                },
            ]
        },
    ),
    FeedText(
        "ada",
        "Quiet corners",
        "What deserves more readers: few reactions, and nobody whom everybody knows.",
        {
            "groups": [
                {"match": "ALL", "filters": [{"kind": "engagement", "metric": "total", "at_most": 6}]},
                {"match": "NONE", "filters": [{"kind": "author", "users": ["ben", "cleo", "dan", "mira"]}]},
            ]
        },
    ),
    FeedText(
        "ben",
        "Text Posts",
        "Words only, long and short.",
        {
            "groups": [
                {
                    "match": "ALL",
                    "filters": [
                        {"kind": "post_type", "groups": ["TEXT"]},
                        {"kind": "has_media", "has_media": False},
                    ],
                }
            ]
        },
    ),
    FeedText(
        "ben",
        "Bread and kitchens",
        "Everything that smells good.",
        {
            "join": "ANY",
            "groups": [
                {
                    "match": "ANY",
                    "filters": [
                        {"kind": "tag", "tag": "bread"},
                        {"kind": "tag", "tag": "kitchen"},
                        {"kind": "tag", "tag": "restaurant"},
                    ],
                },
                {"match": "ALL", "filters": [{"kind": "text", "contains": "butter"}]},
            ],
        },
    ),
    FeedText(
        "cleo",
        "New sounds",
        "Songs, albums and field recordings, but not my own.",
        {
            "groups": [
                {
                    "match": "ANY",
                    "filters": [{"kind": "post_type", "groups": ["SONG"]}, {"kind": "tag", "tag": "fieldrecording"}],
                },
                {"match": "NONE", "filters": [{"kind": "author", "relation": "ME"}]},
            ]
        },
    ),
    FeedText(
        "dan",
        "Talk of the town",
        "What people react to most, among those whom I follow.",
        {
            "sort": "ENGAGEMENT",
            "scope": "FOLLOWING",
            "groups": [{"match": "ALL", "filters": [{"kind": "engagement", "metric": "comments", "at_least": 1}]}],
        },
    ),
    FeedText(
        "mira",
        "Everything but videos",
        "For the train, where the network is slow.",
        {"groups": [{"match": "NONE", "filters": [{"kind": "post_type", "groups": ["VIDEO"]}]}]},
    ),
)

_T = SectionType
_LINK, _IMAGE, _EMBED = SectionContentType.LINK, SectionContentType.IMAGE, SectionContentType.EMBED

SECTIONS: tuple[SectionText, ...] = (
    SectionText(
        "ada",
        _T.STATIC_TEXT,
        "About",
        {"alignment": "left"},
        content=((None, "I photograph people who are busy with something else, on film, and print in a kitchen."),),
    ),
    SectionText("ada", _T.GALLERY, "Prints", {"columns": 3, "limit": 12}, description="The newest on top."),
    SectionText(
        "ada",
        _T.LINKS,
        "Elsewhere",
        {"shape": "buttons"},
        _LINK,
        (("Buy a print", "https://ada.example/prints"), ("The shared darkroom", "https://darkroom.example")),
    ),
    SectionText("ada", _T.FEED, "Friends Only", {"feed": "Friends Only", "limit": 5}),
    SectionText("ada", _T.FRIENDS, "Friends", {"limit": 12, "shape": "grid"}),
    SectionText("ada", _T.LIST, "Makers", {"list": "Makers", "limit": 10}),
    SectionText("ada", _T.REPOSTS, "Passed on", {"limit": 5}),
    SectionText("ada", _T.FOLLOWING, "Whom I read", {"limit": 20, "shape": "list"}, is_hidden=True),
    SectionText(
        "ben",
        _T.STATIC_IMAGE,
        "The oven",
        {"fit": "cover"},
        _IMAGE,
        (("Left side hot, right side patient", "/media/placeholders/photo/oven-1600x1200.svg"),),
    ),
    SectionText("ben", _T.FEED, "Bread and kitchens", {"feed": "Bread and kitchens", "limit": 8}),
    SectionText("ben", _T.FOLLOWERS, "The queue at the door", {"limit": 24, "shape": "grid"}),
    SectionText(
        "cleo",
        _T.VIDEO,
        "Live at the swimming pool",
        {"muted": False},
        _EMBED,
        (("The full set", "https://video.example/embed/swimming-pool"),),
    ),
    SectionText(
        "cleo",
        _T.LINKS,
        "Records",
        {"shape": "cards"},
        _LINK,
        (
            ("One Oscillator", "https://cleo.example/records/one-oscillator"),
            ("Eleven Bells", "https://cleo.example/records/eleven-bells"),
            ("Small Rooms", "https://cleo.example/records/small-rooms"),
        ),
    ),
    SectionText("cleo", _T.LIST, "Ears", {"list": "Ears"}),
    SectionText("cleo", _T.FOLLOWING, "In my headphones", {"limit": 12}),
    SectionText("dan", _T.GALLERY, "Frames", {"columns": 2, "limit": 20}),
    SectionText(
        "dan",
        _T.STATIC_TEXT,
        "Waiting list",
        {"alignment": "center"},
        content=((None, "Eleven months. I answer letters, and I do not hurry."),),
    ),
    SectionText("dan", _T.FRIENDS, "People with barns", {"limit": 12, "shape": "list"}),
    SectionText("mira", _T.GALLERY, "Pages", {"columns": 4, "limit": 24}),
    SectionText("mira", _T.REPOSTS, "Other people's good ideas", {"limit": 10, "show_comments": True}),
    SectionText("mira", _T.FOLLOWERS, "Readers", {"limit": 12}),
    SectionText(
        "tomas",
        _T.STATIC_TEXT,
        "Opening hours",
        {"alignment": "center"},
        content=((None, "Wednesday to Sunday, one to four and eight to eleven. Thursdays without booking."),),
    ),
    SectionText(
        "tomas",
        _T.STATIC_IMAGE,
        "The terrace",
        {"fit": "contain"},
        _IMAGE,
        (("Under the fig tree", "/media/placeholders/photo/terrace-1600x1200.svg"),),
    ),
    SectionText("yuki", _T.GALLERY, "Out of the kiln", {"columns": 3}),
)
