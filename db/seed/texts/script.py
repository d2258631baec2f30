"""The words that the other files of this folder are written in."""

from typing import NamedTuple

from db.enums import PostType, Visibility


class PostText(NamedTuple):
    """One post to be; `files` is how many media it has, `tags` are separated by spaces."""

    type: PostType
    title: str | None
    content: str
    tags: str
    files: int = 0
    visibility: Visibility = Visibility.PUBLIC


def for_followers(post: PostText) -> PostText:
    return post._replace(visibility=Visibility.FOLLOWERS)


def for_oneself(post: PostText) -> PostText:
    return post._replace(visibility=Visibility.PRIVATE)


def short(content: str, tags: str = "") -> PostText:
    return PostText(PostType.TEXT_SHORT, None, content, tags)


def long(title: str, content: str, tags: str = "") -> PostText:
    return PostText(PostType.TEXT_LONG, title, content, tags)


def image(content: str, tags: str = "") -> PostText:
    return PostText(PostType.IMAGE, None, content, tags, 1)


def gallery(content: str, tags: str = "", files: int = 4) -> PostText:
    return PostText(PostType.IMAGE_GALLERY, None, content, tags, files)


def gif(content: str, tags: str = "") -> PostText:
    return PostText(PostType.GIF, None, content, tags, 1)


def clip(title: str, content: str, tags: str = "") -> PostText:
    return PostText(PostType.VIDEO_SHORT, title, content, tags, 1)


def film(title: str, content: str, tags: str = "") -> PostText:
    return PostText(PostType.VIDEO_LONG, title, content, tags, 1)


def song(title: str, content: str, tags: str = "") -> PostText:
    return PostText(PostType.SONG, title, content, tags, 1)


def album(title: str, content: str, tags: str = "", files: int = 5) -> PostText:
    """Its first file is the cover, the others are the tracks."""
    return PostText(PostType.ALBUM, title, content, tags, files)
