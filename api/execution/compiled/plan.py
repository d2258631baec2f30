"""From an operation to its plan: the tree of selections, fields and completers that runs it."""

# graphql-core's types and type guards are generic in what nothing here looks into.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Sequence
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import default_field_resolver
from graphql.execution.values import VariableValues
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from api.execution.columns import COLUMN, PermissionForAll
from api.execution.compiled.arguments import Arguments, FieldArguments
from api.execution.compiled.completers import Completer
from api.execution.compiled.fields import AttributeField, Call, ColumnField, Field, ResolverField
from api.execution.compiled.leaves import Encoders, leaf_completer
from api.execution.compiled.lists import ListCompleter
from api.execution.compiled.objects import AbstractCompleter, ObjectCompleter
from api.execution.compiled.positions import Step
from api.execution.compiled.selections import FailingSelection, FieldSelection, SerialSelection
from api.execution.compiled.sites import Site
from api.execution.compiled.traced import TracedField
from api.execution.operations import Operation
from api.execution.prices import FREE, Counted
from api.execution.tracing import Tracer

_DEFINITION = "strawberry-definition"


class Compiler:
    """Compiles one operation, for one choice of the variables that its @skip and @include look at."""

    def __init__(
        self,
        schema: GraphQLSchema,
        encoders: Encoders,
        operation: Operation,
        variables: VariableValues,
        tracer: Tracer | None,
    ) -> None:
        self._schema = schema
        self._encoders = encoders
        self._operation = operation
        self._variables = variables
        self._tracer = tracer
        self._fragments = {name: FragmentDetails(node) for name, node in operation.fragments.items()}
        self._strawberry: strawberry.Schema | None = getattr(schema, "_strawberry_schema", None)

    def plan(self) -> FieldSelection:
        """The selection of the root, whose one parent is the root value."""
        node, root = self._operation.node, self._schema.get_root_type(self._operation.kind)
        if root is None:
            raise GraphQLError(f"Schema is not configured to execute {node.operation.value} operation.", node)
        collected = collect_fields(self._schema, self._fragments, self._variables, root, node)
        kind = SerialSelection if self._operation.kind is OperationType.MUTATION else FieldSelection
        return self._selection(root, collected.grouped_field_set, self._operation.cost.fields, kind)

    def _selection(
        self,
        parent: GraphQLObjectType,
        grouped: GroupedFieldSet,
        counted: Sequence[Counted],
        kind: type[FieldSelection] = FieldSelection,
    ) -> FieldSelection:
        """`counted` are those of the fields whose objects cost something."""
        prices = {one.key: one for one in counted}
        fields: list[Field] = []
        keys: list[str] = []
        for order, (key, details) in enumerate(grouped.items()):
            name = details[0].node.name.value
            definition = self._schema.get_field(parent, name)
            if definition is None:
                continue  # only in a document that was not validated
            keys.append(key)
            if name != "__typename":
                site = Site([detail.node for detail in details], parent, definition)
                step = Step(key, parent.name, order, is_non_null_type(definition.type))
                field = self._field(site, step, details, prices.get(key, FREE))
                fields.append(field if self._tracer is None else self._traced(field, self._tracer))
        return kind(fields, keys, parent.name)

    def _traced(self, field: Field, tracer: Tracer) -> Field:
        return field if isinstance(field, AttributeField) else TracedField(field, tracer)

    def _subselection(
        self, site: Site, type_: GraphQLObjectType, details: FieldDetailsList, price: Counted
    ) -> FieldSelection | FailingSelection:
        try:
            collected = collect_subfields(
                self._schema, self._fragments, self._variables, self._operation.node, type_, details
            )
        except GraphQLError as error:  # a directive's argument is null: it is unknown what is selected
            return FailingSelection(error, site.nodes)
        return self._selection(type_, collected.grouped_field_set, price.fields)

    def _field(self, site: Site, step: Step, details: FieldDetailsList, price: Counted) -> Field:
        definition = site.definition
        completer = self._completer(site, definition.type, details, price)
        declared = (definition.extensions or {}).get(_DEFINITION)
        if isinstance(declared, StrawberryField) and self._strawberry is not None:
            found = self._strawberry_field(self._strawberry, declared, site, step, completer, details)
            if found is not None:
                return found
        resolve = definition.resolve or default_field_resolver
        return ResolverField(site, step, completer, resolve, FieldArguments(site, details[0]))

    def _strawberry_field(
        self,
        schema: strawberry.Schema,
        declared: StrawberryField,
        site: Site,
        step: Step,
        completer: Completer,
        details: FieldDetailsList,
    ) -> Field | None:
        """A field that needs no call for each parent. Extensions and handlers of exceptions want to see each."""
        guards = [extension for extension in declared.extensions if isinstance(extension, PermissionForAll)]
        column = declared.metadata.get(COLUMN)
        if len(guards) < len(declared.extensions) or schema.exception_handlers:
            return None
        if declared.is_basic_field and declared.default_resolver is getattr:
            return AttributeField(site, step, completer, declared.python_name)
        if column is None:
            return None
        converter = schema.schema_converter

        def convert(arguments: Arguments) -> Arguments:
            return convert_arguments(
                arguments, declared.arguments, scalar_registry=converter.scalar_registry, config=converter.config
            )

        def present_info(info: Any) -> Any:
            return schema.config.info_class(_raw_info=info, _field=declared)

        arguments = FieldArguments(site, details[0], convert)
        return ColumnField(site, step, completer, Call(column, arguments, present_info, guards))

    def _completer(self, site: Site, type_: GraphQLOutputType, details: FieldDetailsList, price: Counted) -> Completer:
        required = is_non_null_type(type_)
        if is_non_null_type(type_):
            type_ = type_.of_type
        if is_list_type(type_):
            return ListCompleter(site, self._completer(site, type_.of_type, details, price), required=required)
        if is_leaf_type(type_):
            return leaf_completer(site, type_, self._encoders, required=required)
        if is_object_type(type_):
            selection = self._subselection(site, type_, details, price)
            return ObjectCompleter(site, type_, selection, price.weight, required=required)
        assert is_abstract_type(type_)  # noqa: S101  # there are no more kinds of output types
        return AbstractCompleter(
            site,
            type_,
            self._schema,
            lambda found: self._subselection(site, found, details, price),
            price.weight,
            required=required,
        )
