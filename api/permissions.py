"""Permissions, which show in the SDL as directives."""

from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema_directive import Location

from api.context import Info
from api.errors import UnauthenticatedError
from api.execution.columns import PermissionForAll


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="isAuthenticated",
    description="Only for those who have signed in; all others get UNAUTHENTICATED.",
)
class IsAuthenticatedDirective:
    """How the permission shows in the SDL."""


class IsAuthenticated(BasePermission):
    """The viewer has signed in."""

    _schema_directive = IsAuthenticatedDirective()

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:  # noqa: ARG002  # Strawberry's signature
        return info.context.viewer_id is not None

    def on_unauthorized(self) -> None:
        raise UnauthenticatedError


def authenticated() -> list[FieldExtension]:
    """The extensions of a field that only a signed-in viewer may ask for."""
    return [PermissionForAll(permissions=[IsAuthenticated()])]
