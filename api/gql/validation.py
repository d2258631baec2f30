"""Limits stand beside the field that they limit, as pydantic's Field in the annotation of a Strawberry input."""

import re
from collections.abc import Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails
from strawberry import UNSET
from strawberry.types.base import has_object_definition

from db.documents.document import Composed
from db.documents.texts import NO_TAG, is_blank, tag_of
from db.documents.urls import web_url
from db.errors import InvalidInputError, RefusalError

# Control characters with all that ends a line, and embeddings, overrides and isolates of bidirectional text. What joins
# letters or keeps them apart (ZWJ, ZWNJ) belongs to the spelling of words and emoji.
_NOT_OF_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class InvalidInputsError(Exception):
    """Several values are not valid: one error for each."""

    def __init__(self, errors: Sequence[RefusalError]) -> None:
        super().__init__(f"{len(errors)} values are not valid")
        self.errors = errors


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise ValueError("This must not be empty.")
    return text


def _one_line(text: str) -> str:
    if _NOT_OF_ONE_LINE.search(text):
        raise ValueError("This must be one line, without control characters or changes of the direction of the text.")
    return text


def _tag(text: str) -> str:
    if tag_of(text) is None:
        raise ValueError(NO_TAG)
    return text


def _web_address(text: str) -> str:
    return web_url(text) if "://" in text else text


NotBlank = AfterValidator(_not_blank)
OneLine = AfterValidator(_one_line)
"""For names and titles, which others see beside their own texts: an override or isolate would reach into those."""
Trimmed = AfterValidator(str.strip)
"""Without the blanks around it, which nobody sees and which would make two of one name."""
Name = Annotated[str, Field(max_length=100), Composed, NotBlank, OneLine, Trimmed]
"""The name of a feed, a list or a person, as others see it."""
Tag = AfterValidator(_tag)
WebAddress = AfterValidator(_web_address)
"""Where a text may be an address of the web; what else it may be is for its document to say."""

_SENTENCES = {
    "string_too_long": "This may have at most {max_length} characters.",
    "string_too_short": "This must have at least {min_length} characters.",
    "too_long": "At most {max_length} are allowed here, not {actual_length}.",
    "too_short": "At least {min_length} must be given here.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This may be at most {le}.",
    "missing": "This is missing.",
    "extra_forbidden": "This is not known here.",
    "literal_error": "This must be {expected}.",
    "enum": "This must be {expected}.",
    "string_type": "This must be a text.",
    "int_type": "This must be a whole number.",
    "float_type": "This must be a number.",
    "bool_type": "This must be true or false.",
    "list_type": "This must be a list.",
    "tuple_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "union_tag_not_found": "This must say its `kind`.",
    "union_tag_invalid": "There is no kind {tag!r} here; it is one of {expected_tags}.",
}


@cache
def _model(kind: type) -> type[BaseModel]:
    hints = get_type_hints(kind, include_extras=True)
    definitions: dict[str, Any] = {
        field.name: (
            Any if _is_nested(hints[field.name]) else hints[field.name],
            ... if field.default is MISSING else field.default,
        )
        for field in fields(kind)
    }
    return create_model(kind.__name__, __config__=ConfigDict(arbitrary_types_allowed=True), **definitions)


def _is_nested(hint: Any) -> bool:
    return has_object_definition(hint) or any(map(_is_nested, get_args(hint)))


def check(value: Any, *prefix: str) -> None:
    """Check an instance of a Strawberry input against the limits in its annotations, else InvalidInputsError.

    Its texts are then as their annotations make them. An input inside of it is for its own document to check, or for
    whoever calls this for it, with its path as the prefix.
    """
    given = {field.name: found for field in fields(value) if (found := getattr(value, field.name)) is not UNSET}
    try:
        checked = _model(value.__class__).model_validate(given)
    except ValidationError as error:
        raise InvalidInputsError(refusals(error, *prefix)) from error
    for name, found in given.items():
        if isinstance(found, str):
            setattr(value, name, getattr(checked, name))


def refusals(error: ValidationError, *prefix: str) -> list[InvalidInputError]:
    """What pydantic found, one error for each value, in a sentence for the person who typed it."""
    return [
        InvalidInputError(_sentence(found), field=(*prefix, *map(str, found["loc"])))
        for found in error.errors(include_url=False, include_input=False)
    ]


def _sentence(found: ErrorDetails) -> str:
    if found["type"] in _SENTENCES:
        return _SENTENCES[found["type"]].format(**found.get("ctx", {}))
    message = found["msg"].removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
