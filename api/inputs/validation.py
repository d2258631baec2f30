"""Limits stand beside the field that they limit, as pydantic's Field in the annotation of a Strawberry input."""

from dataclasses import MISSING, fields
from functools import cache
from typing import Annotated, Any, TypeAlias, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, create_model

from db.errors import InvalidInputError


class InvalidInputsError(Exception):
    """Several values are not valid: one InvalidInputError for each."""

    def __init__(self, errors: list[InvalidInputError]) -> None:
        super().__init__(f"{len(errors)} values are not valid")
        self.errors = errors


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("This must not be empty.")
    return text


NotBlank = AfterValidator(_not_blank)
Text: TypeAlias = Annotated[str, NotBlank]


@cache
def _model(kind: type) -> type[BaseModel]:
    hints = get_type_hints(kind, include_extras=True)
    definitions: dict[str, Any] = {
        field.name: (hints[field.name], ... if field.default is MISSING else field.default) for field in fields(kind)
    }
    return create_model(kind.__name__, __config__=ConfigDict(arbitrary_types_allowed=True), **definitions)


def check(value: Any) -> None:
    """Check an instance of a Strawberry input against the limits in its annotations, else InvalidInputsError."""
    given: dict[str, Any] = {field.name: getattr(value, field.name) for field in fields(value)}
    try:
        _model(value.__class__).model_validate(given)
    except ValidationError as error:
        raise InvalidInputsError(refusals(error)) from error


def refusals(error: ValidationError, *prefix: str) -> list[InvalidInputError]:
    """What pydantic found, one error for each value, in a sentence for the person who typed it."""
    return [
        InvalidInputError(_sentence(found["msg"]), field=(*prefix, *map(str, found["loc"])))
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
