"""Which operation of a document runs."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class NamedAmongSeveral(SchemaExtension):
    """A document with several operations needs `operationName`; stock Strawberry would run the first of them."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        # Strawberry's public property answers with the first operation's name where none was given.
        given = context._provided_operation_name  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if given is None and document is not None and not context.pre_execution_errors:
            nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
            if len(nodes) > 1:
                message = "The document has several operations: name one of them in `operationName`."
                context.pre_execution_errors = [GraphQLError(message, nodes)]
        yield
