"""Inputs of what people do with their accounts."""

import unicodedata
from typing import Annotated, TypeAlias

import strawberry
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from api.accounts.passwords import LONGEST, SHORTEST
from api.gql.validation import Name
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

_NEW_PASSWORD = f"{SHORTEST} to {LONGEST} characters of any kind; no common password, none that contains the user name."
_AS_COOKIE = (
    "Whether to put the token into an HttpOnly cookie instead of the payload. For pages in a "
    "browser: no script can read it there."
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


@strawberry.input(description="The input of `register`.")
class RegisterInput:
    username: UsernameText = strawberry.field(
        description="The user name: 3 to 30 letters, digits and underscores. Names such as `admin` are reserved."
    )
    email: EmailText = strawberry.field(description="The e-mail address.")
    password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)
    display_name: Name | None = strawberry.field(
        default=None,
        description="The name on the profile; up to 100 characters.",
    )
    as_cookie: bool = strawberry.field(default=False, description=_AS_COOKIE)


@strawberry.input(description="The input of `login`.")
class LoginInput:
    login: Annotated[str, Field(max_length=254)] = strawberry.field(
        description="The user name or the e-mail address, in any mix of upper and lower case."
    )
    password: PasswordText = strawberry.field(description="The password.")
    as_cookie: bool = strawberry.field(default=False, description=_AS_COOKIE)


@strawberry.input(description="The input of `revokeSession`.")
class RevokeSessionInput:
    session_id: strawberry.ID = strawberry.field(
        description="The session. Must be the viewer's own; somebody else's answers NOT_FOUND.", directives=[Owned()]
    )


@strawberry.input(description="The input of `verifyEmail`.")
class VerifyEmailInput:
    token: TokenText = strawberry.field(description="The token from the e-mail; valid for 24 hours, once.")


@strawberry.input(description="The input of `changeEmail`.")
class ChangeEmailInput:
    email: EmailText = strawberry.field(description="The new address, which holds once it is confirmed.")
    password: PasswordText = strawberry.field(description="The current password.")


@strawberry.input(description="The input of `changeUsername`.")
class ChangeUsernameInput:
    username: UsernameText = strawberry.field(
        description="The new name: 3 to 30 letters, digits and underscores, and none that is reserved, such as admin. "
        "The old one is free for others at once."
    )


@strawberry.input(description="The input of `changePassword`.")
class ChangePasswordInput:
    current_password: PasswordText = strawberry.field(description="The current password.")
    new_password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)


@strawberry.input(description="The input of `requestPasswordReset`.")
class RequestPasswordResetInput:
    email: EmailText = strawberry.field(description="The address of the account.")


@strawberry.input(description="The input of `resetPassword`.")
class ResetPasswordInput:
    token: TokenText = strawberry.field(description="The token from the e-mail; valid for 1 hour, once.")
    new_password: NewPasswordText = strawberry.field(description=_NEW_PASSWORD)


@strawberry.input(description="The input of `deleteAccount`.")
class DeleteAccountInput:
    password: PasswordText = strawberry.field(description="The current password.")


@strawberry.input(
    description="The input of `updateAccountSettings`. The choices are kept; no e-mail about events is sent yet."
)
class UpdateAccountSettingsInput:
    email_follows: bool | None = strawberry.field(default=None, description="Whether e-mail reports new followers.")
    email_likes: bool | None = strawberry.field(default=None, description="Whether e-mail reports likes.")
    email_comments: bool | None = strawberry.field(
        default=None, description="Whether e-mail reports comments and replies."
    )
    email_reposts: bool | None = strawberry.field(default=None, description="Whether e-mail reports reposts.")
    email_mentions: bool | None = strawberry.field(default=None, description="Whether e-mail reports mentions.")
    email_messages: bool | None = strawberry.field(default=None, description="Whether e-mail reports messages.")
    email_friend_requests: bool | None = strawberry.field(
        default=None, description="Whether e-mail reports friend requests."
    )
