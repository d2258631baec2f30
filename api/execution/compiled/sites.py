"""A field as a document asks for it: what its errors and its resolvers are told."""

from collections.abc import Sequence
from typing import NamedTuple

from graphql import FieldNode, GraphQLField, GraphQLObjectType


class Site(NamedTuple):
    """`nodes` are all places of the document that ask for the field under one response key."""

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
