"""What all mutations have in common: one input, one transaction, one payload with `userErrors`."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, TypeVar

import strawberry

from api.context import Context, Info
from api.inputs.validation import InvalidInputsError, check
from api.permissions import authenticated
from api.types.user_errors import UserError, user_error
from db.errors import ConflictingWritesError, RefusalError

InputT = TypeVar("InputT")
PayloadT = TypeVar("PayloadT")
Write = Callable[[Info, InputT], Awaitable[PayloadT]]

_ATTEMPTS = 2
# The other side of a deadlock goes on first, or both would meet again.
_PAUSE_SECONDS = 0.05


def user_errors() -> Any:
    """The `user_errors` field of a payload."""
    return strawberry.field(
        default_factory=list,
        graphql_type=list[UserError],
        description="What the person has to mend; empty when the mutation succeeded.",
    )


def mutation(*, description: str, public: bool = False, transactional: bool = True) -> Callable[[Any], Any]:
    """Turn `async def verb(info, input) -> Payload` into a mutation.

    The input is checked, the function runs in a transaction of its own, and what a person can mend becomes a payload
    with nothing but `userErrors`. Deadlocks and serialization failures are tried once more. Without `public` the viewer
    must have signed in; without `transactional` the function calls `in_transaction` itself, where it writes.
    """

    def declare(write: Write[Any, Any]) -> Any:
        signature = inspect.signature(write)
        payload: type[Any] = signature.return_annotation

        async def resolver(info: Info, input: Any) -> Any:
            try:
                check(input)
                if transactional:
                    return await in_transaction(info.context, partial(write, info, input))
                info.context.forget()
                return await write(info, input)
            except InvalidInputsError as invalid:
                return payload(user_errors=[user_error(refusal) for refusal in invalid.errors])
            except RefusalError as refusal:
                return payload(user_errors=[user_error(refusal)])

        given = signature.parameters["input"].annotation
        # Nullable, so that one that fails does not take the answers of those before it along: they are stored.
        described = strawberry.argument(description=given.__strawberry_definition__.description)
        resolver.__annotations__ = {"info": Info, "input": Annotated[given, described], "return": payload | None}
        resolver.__name__, resolver.__qualname__, resolver.__module__ = (
            write.__name__,
            write.__qualname__,
            write.__module__,
        )
        return strawberry.mutation(
            resolver=resolver, description=description, extensions=[] if public else authenticated()
        )

    return declare


async def in_transaction(context: Context, write: Callable[[], Awaitable[PayloadT]]) -> PayloadT:
    """What `write` returns, all of it stored or, when it raises, nothing. Deadlocks and the like are tried once more.

    `write` may run twice, so whatever it does beside the database it leaves to its caller.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        context.forget()
        try:
            async with context.database.transaction():
                return await write()
        except ConflictingWritesError:
            if attempt == _ATTEMPTS:
                raise
            await asyncio.sleep(_PAUSE_SECONDS)
    raise AssertionError("the loop returns or raises")
