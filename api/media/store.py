"""The folder in which files lie, for one machine or for several that share it.

    ROOT/secret          signs the addresses of files, unless a setting names others
    ROOT/in/ab/…         what clients have sent, as it came: written once, and shown to nobody
    ROOT/m/ab/…/         a folder for each file: the clean copy of it
    ROOT/part, ROOT/work what is on its way to either

An object is whole or not there: it gets its name when it is.
"""

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

INCOMING, FILES = "in", "m"
_KEY = re.compile(r"(?:in|m)/[0-9a-f]{2}/[0-9a-f]{30}")
_SECRET_BYTES = 32
ABANDONED_SECONDS = 3600.0


def new_key(folder: str) -> str:
    """A key that nobody can guess and nobody had before."""
    name = secrets.token_hex(16)
    return f"{folder}/{name[:2]}/{name[2:]}"


class TakenError(Exception):
    """There is an object with this key."""


class Store:
    """Its methods work on the disk: call them in a thread."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: str) -> Path:
        """Where the object of a key lies."""
        if _KEY.fullmatch(key) is None:
            raise ValueError(f"{key!r} is no key")
        return self._root / key

    def secret(self) -> bytes:
        """What signs addresses: the same for all processes that share the folder."""
        path = self._root / "secret"
        with suppress(FileNotFoundError):
            return _long_enough(path.read_bytes())
        part = self._new("part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
            _sync(file.fileno())
        with suppress(FileExistsError):  # another process was faster
            os.link(part, path)
        part.unlink()
        return _long_enough(path.read_bytes())

    def incoming(self, key: str, size: int) -> "Incoming":
        """A file of this size on its way to this key. TakenError where there is one."""
        return Incoming(self.path(key), self._new("part"), size)

    def size(self, key: str) -> int | None:
        """How many bytes were sent; None where none were, or none may be any more."""
        with suppress(FileNotFoundError):
            return self.path(key).stat().st_size or None
        return None

    def plug(self, key: str) -> None:
        """Put nothing in the place of an object, so that nobody can send it."""
        path, part = self.path(key), self._new("part")
        part.touch(0o600, exist_ok=False)
        _make(path.parent)
        part.replace(path)

    def work_folder(self) -> Path:
        """An empty folder to make a file in."""
        folder = self._new("work")
        folder.mkdir(0o700)
        return folder

    def keep(self, folder: Path, key: str) -> None:
        """Let a folder, which was made for it, be the file of this key."""
        for file in folder.iterdir():
            _sync_path(file)
        _sync_path(folder)
        path = self.path(key)
        _make(path.parent)
        folder.rename(path)
        _sync_path(path.parent)

    def drop_work(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def delete(self, key: str) -> None:
        """Delete an object. That there is none is as well; so is a key of what never was an object."""
        if _KEY.fullmatch(key) is None:
            return
        path = self._root / key
        with suppress(FileNotFoundError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def objects(self, folder: str) -> Iterator[tuple[str, float]]:
        """Each object of a folder and when it was written, one after another, by the first two digits of their keys."""
        for outer in sorted(self._listed(folder)):
            with suppress(FileNotFoundError, NotADirectoryError), os.scandir(outer) as inner:
                for entry in inner:
                    key = f"{folder}/{outer.name}/{entry.name}"
                    if _KEY.fullmatch(key) is not None:
                        yield key, entry.stat().st_mtime

    def size_of(self, key: str, name: str) -> int | None:
        """How many bytes this part of a file has; None where it is not there."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return (self.path(key) / name).stat().st_size
        return None

    def sweep(self) -> int:
        """Delete what was on its way when its process ended, and how much that was."""
        before, found = time.time() - ABANDONED_SECONDS, 0
        for path in (*self._listed("part"), *self._listed("work")):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime > before:
                    continue
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                found += 1
        return found

    def _listed(self, folder: str) -> list[Path]:
        with suppress(FileNotFoundError):
            return list((self._root / folder).iterdir())
        return []

    def _new(self, folder: str) -> Path:
        _make(self._root / folder)
        return self._root / folder / secrets.token_hex(16)


class Incoming:
    """One file on its way: nobody sees it until it is whole, and it never replaces another."""

    def __init__(self, final: Path, part: Path, size: int) -> None:
        self._final = final
        self._part = part
        self._size = size
        self._descriptor = -1
        self._using = Lock()  # where the request is cancelled, it is closed while a thread writes

    def open(self) -> None:
        """Make room for all of it, so that a full disk says so now. TakenError where its name is taken."""
        if self._final.exists():
            raise TakenError
        _make(self._final.parent)
        self._descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._descriptor, 0, self._size)

    def write(self, data: bytes) -> None:
        with self._using:
            view = memoryview(data)
            while view:
                if self._descriptor < 0:
                    raise OSError(errno.EBADF, "it is closed")
                view = view[os.write(self._descriptor, view) :]

    def finish(self) -> None:
        """Give it its name. TakenError where somebody else was faster."""
        with self._using:
            _sync(self._descriptor)
            try:
                os.link(self._part, self._final)  # fails where the name is taken: a rename would replace it
            except FileExistsError:
                raise TakenError from None
            _sync_path(self._final.parent)

    def close(self) -> None:
        """Delete what has no name."""
        with self._using:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
                self._part.unlink(missing_ok=True)


def _long_enough(secret: bytes) -> bytes:
    if len(secret) < _SECRET_BYTES:
        raise OSError(errno.EINVAL, "the secret of the folder is too short")
    return secret


def _make(folder: Path) -> None:
    folder.mkdir(0o700, parents=True, exist_ok=True)


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
