"""The operating-system account that the embedded server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from db.settings import OperatorError

UNPRIVILEGED = ("vrss", "postgres", "nobody")


class ProcessArguments(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> "Account":
        """The caller's own account, or for root the first unprivileged one that exists."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        for name in UNPRIVILEGED:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        accounts = ", ".join(UNPRIVILEGED)
        raise OperatorError(f"PostgreSQL does not run as root, and none of the accounts {accounts} exists: create one.")

    @property
    def name(self) -> str:
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return f"uid {self.uid}"

    @property
    def process_arguments(self) -> ProcessArguments:
        """What subprocess needs to start a program under this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def closed_folder(self, path: Path) -> Path | None:
        """The outermost folder on the way to and including `path` that the account may not enter."""
        for folder in [*reversed(path.parents), path]:
            try:
                status = folder.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
            if status.st_uid == self.uid:
                enter = stat.S_IXUSR
            elif status.st_gid == self.gid:
                enter = stat.S_IXGRP
            else:
                enter = stat.S_IXOTH
            if not status.st_mode & enter:
                return folder
        return None
