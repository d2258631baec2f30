"""What the scaled people say: the sentences of the demo people, shuffled."""

from random import Random

from db.documents.texts import tags_in
from db.enums import PostType
from db.seed.posts import STORIES, html, tags_of
from db.seed.scaled.loading import NULL
from db.seed.texts.comments import GENERAL, GENERAL_REPLIES, REPOST_COMMENTS, THREADS
from db.seed.texts.conversations import TALKS

VARIANTS = 4_096
_SHORT_LIMIT = 500

_TEXTS = tuple(text for texts in STORIES.values() for text in texts)
_TITLES = tuple(text.title for text in _TEXTS if text.title)
_SENTENCES = tuple(
    f"{sentence.rstrip('.')}."
    for text in _TEXTS
    for paragraph in text.content.split("\n\n")
    for sentence in paragraph.split(". ")
    if not tags_in(sentence)  # the tags of a scaled post are drawn beside its text
)
_LINES = (*GENERAL, *GENERAL_REPLIES, *(line for ts in THREADS.values() for thread in ts for line in thread.lines))

COMMENTS = tuple(f"{escaped}\t{escaped_html}" for escaped, escaped_html in ((line, html(line)) for line in _LINES))
REPOSTS = (NULL, NULL, *REPOST_COMMENTS)
MESSAGES = tuple(line for talk in TALKS for _, line in talk.lines)


def tags(random: Random) -> list[str]:
    """Arrays of tags as COPY reads them: a few tags are everywhere and many are rare."""
    by_use: dict[str, int] = {}
    for text in _TEXTS:
        for tag in tags_of(text):
            by_use[tag] = by_use.get(tag, 0) + 1
    known = sorted(by_use, key=lambda tag: (-by_use[tag], tag))
    known += [f"{tag}{number}" for number in range(2, 6) for tag in known]
    return [
        "{" + ",".join({known[int(len(known) * random.random() ** 3)]: 0 for _ in range(random.randrange(4))}) + "}"
        for _ in range(VARIANTS)
    ]


def texts(random: Random, type_: PostType) -> list[str]:
    """Title, content and its HTML as COPY reads them, for posts of one type."""
    return ["\t".join(map(_escaped, _text(random, type_))) for _ in range(VARIANTS)]


def _text(random: Random, type_: PostType) -> tuple[str | None, str, str]:
    if type_ is PostType.TEXT_LONG:
        content = "\n\n".join(" ".join(random.sample(_SENTENCES, 2)) for _ in range(2))
    else:
        content = " ".join(random.sample(_SENTENCES, random.choice((1, 1, 2))))[:_SHORT_LIMIT].rstrip()
    is_untitled = type_ in {PostType.TEXT_SHORT, PostType.IMAGE, PostType.IMAGE_GALLERY, PostType.GIF}
    return None if is_untitled else random.choice(_TITLES), content, html(content)


def _escaped(text: str | None) -> str:
    return NULL if text is None else text.replace("\n", "\\n")
