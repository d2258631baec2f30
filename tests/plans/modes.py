"""How PostgreSQL plans a prepared statement, and what of it a test asks for.

The pool asks for generic plans. A pooler between may not pass that on, and what is not prepared is planned for its
values: `make proof` tests both.
"""

import os

from bench.explain import Mode

GENERIC: Mode = "force_generic_plan"
CUSTOM: Mode = "force_custom_plan"
MODES: tuple[Mode, ...] = (GENERIC, CUSTOM) if os.environ.get("VRSS_PROOF") else (GENERIC,)
