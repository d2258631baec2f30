"""Operations on accounts that several tests run, and people who have a password."""

from argon2 import PasswordHasher

from tests.api.conftest import Api

PASSWORD = "a long password"
NEW_PASSWORD = "another long password"

REGISTER = """
mutation ($username: String!, $email: String!, $password: String!, $displayName: String, $asCookie: Boolean! = false) {
  register(input: {username: $username, email: $email, password: $password, displayName: $displayName,
    asCookie: $asCookie}) {
    token expiresAt viewer { username email emailVerified status
      user { profile { displayName } sections { title } } storage { used quota } settings { emailLikes emailFollows } }
    userErrors { __typename code field message } } }
"""
LOGIN = """
mutation ($login: String!, $password: String!, $asCookie: Boolean! = false) {
  login(input: {login: $login, password: $password, asCookie: $asCookie}) {
    token expiresAt viewer { username email status }
    userErrors { __typename code field message ... on RateLimitedError { retryAfter } } } }
"""
VERIFY = "mutation ($token: String!) { verifyEmail(input: {token: $token}) { email userErrors { code field } } }"
CHANGE_EMAIL = """mutation ($email: String!, $password: String!) {
  changeEmail(input: {email: $email, password: $password}) { pendingEmail userErrors { code field } } }"""
CHANGE = """mutation ($old: String!, $new: String!) {
  changePassword(input: {currentPassword: $old, newPassword: $new}) {
  revokedCount userErrors { code field } } }"""
REQUEST = """mutation ($email: String!) { requestPasswordReset(input: {email: $email}) {
  accepted userErrors { code field } } }"""
RESET = """mutation ($token: String!, $new: String!) { resetPassword(input: {token: $token, newPassword: $new}) {
  passwordReset userErrors { code field } } }"""
WHO = "{ viewer { username } }"


def with_password(api: Api, username: str, password: str = PASSWORD, **values: str) -> int:
    """Somebody who can log in; the hash is made with cheaper parameters than those of today."""
    user = api.factory.user(username, **values)
    api.factory.connection.execute(
        "UPDATE users SET password_hash = %s WHERE id = %s", (PasswordHasher(time_cost=1).hash(password), user)
    )
    return user


def actions(api: Api, user: int | None = None) -> list[str]:
    """What the audit log says was done, oldest first; by everybody without a user."""
    query = "SELECT action FROM app.audit_log WHERE %s::bigint IS NULL OR user_id = %s ORDER BY id"
    return [action for (action,) in api.factory.connection.execute(query, (user, user))]


def fingerprint(api: Api) -> list[object]:
    """All that accounts hold, and the e-mails that wait, to see that nothing has changed."""
    tables = ("users", "user_profiles", "app.sessions", "app.verification_tokens", "app.user_settings")
    tables += ("jobs.procrastinate_jobs",)
    return [
        api.factory.scalar(f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} AS t")
        for table in tables
    ]
