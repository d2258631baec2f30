"""That the reader of a feed has not seen a post.

A person has seen 10,000 posts at most, as far as that is remembered. So a tier that leaves them out before it counts
what it reads looks at that many more, and what it proves then holds for the others.
"""

from psycopg import sql

from db.documents.feed_rules import FeedRules
from db.feeds.conditions import Parameters

# OFFSET: else the planner may read all that the reader has seen, for the few posts of a page. SELECT hides whose they
# are: of somebody who had seen nothing when statistics were gathered, it takes any index on user_id for as good, and
# the one by mark then reads all that was seen since for each post.
_UNSEEN = sql.SQL(
    "NOT EXISTS (SELECT FROM app.seen_posts AS seen "
    "WHERE seen.user_id = (SELECT %(viewer)s::bigint) AND seen.post_id = post.id{until} OFFSET 0)"
)
ANYTHING = sql.SQL("TRUE")
_UNTIL = sql.SQL(" AND seen.mark <= {}::bigint")


def unseen(rules: FeedRules, parameters: Parameters, mark: int | None = None) -> sql.Composable:
    """What the rules ask about seen posts; with `mark`, about those that were seen until then."""
    if not rules.unseen_only or parameters.values["viewer"] is None:
        return ANYTHING
    until = sql.SQL("") if mark is None else _UNTIL.format(parameters.add(mark))
    return _UNSEEN.format(until=until)
