"""No text with the character NUL: PostgreSQL, among others, cannot store it."""

from typing import Any

from graphql import ASTValidationRule, GraphQLError, StringValueNode


class NoNul(ASTValidationRule):
    """The validation rule for strings in documents; only an escape can bring a NUL there."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\0" in node.value:
            message = "Text may not contain the character NUL."
            self.report_error(GraphQLError(message, node, extensions={"code": "BAD_USER_INPUT"}))
