"""Inputs of the account mutations."""

from typing import Annotated

import strawberry
from pydantic import Field


@strawberry.input(description="Who signs in.")
class LoginInput:
    login: Annotated[str, Field(max_length=254)] = strawberry.field(
        description="The user name or the e-mail address, in any case of its letters."
    )
    password: Annotated[str, Field(max_length=128)] = strawberry.field(description="The password.")
