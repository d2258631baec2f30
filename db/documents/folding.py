"""When two names, or two e-mail addresses, are the same: one rule for look-up, throttle and uniqueness.

What is compared is the compatibility form (NFKC) in lower case: É is é, a full-width A is an a, İ is an i with a dot
above it, and ß is not ss, which may be another mailbox. Python folds whatever comes from outside; the database compares
with lower() in the collation C, which its unique indexes know. Both agree under every locale, since C folds ASCII alone
and all else is stored folded: see `stored_address`; usernames are ASCII.
"""

import unicodedata

# More than any name, address or password has: to normalise many marks that are out of order takes quadratic time.
LONGEST = 1_024


def fold(text: str) -> str:
    """The form in which two texts are equal if they are the same name; folding it again changes nothing.

    What is too long for a name comes back as it is, and is nobody's.
    """
    if len(text) > LONGEST:
        return text
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def stored_address(local: str, domain: str) -> str:
    """An e-mail address as it is stored: ASCII letters keep their case, which a mailbox may know.

    Of others, databases differ in what lower() makes.
    """
    return "@".join(part if part.isascii() else fold(part) for part in (local, domain))
