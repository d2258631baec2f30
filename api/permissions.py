"""Permissions, which show in the SDL as directives."""

from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension

from api.context import Info
from api.errors import UnauthenticatedError


class IsAuthenticated(BasePermission):
    """The viewer has signed in."""

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:  # noqa: ARG002  # Strawberry's signature
        return info.context.session is not None

    def on_unauthorized(self) -> None:
        raise UnauthenticatedError


def authenticated() -> list[FieldExtension]:
    """The extensions of a field that only a signed-in viewer may ask for."""
    return [PermissionExtension(permissions=[IsAuthenticated()])]
