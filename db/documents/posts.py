"""What a post must have before it is published. A draft may lack it; the table refuses the rest."""

from db.documents.texts import is_blank
from db.enums import PostType

SHORT_TEXT = 500
LONG_TEXT = 10_000


def is_text(type_: PostType) -> bool:
    """Whether it consists of a text, and has no files."""
    return type_ in {PostType.TEXT_SHORT, PostType.TEXT_LONG}


def too_long(type_: PostType, content: str | None) -> str | None:
    """A sentence if the text has too many characters for a post of this type."""
    most = SHORT_TEXT if type_ is PostType.TEXT_SHORT else LONG_TEXT
    if content is None or len(content) <= most:
        return None
    return f"A short text has at most {SHORT_TEXT} characters." if most == SHORT_TEXT else f"At most {most} characters."


def without_text(type_: PostType, content: str | None) -> str | None:
    """A sentence if the text of a post that consists of it is missing."""
    return "The post has no text yet." if is_text(type_) and is_blank(content or "") else None
