"""A field as a document selects it: what its errors and resolvers need to know."""

from collections.abc import Sequence
from typing import NamedTuple

from graphql import FieldNode, GraphQLField, GraphQLObjectType


class Site(NamedTuple):
    """`nodes` are all nodes of the document that select the field under one response key."""

    nodes: Sequence[FieldNode]
    parent_type: GraphQLObjectType
    definition: GraphQLField

    @property
    def name(self) -> str:
        return self.nodes[0].name.value

    @property
    def coordinate(self) -> str:
        return f"{self.parent_type}.{self.name}"

    def null(self) -> TypeError:
        """The error of a null where there may be none."""
        return TypeError(f"Cannot return null for non-nullable field {self.coordinate}.")
