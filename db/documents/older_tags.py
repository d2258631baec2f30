"""What the tags mean today that were stored when a tag was whatever `#` and letters made, or what anybody gave."""

import re

from db.documents.markup import written_tags
from db.documents.texts import tag_of

TAGS_PER_POST = 50

_HASHTAG = re.compile(r"#(\w{1,50})")
_BETWEEN_WORDS = re.compile(r"[\s.,;:/&|+-]+(?=\w)|[\s.,;:]+$")


def nearest_tag(older: str) -> str | None:
    """The tag that this is today, its words joined by underscores; None when it has other characters."""
    return tag_of(older) or tag_of(_BETWEEN_WORDS.sub("_", older.strip().lstrip("#")).strip("_"))


def tags_today(content: str, stored: list[str]) -> list[str]:
    """The tags of a post with this text; those that are none today, and like none, stay at its end.

    A second time changes nothing. A post that has every tag of its text keeps all others, too, in their order.
    """
    written, given = written_tags(content), stored
    if not set(written) <= set(stored):
        # What the older rule made of the text, parts of words and of addresses, was given by nobody.
        made = {tag.lower() for tag in _HASHTAG.findall(content)}
        given = [*written, *(tag for tag in stored if tag not in made)]
    return list(dict.fromkeys(nearest_tag(tag) or tag for tag in given))[:TAGS_PER_POST]
