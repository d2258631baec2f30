"""Questions made from the schema itself: every field of every type, with every argument, from every root.

What is new in the schema is asked for by itself. A field whose arguments have no values here, or whose type is neither
an object with an id nor known as a part of one, is a LookupError: nothing is passed by.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple, cast

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from api.schema import schema
from tests.visibility.edges import EDGES
from tests.visibility.expectations import PARTS, PLAIN, VALUES

TYPES = schema._schema.type_map  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
QUERY = TYPES["Query"]
# The whole list, from both ends, since the statements have a twin for each direction; and one alone, which must be
# there: what is hidden is left out before the page is cut, and no page is short.
PAGES = ("first: 100", "last: 100", "first: 1", "last: 1")
RELAY = {"first", "after", "last", "before"}
OWN_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "Viewer.notifications(types:)": ("null", "[LIKE, COMMENT, MESSAGE, FOLLOW]"),
    "Viewer.notifications(unreadOnly:)": ("false", "true"),
    "Post.comments(order:)": ("NEWEST", "OLDEST"),
    "Comment.replies(order:)": ("NEWEST", "OLDEST"),
    "Comment.ancestors(limit:)": ("1", "50"),
    "Viewer.media(type:)": ("null", "IMAGE"),
    "Viewer.media(unattachedOnly:)": ("false", "true"),
    "Media.thumbnailUrl(size:)": ("SMALL", "LARGE"),
    "Profile.avatarUrl(size:)": ("MEDIUM", "LARGE"),
    "Tag.posts(sort:)": ("RECENT", "POPULAR", "ENGAGEMENT"),
}
WHICH = "__typename ... on Node { id }"
TEXTS = {"String", "ID", "URL", "EmailAddress", "HTML", "LanguageTag", "JSON"}


class Asked(NamedTuple):
    """One field in a question: the name that it answers under, the one in expectations.py, and how it is asked."""

    alias: str
    name: str
    text: str
    kind: str  # leaf, value, edge or part
    page: str = ""


def named(type_: object) -> GraphQLNamedType:
    """The type in all its lists and non-nulls."""
    found: Any = get_named_type(cast("GraphQLNamedType", type_))
    return found


def object_types() -> list[GraphQLObjectType]:
    return [type_ for type_ in TYPES.values() if isinstance(type_, GraphQLObjectType)]


def nodes() -> list[str]:
    """The names of the types whose objects `node` finds."""
    return [type_.name for type_ in object_types() if _is_node(type_)]


def _is_node(type_: object) -> bool:
    return isinstance(type_, GraphQLObjectType) and "Node" in {found.name for found in type_.interfaces}


def _is_connection(type_: object) -> bool:
    return isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection") and "pageInfo" in type_.fields


@cache
def asked(type_name: str) -> tuple[Asked, ...]:
    """Every field of a type, once for each way of asking for it."""
    type_ = TYPES[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return tuple(one for name, field in type_.fields.items() for one in _asked(type_name, name, field))


def _asked(type_name: str, name: str, field: Any) -> Iterator[Asked]:
    full, type_ = f"{type_name}.{name}", named(field.type)
    for number, (relay, own) in enumerate(product(*_arguments(full, field))):
        alias = f"{name}__{number}"
        given = ", ".join(filter(None, (relay, own)))
        text = f"{alias}: {name}{f'({given})' if given else ''}"
        known = f"{full}({own})" if own else full
        if is_leaf_type(type_):
            yield Asked(alias, full, text, _leaf_kind(type_name, name, type_.name))
        elif type_.name in PARTS:
            yield Asked(alias, full, f"{text} {{ {' '.join(one.text for one in asked(type_.name))} }}", "part")
        elif known in EDGES:
            yield Asked(alias, known, f"{text} {{ {_target(type_)} }}", "edge", relay)
        else:
            raise LookupError(f"{known} leads to {type_.name}: say in EDGES to which, or name {type_.name} in PARTS")


def _arguments(full: str, field: Any) -> tuple[list[str], list[str]]:
    """What to give to Relay's arguments, and what to the field's own."""
    own = [""]
    for name in sorted(field.args.keys() - RELAY):
        key = f"{full}({name}:)"
        if key not in OWN_ARGUMENTS:
            raise LookupError(f"{key} has no values in OWN_ARGUMENTS")
        own = [", ".join(filter(None, (one, f"{name}: {value}"))) for one in own for value in OWN_ARGUMENTS[key]]
    if not RELAY & field.args.keys():
        return [""], own
    assert field.args.keys() >= RELAY, full
    return list(PAGES), own


def _leaf_kind(type_name: str, name: str, leaf: str) -> str:
    if f"{type_name}.{name}" in VALUES:
        return "value"
    if name not in PLAIN.get(type_name, ()) and leaf not in TEXTS:
        raise LookupError(f"{type_name}.{name} is {leaf}: name it in VALUES or PLAIN")
    return "leaf"


def _target(type_: object) -> str:
    """What is asked of an object at the end of an edge: which it is, and what the row says that the edge gave."""
    if _is_connection(type_):
        assert isinstance(type_, GraphQLObjectType)
        node = named(type_.fields["nodes"].type)
        page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        return f"nodes {{ {_target(node)} }} edges {{ cursor node {{ {_target(node)} }} }} {page}"
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        return WHICH
    assert isinstance(type_, GraphQLObjectType)
    leaves = {name: named(field.type) for name, field in type_.fields.items()}
    texts = [name for name, leaf in leaves.items() if is_leaf_type(leaf) and leaf.name in TEXTS]
    return f"__typename {' '.join(texts)}"


@cache
def whole(type_name: str) -> str:
    """A selection of every field of a type."""
    return " ".join(one.text for one in asked(type_name))


@cache
def paths(type_name: str, depth: int, first: int) -> str:
    """A selection of all texts on every path of so many edges from an object of this type."""
    type_ = TYPES[type_name]
    if isinstance(type_, GraphQLInterfaceType):
        members = schema._schema.get_possible_types(type_)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        # The same field may be nullable in one member and not in another: each answers under names of its own.
        return "__typename " + " ".join(
            f"... on {member.name} {{ {_paths(member, depth, first, f'{member.name}_')} }}" for member in members
        )
    assert isinstance(type_, GraphQLObjectType)
    return _paths(type_, depth, first, "")


def _paths(type_: GraphQLObjectType, depth: int, first: int, prefix: str) -> str:
    selected = ["__typename"]
    for name, field in type_.fields.items():
        target = named(field.type)
        alias = f"{prefix}{name}: {name}" if prefix else name
        if is_leaf_type(target):
            selected += [alias] if target.name in TEXTS else []
        elif target.name in PARTS:
            selected.append(f"{alias} {{ {paths(target.name, depth, first)} }}")
        elif depth and _is_connection(target):
            assert isinstance(target, GraphQLObjectType)
            node = named(target.fields["nodes"].type).name
            selected.append(f"{alias}(first: {first}) {{ nodes {{ {paths(node, depth - 1, first)} }} }}")
        elif depth:
            assert not any(map(is_required_argument, field.args.values())), f"{type_.name}.{name}"
            selected.append(f"{alias} {{ {paths(target.name, depth - 1, first)} }}")
    return " ".join(selected)


class LookUp(NamedTuple):
    """A field of Query that finds one object by an argument."""

    field: str
    argument: str
    kind: str

    @property
    def type(self) -> str:
        return "String!" if self.argument == "username" else "ID!"


@cache
def page_of(type_name: str, field: str) -> str:
    """The selection of a whole page of a field."""
    type_ = TYPES[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return _target(named(type_.fields[field].type))


# What the roots are asked for. A root that is in none of these has no meaning yet, and fails.
LOOK_UPS = [
    LookUp("user", "username", "User"),
    LookUp("post", "id", "Post"),
    LookUp("comment", "id", "Comment"),
    LookUp("feed", "id", "Feed"),
    LookUp("list", "id", "UserList"),
    LookUp("conversation", "id", "Conversation"),
    *(LookUp("node", "id", name) for name in nodes()),
]
OTHER_ROOTS = {
    *("viewer", "homeFeed", "previewFeed", "explainPost", "nodes", "rateLimit", "tag", "searchPosts", "searchUsers"),
    *("discover", "trending", "searchTags", "uploadLimits", "sharedFeed", "feedTemplates", "profileTemplates"),
}


def roots_without_a_question() -> set[str]:
    assert isinstance(QUERY, GraphQLObjectType)
    return QUERY.fields.keys() - {one.field for one in LOOK_UPS} - OTHER_ROOTS
