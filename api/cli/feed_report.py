"""What `vrss feeds explain` prints: rules, scan, notices and the plan, never a post."""

from collections.abc import Iterable, Iterator, Sequence

from db.documents.feed_rules import FeedRules
from db.documents.feed_summaries import rules_summary
from db.feeds import MutePatterns
from db.feeds.notices import Notice
from db.feeds.other_feeds import inner_rules
from db.feeds.scans import ScanSummary
from db.plans import Node, Plan, buffers_of, ms_of, rows_of

STOPPED = "The server stopped it after {:,} ms, as it stops it for clients, who then get COST_LIMIT."
_POSTS = frozenset({"posts", "post_search"})
_HEADER = f"{'rows':>9} {'buffers':>9} {'ms':>9}  node, each with those below it"


def rules_lines(rules: FeedRules) -> list[str]:
    return ["", "Rules", *_indented(rules_summary(rules)), *_indented(_other_feeds(rules))]


def _other_feeds(rules: FeedRules) -> Iterator[str]:
    """What each other feed lets through, which the rules name: without its order and its limits."""
    for one in dict.fromkeys(rules.other_feeds):
        inner = inner_rules(one)
        if inner is None:
            yield f"the other feed {one.feed_id} lets nothing through (see the notices)"
            continue
        yield f"the other feed {one.feed_id} lets through:"
        counting = FeedRules(join=inner.join, groups=inner.groups, scope=inner.scope)
        yield from _indented(rules_summary(counting)[:-1])


def scan_lines(scan: ScanSummary) -> list[str]:
    tiers = [f"{number}. {tier.name}: {tier.posts}" for number, tier in enumerate(scan.tiers, 1)]
    first = ["Each tier begins only where those before it did not fill the page:"] if len(tiers) > 1 else []
    return ["", f"Scan: {scan.scan}, {scan.order}", *_indented([*scan.reasons, *first, *tiers])]


def notice_lines(notices: Sequence[Notice]) -> list[str]:
    """Without a line where there are none."""
    said = [f"{one.severity} {one.code}{_place(one)}: {one.message}" for one in notices]
    return ["", "Notices", *_indented(said)] if said else []


def _place(notice: Notice) -> str:
    """Groups and filters counted from 1, as they are printed."""
    numbers = [int(step) + 1 for step in notice.path if step.isdigit()]
    return f" (group {numbers[0]}, filter {numbers[1]})" if numbers else ""


def plan_lines(lines: Iterable[str], words: MutePatterns | None) -> list[str]:
    """The plan as the server writes it, without the words that the reader mutes: they are no rule of the feed."""
    text = "\n".join(lines)
    for pattern in {one for one in words or () if one is not None}:
        text = text.replace("'" + pattern.replace("'", "''") + "'", "'…'")
    return _indented(text.split("\n"))


def node_lines(plan: Plan, scan: ScanSummary) -> list[str]:
    """The nodes that ran, with the tiers that read posts in front."""
    took = (
        f"{plan.rows} rows, {plan.buffers:,} buffers, {plan.planning_ms:.1f} ms to plan, {plan.execution_ms:.1f} to run"
    )
    read = [tier.name for tier in scan.tiers if tier.part is None or plan.read(f"CTE {tier.part}", _POSTS)]
    lines = [f"{took} (with what it takes to measure)", f"Tiers that read posts: {', '.join(read) or 'none'}", _HEADER]
    return _indented([*lines, *_tree(plan.nodes[0], 0)])


def _tree(node: Node, depth: int) -> Iterator[str]:
    if node["Actual Loops"] == 0:
        return
    yield f"{rows_of(node):>9,} {buffers_of(node):>9,} {ms_of(node):>9,.2f}  {'  ' * depth}{_label(node)}"
    for part in node.get("Plans", ()):
        yield from _tree(part, depth + 1)


def _label(node: Node) -> str:
    label = node["Node Type"]
    if "Index Name" in node:
        label += f" of {node['Index Name']}"
    elif name := node.get("Relation Name") or node.get("CTE Name") or node.get("Function Name"):
        label += f" of {name}"
    return f"{node['Subplan Name']}: {label}" if "Subplan Name" in node else label


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
