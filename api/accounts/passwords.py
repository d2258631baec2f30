"""Hashes of passwords, made and compared off the event loop."""

import asyncio
import os
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from db.errors import OverloadedError

SHORTEST = 12
LONGEST = 128

AnswerT = TypeVar("AnswerT")

_hasher = PasswordHasher(parallelism=1)  # a thread for each lane of a hash would take more than one core
_NICE = 3  # half the share of the event loop: a busy machine delays a login, and does not stop it


class Passwords:
    """Hashes two at a time, each with a core and 64 MiB of its own, and lets so many wait. More are OVERLOADED.

    The threads have a low priority: where cores are few, the event loop goes first.
    """

    def __init__(self, *, at_once: int = 2, most_waiting: int = 100) -> None:
        self._threads = ThreadPoolExecutor(at_once, "passwords", _lower_priority)
        self._room = at_once + most_waiting
        _nobodys_hash()

    async def hash(self, password: str) -> str:
        return await self._in_turn(_hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; False, after the same work, when there is no hash."""
        return await self._in_turn(_verify, password_hash, password)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        return _hasher.check_needs_rehash(password_hash)

    async def _in_turn(self, work: Callable[..., AnswerT], *arguments: Any) -> AnswerT:
        if self._room <= 0:
            raise OverloadedError
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._room += 1


def _lower_priority() -> None:
    """Of this thread alone, which only Linux knows."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + _NICE))


def _normal(password: str) -> str:
    """The same text, however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    return _hasher.hash(_normal(password))


@cache
def _nobodys_hash() -> str:
    """Verified in place of a hash when the account is unknown, so that both answers take the same time."""
    return _hasher.hash(secrets.token_urlsafe())


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), _normal(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
