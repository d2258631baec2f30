"""Inputs of which exactly one field is given: what graphql-core does not check."""

from graphql import GraphQLNamedType, ObjectValueNode, VariableNode
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


class OneOfVariables(OneOfInputValidationRule):
    """A variable in such an object may not be null. All else graphql-core 3.3 checks, and would be said twice."""

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:  # Strawberry's name
        if len(node.fields) == 1 and isinstance(node.fields[0].value, VariableNode):
            super().validate_one_of(node, type)
