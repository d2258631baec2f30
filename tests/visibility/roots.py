"""Fields of Query that are more than a look-up of one object: what feeds, searches and discoveries show."""

from itertools import product

from api.gql.ids import encode
from db.feeds.other_feeds import inner_rules
from db.queries.feeds import FOLLOWING_FEEDS
from tests.feeds.inputs import as_input
from tests.visibility import questions
from tests.visibility.asking import Asking, Differences, batches, thing_of
from tests.visibility.rows import Thing
from tests.visibility.world.cast import feed_token


class Roots(Asking):
    """Asks each of them, and compares what it answers."""

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
        for batch in batches([("Post", row["id"]) for row in self.oracle.rows["posts"]]):
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
        if {thing_of(node) for node in data["everybody"]["nodes"]} != seen:
            yield f"Query.searchUsers finds {data['everybody']['nodes']}"
        for row, profile in people:
            for asked, shown in ((f"u{row['id']}", True), (f"n{row['id']}", profile["visibility"] == "public")):
                self.facts += 1
                things = [thing_of(node) for node in data[asked]["nodes"]]
                person = ("User", row["id"])
                if set(things) - seen or (things[:1] == [person]) != (shown and person in seen):
                    yield f"Query.searchUsers {asked} is {things}"
