"""What a PostgreSQL server leaves beside its data: the record of its process, and the locks of a dead one."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from db.embedded.data_directory import SOCKET_NAME, DataFolder
from db.settings import OperatorError


@dataclass(frozen=True)
class Postmaster:
    """The process that postmaster.pid names; pid 0 when there is no such file."""

    pid: int
    ready: bool

    @classmethod
    def recorded_in(cls, cluster: Path) -> "Postmaster":
        try:
            lines = (cluster / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return cls(0, ready=False)
        pid = lines[0].strip()
        state = lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004  (the file's eighth line)
        return cls(int(pid) if pid.isdigit() else 0, ready=state == "ready")

    def serves(self, cluster: Path) -> bool:
        """Whether the process is alive and serves this cluster, according to its command line.

        A zombie has no command line, and a stranger that got the number since has another. Without /proc
        it is never ours to touch: PostgreSQL itself then judges the lock it finds.
        """
        try:
            words = Path(f"/proc/{self.pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(cluster) in words


def clear_remains(folder: DataFolder, *, patience: float, step: float) -> None:
    """Stop a server that has no owner any more, and remove the locks of a dead one.

    Only for the holder of the folder's lock. PostgreSQL itself only asks whether a process with the recorded
    number exists: an unreaped zombie, or a stranger's process, would block it for ever.
    """
    orphan = Postmaster.recorded_in(folder.cluster)
    if orphan.serves(folder.cluster):
        with suppress(ProcessLookupError):
            os.kill(orphan.pid, signal.SIGINT)
        deadline = time.monotonic() + patience
        while orphan.serves(folder.cluster):
            if time.monotonic() > deadline:
                raise OperatorError(f"An earlier PostgreSQL (process {orphan.pid}) does not stop.")
            time.sleep(step)
    if Path("/proc/self").exists():
        (folder.cluster / "postmaster.pid").unlink(missing_ok=True)
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (folder.socket_folder / name).unlink(missing_ok=True)
