"""The process that looks at a file: whatever happens to it, the file is refused, and nothing of it runs on."""

import json
import os
from pathlib import Path

import pytest

from api.media import processing
from api.media.processing import WorkerError, examined
from api.media.worker import process
from tests.media.samples import SAMPLES


async def stand_in(tmp_path: Path, code: str) -> dict[str, object]:
    """What is said of a file where this program looks at it."""
    program = tmp_path / "program.py"
    program.write_text(code)
    return dict(await examined((), (str(program),)))


async def test_the_worker_says_what_a_file_is(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.write_bytes(SAMPLES["image/png"])
    folder.mkdir()
    found = await examined(("image/png", "png", str(source), str(folder)))
    assert found == {
        "size": len(SAMPLES["image/png"]),
        "width": 4,
        "height": 3,
        "seconds": None,
        "thumbnails": [160],
        "placeholder": "25MFHYx4d3hwiHiHeIiId4eAeAiI",
    }
    assert sorted(path.name for path in folder.iterdir()) == ["o.png", "t160.webp"]


async def test_a_worker_that_crashes_has_met_a_file_that_is_none(tmp_path: Path) -> None:
    assert (await stand_in(tmp_path, "import os; os.abort()"))["refused"] == "INVALID_FILE"
    code = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    assert (await stand_in(tmp_path, code))["refused"] == "INVALID_FILE"


@pytest.mark.parametrize("end", ["raise SystemExit(1)", "raise OSError(28, 'No space')", "os.kill(os.getpid(), 9)"])
async def test_a_worker_that_the_machine_ends_says_nothing_of_its_file(tmp_path: Path, end: str) -> None:
    with pytest.raises(WorkerError):
        await stand_in(tmp_path, f"import os\n{end}")


async def test_a_worker_that_says_too_much_is_killed(tmp_path: Path) -> None:
    code = "import os, sys\nopen('PID', 'w').write(str(os.getpid()))\nwhile True: sys.stdout.write('x' * 65536)"
    pid = tmp_path / "pid"
    assert (await stand_in(tmp_path, code.replace("PID", str(pid))))["refused"] == "INVALID_FILE"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


async def test_a_worker_that_never_ends_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "DEADLINE_SECONDS", 0.5)
    with pytest.raises(WorkerError):
        await stand_in(tmp_path, "while True: pass")


async def test_a_worker_has_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "a secret")
    code = "import json, os\nprint(json.dumps({'names': sorted(set(os.environ) - {'LC_CTYPE'}), 'at': os.getcwd()}))"
    assert await stand_in(tmp_path, code) == {"names": [], "at": "/"}


def test_what_takes_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("api.media.worker.clean", too_much)
    source = tmp_path / "source"
    source.write_bytes(b"")
    assert process("image/png", "png", source, tmp_path)["refused"] == "INVALID_FILE"
    assert json.dumps(process("image/png", "gif", source, tmp_path))


def test_a_full_disk_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.media.worker.clean", full)
    source = tmp_path / "source"
    source.write_bytes(b"")
    with pytest.raises(OSError, match="No space"):
        process("image/png", "png", source, tmp_path)
