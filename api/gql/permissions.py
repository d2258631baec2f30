"""Permissions, which show in the SDL as directives.

The session of an account that is suspended or about to be deleted gives access to very little. So that is
what the SDL shows: the fields that answer them all the same.
"""

from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema_directive import Location

from api.context import Info
from api.execution.columns import PermissionForAll
from api.gql.errors import UnauthenticatedError

# Descriptions say what the directives say: clients cannot introspect directives that are applied.
REQUIRES_SIGN_IN = "Requires sign-in (UNAUTHENTICATED otherwise)."
ALSO_SUSPENDED = "Also answers accounts that are suspended or await deletion."


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="isAuthenticated",
    description="The field requires sign-in. Without it the field is null and `errors` has UNAUTHENTICATED.",
)
class IsAuthenticatedDirective:
    """How the permission shows in the SDL."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="allowsSuspended",
    description="The field also answers accounts that are suspended or await deletion. All other fields of "
    "Query, Mutation and Viewer answer them ACCOUNT_SUSPENDED or ACCOUNT_DELETED.",
)
class AllowsSuspended:
    """How the lack of a permission shows in the SDL."""


class IsAuthenticated(BasePermission):
    """The viewer has signed in, with an account that is active unless the field allows others."""

    _schema_directive = IsAuthenticatedDirective()

    def __init__(self, *, allows_suspended: bool = False) -> None:
        super().__init__()
        self._allows_suspended = allows_suspended

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:  # noqa: ARG002  # Strawberry's signature
        if not self._allows_suspended:
            info.context.require_active()
        return info.context.viewer_id is not None

    def on_unauthorized(self) -> None:
        raise UnauthenticatedError


class IsActive(BasePermission):
    """The viewer, if there is one, has an account that is active. What refuses says why by itself."""

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:  # noqa: ARG002  # Strawberry's signature
        info.context.require_active()
        return True


def authenticated(*, allows_suspended: bool = False) -> list[FieldExtension]:
    """The extensions of a field that only a signed-in viewer may ask for."""
    return [PermissionForAll(permissions=[IsAuthenticated(allows_suspended=allows_suspended)])]


def active() -> list[FieldExtension]:
    """The extensions of a field that anybody may ask for, signed in or not."""
    return [PermissionForAll(permissions=[IsActive()], use_directives=False)]
