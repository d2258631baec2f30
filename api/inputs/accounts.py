"""Inputs of what people do with their accounts."""

import unicodedata
from typing import Annotated, TypeAlias

import strawberry
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from api.accounts.passwords import LONGEST, SHORTEST
from api.gql.validation import NotBlank, OneLine
from api.inputs.ownership import Owned
from api.inputs.reserved_names import is_reserved
from db.documents.folding import stored_address


def _address(text: str) -> str:
    try:
        found = validate_email(unicodedata.normalize("NFKC", text.strip()), check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(f"This is not an e-mail address: {error}") from error
    return stored_address(found.local_part, found.domain)


def _username(text: str) -> str:
    if not (text.isascii() and text.replace("_", "a").isalnum()):
        raise ValueError("A user name has only letters from A to Z, digits and underscores.")
    if is_reserved(text):
        raise ValueError("This user name is reserved. Choose another.")
    return text


# Checked, and stored as the mutation normalises it.
EmailText: TypeAlias = Annotated[str, Field(max_length=254), AfterValidator(_address)]
UsernameText: TypeAlias = Annotated[str, Field(min_length=3, max_length=30), AfterValidator(_username)]
NewPasswordText: TypeAlias = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]
PasswordText: TypeAlias = Annotated[str, Field(max_length=LONGEST)]
TokenText: TypeAlias = Annotated[str, Field(max_length=200)]

_NEW_PASSWORD = (
    f"{SHORTEST} to {LONGEST} characters, any of them; not one that everybody tries, nor with the user name."
)
_AS_COOKIE = (
    "Whether the token is put into an HttpOnly cookie instead of the payload, for pages in a browser: no script can "
    "read it there."
)


def normalised(email: str) -> str:
    """An address that has been checked, as it is stored."""
    return _address(email)


def normalised_login(login: str) -> str:
    """What somebody logs in with: an address as it is stored, or the text itself if it is none."""
    try:
        return _address(login) if "@" in login else login.strip()
    except ValueError:
        return login.strip()


@strawberry.input(description="Who joins.")
class RegisterInput:
    username: UsernameText = strawberry.field(
        description="The name that addresses the account: 3 to 30 letters, digits and underscores. Names that would "
        "pass for the service, such as admin, support or deleted_1, are reserved."
    )
    email: EmailText = strawberry.field(description="The e-mail address; an e-mail asks to confirm it.")
    password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)
    display_name: Annotated[str, Field(max_length=100), NotBlank, OneLine] | None = strawberry.field(
        default=None,
        description="The name on the profile: one line of up to 100 characters, without control characters or "
        "overrides of the text's direction.",
    )
    as_cookie: bool = strawberry.field(default=False, description=_AS_COOKIE)


@strawberry.input(description="Who signs in.")
class LoginInput:
    login: Annotated[str, Field(max_length=254)] = strawberry.field(
        description="The user name or the e-mail address, in any case of its letters."
    )
    password: PasswordText = strawberry.field(description="The password.")
    as_cookie: bool = strawberry.field(default=False, description=_AS_COOKIE)


@strawberry.input(description="Which session to end.")
class RevokeSessionInput:
    session_id: strawberry.ID = strawberry.field(description="The id of the session.", directives=[Owned()])


@strawberry.input(description="Proof that an address is the account's.")
class VerifyEmailInput:
    token: TokenText = strawberry.field(description="The token from the e-mail.")


@strawberry.input(description="Another address.")
class ChangeEmailInput:
    email: EmailText = strawberry.field(description="The new address, which holds once it is confirmed.")
    password: PasswordText = strawberry.field(description="The viewer's password.")


@strawberry.input(description="Another user name.")
class ChangeUsernameInput:
    username: UsernameText = strawberry.field(
        description="The new name: 3 to 30 letters, digits and underscores, and none that is reserved, such as admin. "
        "The old one is free for others at once."
    )


@strawberry.input(description="Another password.")
class ChangePasswordInput:
    current_password: PasswordText = strawberry.field(description="The password until now.")
    new_password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)


@strawberry.input(description="Who has forgotten the password.")
class RequestPasswordResetInput:
    email: EmailText = strawberry.field(description="The address of the account.")


@strawberry.input(description="A new password in place of one that was forgotten.")
class ResetPasswordInput:
    token: TokenText = strawberry.field(description="The token from the e-mail.")
    new_password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)


@strawberry.input(description="Leave to delete the account.")
class DeleteAccountInput:
    password: PasswordText = strawberry.field(description="The viewer's password.")


@strawberry.input(description="Which events are reported by e-mail. What is left out keeps its value.")
class UpdateAccountSettingsInput:
    email_follows: bool | None = strawberry.field(default=None, description="New followers.")
    email_likes: bool | None = strawberry.field(default=None, description="Likes.")
    email_comments: bool | None = strawberry.field(default=None, description="Comments and replies.")
    email_reposts: bool | None = strawberry.field(default=None, description="Reposts.")
    email_mentions: bool | None = strawberry.field(default=None, description="Mentions.")
    email_messages: bool | None = strawberry.field(default=None, description="Messages.")
    email_friend_requests: bool | None = strawberry.field(default=None, description="Friend requests.")
