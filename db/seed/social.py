"""Who follows whom, and what they do with each other's posts."""

from datetime import datetime
from random import Random
from typing import NamedTuple

from db.enums import Visibility
from db.seed.people import AUDIENCE, CAST, EVERYBODY, Person, Standing
from db.seed.posts import Post, html
from db.seed.seen_posts import SeenMarkRow, SeenPostRow, seen_marks, seen_posts
from db.seed.tables import BlockRow, CommentRow, FollowRequestRow, FollowRow, InteractionRow, MuteRow, RepostRow
from db.seed.texts.comments import GENERAL, GENERAL_REPLIES, REPOST_COMMENTS, THREADS
from db.seed.timeline import Timeline

# Follows within the cast. The audience fills up what is missing to the number of followers of each.
FOLLOWS: dict[str, str] = {
    "ada": "ben cleo dan mira yuki tomas sam ines leila nils priya freya",
    "ben": "ada cleo dan mira yuki tomas priya",
    "cleo": "ada ben dan mira sam ines",
    "dan": "ada ben cleo mira oskar priya jonas piotr",
    "mira": "ada cleo dan yuki leila nils hana",
    "yuki": "ada ben mira leila freya",
    "tomas": "ada ben cleo yuki",
    "sam": "ada ben cleo leila nils",
    "ines": "ada cleo mira sam nils",
    "leila": "ada mira yuki oskar hana",
    "nils": "ada dan cleo mira ines",
    "oskar": "ada dan leila priya jonas",
    "priya": "ada ben dan oskar jonas",
    "jonas": "ada dan oskar priya",
    "freya": "ada ben mira yuki nils",
    "marco": "ada ben cleo dan mira viktor",
    "viktor": "ada ben dan mira yuki marco",
    "hana": "ada ben mira yuki leila",
    "piotr": "ada cleo dan",
    "lou": "ada",
}
BLOCKS: tuple[tuple[str, str], ...] = (("cleo", "viktor"),)
# Of people whose profiles are for their followers, who have not answered yet.
REQUESTS: tuple[tuple[str, str], ...] = (("priya", "nils"), ("jonas", "nils"))
MUTES: tuple[tuple[str, str], ...] = (("ben", "viktor"), ("priya", "marco"))

# Every comment of THREADS finds its post; the newest posts of all get one of these as well.
_GENERAL_COMMENTS = 90
_REPOSTS = 34


class Social(NamedTuple):
    follows: list[FollowRow]
    blocks: list[BlockRow]
    mutes: list[MuteRow]
    requests: list[FollowRequestRow]
    interactions: list[InteractionRow]
    seen: list[SeenPostRow]
    marks: list[SeenMarkRow]
    comments: list[CommentRow]
    reposts: list[RepostRow]


class Reactions:
    """What people do with posts that they can see: followers with followers' posts, nobody across a block."""

    def __init__(self, timeline: Timeline, posts: list[Post], follows: list[FollowRow]) -> None:
        self.timeline = timeline
        self.posts = [post for post in posts if not post.is_private]
        self.people = {person.id: person for person in EVERYBODY}
        self.followers: dict[int, list[Person]] = {person.id: [] for person in EVERYBODY}
        for follow in follows:
            self.followers[follow.following_id].append(self.people[follow.follower_id])
        blocked = {frozenset((CAST[one].id, CAST[other].id)) for one, other in BLOCKS}
        self.blocked = blocked

    def readers(self, post: Post) -> list[Person]:
        """Who may react to a post: the author's followers."""
        return [
            person
            for person in self.followers[post.author.id]
            if frozenset((person.id, post.author.id)) not in self.blocked
        ]

    def talkers(self, post: Post) -> list[Person]:
        """Those of the readers who speak."""
        return [one for one in self.readers(post) if one.standing is not Standing.AUDIENCE and not one.suspended]

    def time(self, random: Random, person: Person, *moments: datetime) -> datetime:
        return self.timeline.after(random, self.timeline.joined(person), *moments, within=0.5)


def social(timeline: Timeline, posts: list[Post]) -> Social:
    follows = _follows(timeline)
    reactions = Reactions(timeline, posts, follows)
    anchor = timeline.anchor
    interactions = _interactions(reactions)
    seen = seen_posts(interactions)
    return Social(
        follows=follows,
        blocks=[BlockRow(CAST[one].id, CAST[other].id, anchor) for one, other in BLOCKS],
        mutes=[MuteRow(CAST[one].id, CAST[other].id, anchor) for one, other in MUTES],
        requests=[
            FollowRequestRow(number, CAST[one].id, CAST[other].id, anchor)
            for number, (one, other) in enumerate(REQUESTS, 1)
        ],
        interactions=interactions,
        seen=seen,
        marks=seen_marks(seen),
        comments=_comments(reactions),
        reposts=_reposts(reactions),
    )


def _follows(timeline: Timeline) -> list[FollowRow]:
    random = Random("vrss follows")
    pairs = [(CAST[name], CAST[other]) for name, others in FOLLOWS.items() for other in others.split()]
    for person in CAST.values():
        missing = person.followers - sum(followed is person for _, followed in pairs)
        pairs += [(follower, person) for follower in random.sample(AUDIENCE, missing)]
    rows = [
        FollowRow(
            follower.id,
            followed.id,
            timeline.after(random, timeline.joined(follower), timeline.joined(followed), within=0.7),
        )
        for follower, followed in pairs
    ]
    return sorted(rows, key=lambda row: (row.created_at, row.follower_id, row.following_id))


def _interactions(reactions: Reactions) -> list[InteractionRow]:
    random = Random("vrss likes")
    rows: list[InteractionRow] = []

    def add(person: Person, post: Post, type_: str) -> None:
        rows.append(InteractionRow(0, person.id, post.id, type_, reactions.time(random, person, post.at)))

    for post in reactions.posts:
        readers = reactions.readers(post)
        likes = min(int(4 * random.paretovariate(1.1)), 60, len(readers))
        if post.author.standing is not Standing.POPULAR:
            likes = min(likes // 3, len(readers))
        likers = random.sample(readers, likes)
        # Ada likes much of what she reads, so that whoever logs in as her sees it.
        ada = CAST["ada"]
        if ada in readers and ada not in likers and random.random() < 0.4:  # noqa: PLR2004
            likers.append(ada)
        for person in likers:
            add(person, post, "like")
        for person in random.sample(readers, min(len(readers), random.choice((0, 0, 1, 2)))):
            add(person, post, "bookmark")
        if random.random() < 0.1 and readers:  # noqa: PLR2004
            add(random.choice(readers), post, "share")
    ordered = sorted(rows, key=lambda row: (row.created_at, row.user_id, row.post_id, row.type))
    return [row._replace(id=id_) for id_, row in enumerate(ordered, 1)]


def _comments(reactions: Reactions) -> list[CommentRow]:
    """Threads at their posts and general remarks below the newest; a reply comes after what it answers."""
    random = Random("vrss comments")
    posts_by_place = {(post.author.username, post.place): post for post in reactions.posts}
    talks: list[tuple[Post, Person, tuple[str, ...]]] = []
    for author, threads in THREADS.items():
        for thread in threads:
            post, commenter = posts_by_place[author, thread.post], CAST[thread.by]
            if post.text.visibility is Visibility.FOLLOWERS and commenter not in reactions.readers(post):
                raise ValueError(f"{commenter.username} cannot see post {thread.post} of {author}")
            talks.append((post, commenter, thread.lines))
    for number, post in enumerate(reversed([post for post in reactions.posts if reactions.talkers(post)])):
        if number == _GENERAL_COMMENTS:
            break
        commenter = random.choice(reactions.talkers(post))
        remark = GENERAL[(number * 7) % len(GENERAL)]
        reply = (GENERAL_REPLIES[number % len(GENERAL_REPLIES)],) if number % 5 == 0 else ()
        talks.append((post, commenter, (remark, *reply)))
    return _threaded(reactions, random, talks)


def _threaded(
    reactions: Reactions, random: Random, talks: list[tuple[Post, Person, tuple[str, ...]]]
) -> list[CommentRow]:
    spoken: list[tuple[datetime, int, int, Post, Person, str]] = []
    for number, (post, commenter, lines) in enumerate(talks):
        at = post.at
        for depth, line in enumerate(lines):
            speaker = post.author if depth % 2 else commenter
            at = reactions.time(random, speaker, at)
            spoken.append((at, number, depth, post, speaker, line))
    spoken.sort(key=lambda one: one[:3])
    ids = {(number, depth): id_ for id_, (_, number, depth, *_) in enumerate(spoken, 1)}
    return [
        CommentRow(
            id=ids[number, depth],
            post_id=post.id,
            user_id=speaker.id,
            parent_comment_id=ids[number, depth - 1] if depth else None,
            content=line,
            content_html=html(line),
            created_at=at,
            updated_at=at,
        )
        for at, number, depth, post, speaker, line in spoken
    ]


def _reposts(reactions: Reactions) -> list[RepostRow]:
    random = Random("vrss reposts")
    public = [post for post in reactions.posts if post.text.visibility is Visibility.PUBLIC]
    chosen = random.sample([post for post in public if reactions.talkers(post)], _REPOSTS)
    rows: list[RepostRow] = []
    for number, post in enumerate(chosen):
        person = random.choice(reactions.talkers(post))
        comment = REPOST_COMMENTS[number % len(REPOST_COMMENTS)] if number % 3 == 0 else None
        rows.append(RepostRow(0, person.id, post.id, comment, reactions.time(random, person, post.at)))
    ordered = sorted(rows, key=lambda row: (row.created_at, row.user_id))
    return [row._replace(id=id_) for id_, row in enumerate(ordered, 1)]
