"""What all mutations have in common: one input at most, one transaction, one payload with `userErrors`."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, TypeVar

import strawberry

from api.context import Context, Info
from api.gql.idempotency import Creation, created_once
from api.gql.permissions import ALSO_SUSPENDED, REQUIRES_SIGN_IN, AllowsSuspended, authenticated
from api.gql.user_errors import UserError, user_error
from api.gql.validation import InvalidInputsError, check
from db.errors import ConflictingWritesError, OverloadedError, RefusalError, StatementTimeoutError

PayloadT = TypeVar("PayloadT")
Write = Callable[..., Awaitable[PayloadT]]

_ATTEMPTS = 2
# The other side of a deadlock goes on first, or both would meet again.
_PAUSE_SECONDS = 0.05


def user_errors() -> Any:
    """The `user_errors` field of a payload."""
    return strawberry.field(
        default_factory=list,
        graphql_type=list[UserError],
        description="What the person has to correct; empty when the mutation succeeded.",
    )


def mutation(
    *,
    description: str,
    public: bool = False,
    allows_suspended: bool = False,
    transactional: bool = True,
    creation: Creation | None = None,
) -> Callable[[Any], Any]:
    """Turn `async def verb(info, input) -> Payload` into a mutation; one that needs no input does without.

    The input is checked, the function runs in a transaction of its own, and what a user can correct becomes a payload
    with nothing but `userErrors`. Deadlocks and serialization failures are tried once more. Without `public` the viewer
    must have signed in, and without `allows_suspended` with an active account; without `transactional` the function
    calls `in_transaction` itself, where it writes. With `creation` the input has an idempotency key.
    """

    def declare(write: Write[Any]) -> Any:
        payload: type[Any] = inspect.signature(write).return_annotation

        async def resolver(info: Info, **given: Any) -> Any:
            await asyncio.sleep(0)  # others have their turn before each mutation of a request
            try:
                if public:
                    info.context.is_fresh = False  # it may take its time as well
                else:
                    await info.context.confirm(allows_suspended=allows_suspended)
                for value in given.values():
                    check(value)
                if creation is not None:
                    create = partial(write, info, **given)
                    once = partial(created_once, info, write.__name__, creation, create, given["input"])
                    answer = await _undone(in_transaction(info.context, once))
                elif transactional:
                    answer = await _undone(in_transaction(info.context, partial(write, info, **given)))
                else:
                    info.context.forget()
                    answer = await write(info, **given)
            except InvalidInputsError as invalid:
                return payload(user_errors=[user_error(refusal, "input") for refusal in invalid.errors])
            except RefusalError as refusal:
                return payload(user_errors=[user_error(refusal, "input")])
            info.context.services.hub.note_write()
            return answer

        _present_as(write, resolver, payload)
        permission = [description]
        permission += [] if public else [REQUIRES_SIGN_IN]
        permission += [ALSO_SUSPENDED] if public or allows_suspended else []
        return strawberry.mutation(
            resolver=resolver,
            description=" ".join(permission),
            extensions=[] if public else authenticated(allows_suspended=allows_suspended),
            directives=[AllowsSuspended()] if public or allows_suspended else [],
        )

    return declare


async def _undone(written: Awaitable[PayloadT]) -> PayloadT:
    """What a transaction returns; what kept it from being stored says that nothing was changed."""
    try:
        return await written
    except (OverloadedError, StatementTimeoutError) as error:
        raise type(error)(f"{error.message} Nothing was changed.") from error


def _present_as(write: Write[Any], resolver: Any, payload: type[Any]) -> None:
    """Give the resolver the name of the mutation, and its arguments as Strawberry reads them."""
    parameters = [inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)]
    for parameter in list(inspect.signature(write).parameters.values())[1:]:
        given = parameter.annotation
        described = strawberry.argument(description=given.__strawberry_definition__.description)
        parameters.append(parameter.replace(annotation=Annotated[given, described]))
    # Nullable, so that one that fails does not take the answers of those before it along: they are stored.
    annotations = {parameter.name: parameter.annotation for parameter in parameters} | {"return": payload | None}
    resolver.__signature__ = inspect.Signature(parameters, return_annotation=payload | None)
    resolver.__annotations__ = annotations
    resolver.__name__, resolver.__qualname__, resolver.__module__ = (
        write.__name__,
        write.__qualname__,
        write.__module__,
    )


async def in_transaction(context: Context, write: Callable[[], Awaitable[PayloadT]]) -> PayloadT:
    """What `write` returns, all of it stored or, when it raises, nothing. Deadlocks and the like are tried once more.

    `write` may run twice, so whatever it does beside the database it leaves to its caller. The e-mails that it lets
    wait in the database are stored with the rest.
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
