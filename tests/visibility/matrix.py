"""The matrix: every question, by everybody who looks, against the oracle: what leaks, and what is hidden too much."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any, NamedTuple, TypeAlias, cast

from api.gql.errors import BadUserInputError
from api.gql.ids import decode_any, encode
from db.feeds.other_feeds import inner_rules
from db.queries.feeds import FOLLOWING_FEEDS
from tests.api.conftest import Api
from tests.feeds.inputs import as_input
from tests.visibility import questions
from tests.visibility.edges import EDGES
from tests.visibility.expectations import VALUES, words
from tests.visibility.oracle import Sight
from tests.visibility.rows import SECTIONS, Rows, Thing
from tests.visibility.world.cast import feed_token, token

WORD = re.compile(r"zq\d+zq")
BATCH = 60
TABLES = {
    "User": "users",
    "Post": "posts",
    "PostRevision": "post_revisions",
    "Comment": "comments",
    "Repost": "reposts",
    "Media": "post_media",
    "Feed": "custom_feeds",
    "Conversation": "conversations",
    "Message": "messages",
    "Notification": "notifications",
    "UserList": "user_lists",
    "MuteWord": "mute_words",
    "Upload": "pending_uploads",
    "FollowRequest": "follow_requests",
    "Session": "sessions",
    "SectionContent": "section_content",
    "ProfileVersion": "profile_versions",
    **dict.fromkeys(("Profile", "BlockedUser", "Viewer", "AccountSettings", "Privacy", "Storage"), "users"),
}
NOBODY = 10**15  # the key of what never existed
UNLIMITED = 2**31 - 1
SETTINGS = {
    **{f"max_{name}": UNLIMITED for name in ("cost", "characters", "tokens", "depth", "fields", "aliases")},
    **{f"max_{name}": UNLIMITED for name in ("root_fields", "directives", "fragments", "repeats", "body_bytes")},
    "rate_limit": 0,
}


Differences: TypeAlias = AsyncIterator[str]
Part: TypeAlias = Callable[[str], Differences]
"""A part of the matrix, for the viewer of a name: what is wrong with what they are told."""


class FailedError(Exception):
    """An operation has errors, which none of the matrix may have."""


class Answer(NamedTuple):
    """What one object must answer: its words, and its edges and values by the names of their fields."""

    words: frozenset[str]
    edges: dict[str, Thing | list[Thing] | None]
    values: dict[str, Any]


@dataclass
class Oracle:
    """Everything that each viewer must be told, worked out once for a world."""

    rows: Rows
    viewers: dict[str, int | None]
    sights: dict[str, Sight] = field(init=False)
    things: list[Thing] = field(init=False)
    _answers: dict[tuple[str, Thing], Answer | None] = field(default_factory=dict[tuple[str, Thing], Answer | None])
    _allowed: dict[str, tuple[set[str], set[Thing]]] = field(default_factory=dict[str, tuple[set[str], set[Thing]]])

    def __post_init__(self) -> None:
        self.sights = {name: Sight(self.rows, viewer) for name, viewer in self.viewers.items()}
        self.things = [(kind, row["id"]) for kind, table in TABLES.items() for row in self.rows[table]]
        self.things += [(SECTIONS[row["type"]], row["id"]) for row in self.rows["profile_sections"]]

    def asked_of(self, name: str) -> list[Thing]:
        """The objects that a viewer asks for: all, but of the many notifications of others only some."""
        mine = self.viewers[name]
        return [
            thing
            for number, thing in enumerate(self.things)
            if thing[0] != "Notification"
            or self.rows.one("notifications", thing[1])["user_id"] == mine
            or number % 40 == 0
        ]

    def answer(self, name: str, thing: Thing) -> Answer | None:
        """What an object must answer to a viewer; None when there is no such object for it."""
        if (name, thing) not in self._answers:
            sight = self.sights[name]
            self._answers[name, thing] = self._answer(sight, thing) if sight.sees(thing) else None
        return self._answers[name, thing]

    @staticmethod
    def _answer(sight: Sight, thing: Thing) -> Answer:
        fields = {one.name: one.kind for one in questions.asked(thing[0])}
        return Answer(
            frozenset(WORD.findall(" ".join(words(sight, thing)))),
            {name: EDGES[name](sight, thing[1]) for name, kind in fields.items() if kind == "edge"},
            {name: VALUES[name](sight, thing[1]) for name, kind in fields.items() if kind == "value"},
        )

    def allowed(self, name: str) -> tuple[set[str], set[Thing]]:
        """All words and objects that a viewer may meet anywhere."""
        if name not in self._allowed:
            seen = [thing for thing in self.things if self.sights[name].sees(thing)]
            # An entry of `viewer.blocked` has the id of somebody who is seen nowhere else.
            seen += [("User", key) for kind, key in seen if kind == "BlockedUser"]
            told = [answer.words for thing in seen if (answer := self.answer(name, thing)) is not None]
            self._allowed[name] = (set[str]().union(*told), {as_named(thing) for thing in seen})
        return self._allowed[name]


def as_named(thing: Thing) -> Thing:
    """The thing as its id names it."""
    return ("ProfileSection" if thing[0] in SECTIONS.values() else thing[0], thing[1])


@dataclass
class Matrix:
    """Asks, compares, and counts what was compared."""

    api: Api
    oracle: Oracle
    ran: set[str] = field(default_factory=set[str])
    requests: int = 0
    objects: int = 0
    facts: int = 0

    def __post_init__(self) -> None:
        self.api.tokens |= {viewer: token(viewer) for viewer in self.oracle.viewers.values() if viewer is not None}

    async def differences(self, *, deep: bool, names: Iterable[str] = (), first: Sequence[str] = ()) -> Differences:
        """What any viewer, or any of these, is told and should not be, or is not told and should be.

        Each part asks all of them before the next one does, since a server remembers only so many documents. Parts that
        are named in `first` come before the others, in its order.
        """
        place = {title: number for number, title in enumerate(first)}
        for _, part in sorted(self._parts(deep=deep), key=lambda one: place.get(one[0], len(place))):
            for name in names or self.oracle.viewers:
                async for found in part(name):
                    yield f"{name}: {found}"

    async def statements(self, name: str) -> dict[str, set[str]]:
        """By part, the names of the statements that it runs for a viewer."""
        ran: dict[str, set[str]] = {}
        for title, part in self._parts(deep=False):
            self.ran.clear()
            assert [one async for one in part(name)] == []
            ran[title] = set(self.ran)
        return ran

    def _parts(self, *, deep: bool) -> Iterator[tuple[str, Part]]:
        """Every field of Query, then all objects of each type, and every path from them."""
        yield "viewer", self._viewer
        yield "homeFeed", self._home
        yield "sharedFeed", self._shared_feeds
        yield "searchPosts", self._searches
        yield "searchUsers", self._searches_for_people
        yield "discover", self._discoveries
        yield "previewFeed", self._unsaved_feeds
        yield from ((f"{root.field} {root.kind}", partial(self._look_ups, root)) for root in questions.LOOK_UPS)
        yield from ((f"objects {kind}", partial(self._objects, kind)) for kind in questions.nodes())
        if deep:
            yield "paths", self._paths_of_viewer
            yield from ((f"paths {kind}", partial(self._paths_of, kind)) for kind in questions.nodes())

    async def _ask(self, name: str, query: str, **variables: object) -> Any:
        self.requests += 1
        body = {"query": query, "variables": variables}
        response = await self.api.post(body, viewer=self.oracle.viewers[name])
        self.ran.update(self.api.statements)
        answer = response.json()
        if "errors" in answer:
            raise FailedError(answer["errors"])
        return answer["data"]

    async def _home(self, name: str) -> Differences:
        if self.oracle.viewers[name] is None:
            return
        target = questions.page_of("Query", "homeFeed")
        for page in questions.PAGES:
            data = await self._ask(name, f"{{ homeFeed({page}) {{ {target} }} }}")
            home = self.oracle.sights[name].home()
            for found in self._edge(name, f"Query.homeFeed({page})", home, data["homeFeed"]):
                yield found

    async def _unsaved_feeds(self, name: str) -> Differences:
        """The rules of everybody's feeds, tried by this viewer."""
        if self.oracle.viewers[name] is None:
            return
        sight, target = self.oracle.sights[name], questions.page_of("FeedPreview", "posts")
        pages = " ".join(f"a{number}: posts({page}) {{ {target} }}" for number, page in enumerate(questions.PAGES))
        head = "query ($rules: FeedRulesInput!)"
        preview = f"{head} {{ previewFeed(rules: $rules) {{ {pages} counts {{ candidates kept }} }} }}"
        seen = [row["id"] for row in self.oracle.rows["posts"] if sight.published(row["id"])]
        feeds = [row["id"] for row in self.oracle.rows["custom_feeds"] if row["id"] < FOLLOWING_FEEDS]
        for feed in feeds:
            rules, posts = as_input(sight.rules(feed)), sight.feed_posts(feed, sight.viewer)
            data = (await self._ask(name, preview, rules=rules))["previewFeed"]
            if any(inner_rules(one) is None for one in sight.rules(feed).other_feeds):
                if any(value is not None for value in data.values()):
                    yield f"previewFeed of {feed} is {data}, though it names a feed that is hidden"
                continue
            for number, page in enumerate(questions.PAGES):
                for found in self._edge(name, f"previewFeed of {feed} ({page})", posts, data[f"a{number}"]):
                    yield found
            if data["counts"] != {"candidates": len(seen), "kept": len(posts)}:
                yield f"previewFeed of {feed} counts {data['counts']}, not {len(posts)} of {len(seen)}"
        async for found in self._unsaved_reasons(name, feeds, seen):
            yield found

    async def _unsaved_reasons(self, name: str, feeds: list[int], seen: list[int]) -> Differences:
        """What rules that are not saved say of every post."""
        sight, head = self.oracle.sights[name], "query ($rules: FeedRulesInput!)"
        rules, posts = as_input(sight.rules(feeds[0])), sight.feed_posts(feeds[0], sight.viewer)
        for batch in _batches([("Post", row["id"]) for row in self.oracle.rows["posts"]]):
            asked = " ".join(
                f'a{key}: explainPost(feed: {{rules: $rules}}, postId: "{encode(kind, key)}") {{ isIncluded }}'
                for kind, key in batch
            )
            data = await self._ask(name, f"{head} {{ {asked} }}", rules=rules)
            for thing in batch:
                expected = {"isIncluded": thing in posts} if thing[1] in seen else None
                if data[f"a{thing[1]}"] != expected:
                    yield f"explainPost of {thing} is {data[f'a{thing[1]}']}, not {expected}"

    async def _shared_feeds(self, name: str) -> Differences:
        """What each token opens, of links and of addresses for readers."""
        tokens = self.oracle.rows["feed_tokens"]
        asked = " ".join(
            f'{row["purpose"]}{row["feed_id"]}: sharedFeed(token: "{feed_token(row["feed_id"], row["purpose"])}") '
            f"{{ {questions.WHICH} }}"
            for row in tokens
        )
        data = await self._ask(name, f"{{ {asked} }}")
        for row in tokens:
            self.facts += 1
            opens = row["purpose"] == "link" and self.oracle.sights[name].linked_feed(row["feed_id"])
            expected = {"__typename": "Feed", "id": encode("Feed", row["feed_id"])} if opens else None
            if (found := data[f"{row['purpose']}{row['feed_id']}"]) != expected:
                yield f"sharedFeed of {row} is {found}, not {expected}"

    async def _searches(self, name: str) -> Differences:
        """What search finds by a word that no post has left out, and by each tag."""
        sight, posts = self.oracle.sights[name], self.oracle.rows["posts"]
        target = questions.page_of("Query", "searchPosts")
        for sort, page in product(("RECENT", "RELEVANCE"), questions.PAGES):
            data = await self._ask(name, f'{{ searchPosts(query: "-nothing", sort: {sort}, {page}) {{ {target} }} }}')
            place = f"Query.searchPosts {sort} ({page})"
            for found in self._edge(name, place, sight.every_post(), data["searchPosts"]):
                yield found
        tags = " ".join(
            f't{row["id"]}: tag(name: "{row["tags"][0]}") {{ postsCount recent: posts {{ {target} }} '
            f"best: posts(sort: POPULAR) {{ {target} }} }}"
            for row in posts
        )
        data = await self._ask(name, f"{{ {tags} }}")
        for row in posts:
            expected: list[Thing] = [("Post", row["id"])] if sight.published(row["id"]) else []
            found_tag = data[f"t{row['id']}"]
            for sort in ("recent", "best"):
                for found in self._edge(name, f"{sort} posts of tag {row['tags']}", expected, found_tag[sort]):
                    yield found
            if found_tag["postsCount"] != sight.rows.is_public(row):
                yield f"tag {row['tags']} has {found_tag['postsCount']} posts"

    async def _discoveries(self, name: str) -> Differences:
        """What is popular, and what the job would have found to be trending if it looked away."""
        sight = self.oracle.sights[name]
        target = questions.page_of("Query", "discover")
        lists = {"discover": sight.discovered(), "trending": sight.every_post("public")}
        for root, expected in lists.items():
            # The last page has room for what may be seen, and for nothing hidden beside it.
            for page in (*questions.PAGES, f"first: {max(len(expected), 2)}"):
                field = f"posts({page}) {{ {target} }}"
                asked = f"trending {{ {field} }}" if root == "trending" else field.replace("posts", "discover", 1)
                data = await self._ask(name, f"{{ {asked} }}")
                page_of = data[root]["posts"] if root == "trending" else data[root]
                for found in self._edge(name, f"Query.{root}({page})", expected, page_of):
                    yield found

    async def _searches_for_people(self, name: str) -> Differences:
        """What search finds by each name, exact and first, and by how the names of all begin."""
        sight, rows = self.oracle.sights[name], self.oracle.rows
        target = questions.page_of("Query", "searchUsers")
        people = [(row, rows.profiles[row["id"]]) for row in rows["users"]]
        seen = {("User", row["id"]) for row, _ in people if sight.user(row["id"])}
        names = " ".join(
            f'u{row["id"]}: searchUsers(query: "{row["username"]}") {{ {target} }} '
            f'n{row["id"]}: searchUsers(query: "{profile["display_name"]}") {{ {target} }}'
            for row, profile in people
        )
        everybody = f'everybody: searchUsers(query: "zq", first: {len(seen)}) {{ {target} }}'
        data = await self._ask(name, f"{{ {names} {everybody} }}")
        if {_thing(node) for node in data["everybody"]["nodes"]} != seen:
            yield f"Query.searchUsers finds {data['everybody']['nodes']}"
        for row, profile in people:
            for asked, shown in ((f"u{row['id']}", True), (f"n{row['id']}", profile["visibility"] == "public")):
                self.facts += 1
                things = [_thing(node) for node in data[asked]["nodes"]]
                person = ("User", row["id"])
                if set(things) - seen or (things[:1] == [person]) != (shown and person in seen):
                    yield f"Query.searchUsers {asked} is {things}"

    async def _look_ups(self, root: questions.LookUp, name: str) -> Differences:
        """One object by each value of a field's argument. `_objects` asks for all that `node` finds."""
        things = [thing for thing in self.oracle.asked_of(name) if thing[0] == root.kind]
        for batch in _batches(spread(things, 2 * BATCH) if root.field == "node" else things):
            given = {f"a{number}": self._argument(root, thing) for number, thing in enumerate(batch)}
            declared = ", ".join(f"${alias}: {root.type}" for alias in given)
            asked = " ".join(
                f"{alias}: {root.field}({root.argument}: ${alias}) {{ {questions.WHICH} }}" for alias in given
            )
            data = await self._ask(name, f"query ({declared}) {{ {asked} }}", **given)
            for alias, thing in zip(given, batch, strict=True):
                expected = thing if self.oracle.answer(name, thing) is not None else None
                for found in self._edge(name, f"Query.{root.field} of {thing}", expected, data[alias]):
                    yield found

    async def answers_to_nothing(self, name: str, root: questions.LookUp) -> set[tuple[str, tuple[str, ...]]]:
        """The different answers, with their statements, to look-ups of some hidden objects and of what never was."""
        hidden = [
            one for one in self.oracle.asked_of(name) if one[0] == root.kind and not self.oracle.answer(name, one)
        ]
        given = [self._argument(root, thing) for thing in spread(hidden, 4)]
        given.append("nobody" if root.argument == "username" else encode(as_named((root.kind, NOBODY))[0], NOBODY))
        selection = f"__typename ... on {root.kind} {{ {questions.whole(root.kind)} }}"
        viewer, answers = self.oracle.viewers[name], set[tuple[str, tuple[str, ...]]]()
        await self.api.post({"query": "{ viewer { id } }"}, viewer=viewer)  # from now on the token is known
        for value in given:
            query = f"query ($value: {root.type}) {{ {root.field}({root.argument}: $value) {{ {selection} }} }}"
            response = await self.api.post({"query": query, "variables": {"value": value}}, viewer=viewer)
            answers.add((f"{response.status_code} {response.text}", tuple(sorted(self.api.statements))))
        return answers

    def _argument(self, root: questions.LookUp, thing: Thing) -> str:
        by_name = root.argument == "username"
        return self.oracle.rows.one("users", thing[1])["username"] if by_name else encode(*as_named(thing))

    async def _viewer(self, name: str) -> Differences:
        viewer = self.oracle.viewers[name]
        data = await self._ask(name, f"{{ viewer {{ {questions.whole('Viewer')} }} rateLimit {{ limit }} }}")
        if (data["viewer"] is None) != (viewer is None):
            yield f"viewer is {data['viewer']}"
        elif viewer is not None:
            for found in self._object(name, ("Viewer", viewer), data["viewer"]):
                yield found

    async def _objects(self, kind: str, name: str) -> Differences:
        """All objects of a type, each with all its fields."""
        things = [thing for thing in self.oracle.asked_of(name) if thing[0] == kind]
        query = (
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on {kind} {{ {questions.whole(kind)} }} }} }}"
        )
        for batch in _batches(things):
            data = await self._ask(name, query, ids=[encode(*as_named(thing)) for thing in batch])
            for thing, node in zip(batch, data["nodes"], strict=True):
                for found in self._object(name, thing, node):
                    yield found

    def _object(self, name: str, thing: Thing, node: dict[str, Any] | None) -> Iterator[str]:
        self.objects += 1
        answer = self.oracle.answer(name, thing)
        if (node is None) != (answer is None):
            yield f"{thing} is {'hidden' if node is None else 'shown'}"
        if node is None or answer is None:
            return
        told: list[Any] = []
        for one in questions.asked(thing[0]):
            self.facts += 1
            found = node[one.alias]
            if one.kind == "edge":
                yield from self._edge(name, f"{thing} {one.name}({one.page})", answer.edges[one.name], found)
            elif one.kind == "value":
                if found != answer.values[one.name]:
                    yield f"{thing} {one.name} is {found}, not {answer.values[one.name]}"
            else:
                told.append(found)
        said = frozenset(WORD.findall(json.dumps(told)))
        if said != answer.words:
            yield f"{thing} says {sorted(said - answer.words)} and keeps {sorted(answer.words - said)} to itself"

    def _edge(self, name: str, place: str, expected: Thing | list[Thing] | None, found: Any) -> Iterator[str]:
        if isinstance(expected, list) and isinstance(found, dict):
            page = cast("dict[str, Any]", found)
            more = len(expected) > 1
            if place.endswith("(first: 1)"):
                expected, rest = expected[:1], (more, False)
            elif place.endswith("(last: 1)"):
                expected, rest = expected[-1:], (False, more)
            else:
                rest = (False, False)
            assert [edge["node"] for edge in page["edges"]] == page["nodes"]
            if (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) != rest:
                yield f"{place} has {page['pageInfo']}"
            found = page["nodes"]
        nodes = cast("list[dict[str, Any]]", found if isinstance(found, list) else [] if found is None else [found])
        things = [_thing(one) for one in nodes]
        self.facts += max(len(things), 1)
        if things != (expected if isinstance(expected, list) else [] if expected is None else [expected]):
            yield f"{place} is {things}, not {expected}"
            return
        for thing, node in zip(things, nodes, strict=True):
            answer = self.oracle.answer(name, thing)
            assert answer is not None, thing
            if leaked := set(WORD.findall(json.dumps(node))) - answer.words:
                yield f"{place} says {leaked}"

    async def _paths_of_viewer(self, name: str) -> Differences:
        """Every path of some edges from the viewer and from the home feed."""
        if self.oracle.viewers[name] is not None:
            home = f"homeFeed(first: 3) {{ nodes {{ {questions.paths('Post', 3, 2)} }} }}"
            for root in (f"viewer {{ {questions.paths('Viewer', 3, 2)} }}", home):
                async for found in self._walk(name, f"{{ {root} }}"):
                    yield found

    async def _paths_of(self, kind: str, name: str) -> Differences:
        """Every path of some edges from some objects of a type that the viewer sees."""
        seen = [thing for thing in self.oracle.things if thing[0] == kind and self.oracle.answer(name, thing)]
        if seen:
            selection = questions.paths(kind, 2, 3)
            query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {selection} }} }} }}"
            async for found in self._walk(name, query, ids=[encode(*as_named(thing)) for thing in spread(seen, 6)]):
                yield found

    async def _walk(self, name: str, query: str, **variables: object) -> Differences:
        """Whatever the viewer meets on it that they may not meet anywhere."""
        allowed_words, allowed_things = self.oracle.allowed(name)
        data = await self._ask(name, query, **variables)
        met = {thing for thing in map(_decoded, _ids(data)) if thing is not None}
        self.facts += len(met)
        said = set(WORD.findall(json.dumps(data)))
        if leaked := (said - allowed_words) | {str(one) for one in met - allowed_things}:
            yield f"{query[:60]} {variables} leads to {sorted(leaked)}"


def _batches(things: list[Thing]) -> Iterator[list[Thing]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def spread(things: Sequence[Thing], size: int) -> list[Thing]:
    """Some of these, from all over."""
    return list(things[:: max(1, len(things) // size)][:size])


def _thing(node: dict[str, Any]) -> Thing:
    return node["__typename"], decode_any(node["id"])[1]


def _ids(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():  # pyright: ignore[reportUnknownVariableType]
            if isinstance(value, str) and (name == "id" or str(name).endswith("_id")):  # pyright: ignore[reportUnknownArgumentType]
                yield value
            yield from _ids(value)
    elif isinstance(data, list):
        for value in data:  # pyright: ignore[reportUnknownVariableType]
            yield from _ids(value)


def _decoded(global_id: str) -> Thing | None:
    try:
        kind, key = decode_any(global_id)
    except BadUserInputError:
        return None
    return kind, key
