"""User names that nobody may choose: they would pass for the service, those who run it, or a part of its address."""

from db.documents.folding import fold

RESERVED_NAMES = frozenset(
    {
        # who runs the service
        "admin", "administrator", "administration", "administrators", "admins", "contact", "feedback", "helpdesk",
        "info", "legal", "mod", "moderation", "moderator", "moderators", "mods", "official", "operator", "owner",
        "press", "privacy", "safety", "security", "staff", "support", "sysadmin", "team", "verified", "vrss",
        "vrssadmin", "vrssofficial", "vrsssecurity", "vrssstaff", "vrsssupport", "vrssteam", "webmaster",
        # mailboxes that RFC 2142 and certificate authorities know
        "abuse", "hostmaster", "mailerdaemon", "noc", "noreply", "postmaster", "ssladmin",
        # accounts of machines
        "anonymous", "bot", "daemon", "guest", "nobody", "null", "root", "superuser", "system", "undefined", "user",
        # parts of addresses
        "about", "account", "accounts", "api", "app", "auth", "blog", "docs", "ftp", "graphql", "healthz", "help",
        "home", "imap", "login", "logout", "mail", "me", "media", "oauth", "pop", "readyz", "register", "settings",
        "signin", "signup", "smtp", "static", "status", "terms", "viewer", "www",
    }
)  # fmt: skip
"""Without underscores, which do not make another name of one: _admin_ is reserved, too."""

RESERVED_PREFIX = "deleted"
"""What the names begin with of accounts that were deleted: deleted_1. Underscores make no other name of it, either."""


def is_reserved(username: str) -> bool:
    name = fold(username).replace("_", "")
    return name.startswith(RESERVED_PREFIX) or name in RESERVED_NAMES
