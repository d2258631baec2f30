"""One file in a process of its own, which may be killed: it bounds itself, and knows no environment and no secrets.

The file of the client is only read. What is made of it lies in a folder of its own, and what is known of it is one line
of JSON.
"""

import ctypes
import json
import resource
import sys
from pathlib import Path

from api.media.formats.cleaning import clean
from api.media.formats.stream import Facts, RefusedFileError

ORIGINAL = "o"  # the name of the clean copy, before its ending
_MIB = 1 << 20
_CPU_SECONDS = 20
_LIMITS = (
    (resource.RLIMIT_AS, 1536 * _MIB),
    (resource.RLIMIT_FSIZE, 128 * _MIB),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
)
_NO_NEW_PRIVILEGES, _PARENT_DEATH_SIGNAL, _KILL = 38, 1, 9


def _bound() -> None:
    for what, most in _LIMITS:
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
    # The kernel says with SIGXCPU that it is the time; at the hard limit it would be a SIGKILL, which says nothing.
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 2))
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        library.prctl(_PARENT_DEATH_SIGNAL, _KILL, 0, 0, 0)


def process(mime_type: str, ending: str, source: Path, folder: Path) -> dict[str, object]:
    """What is known of the file; `refused` has the code where it is none."""
    try:
        copy = folder / f"{ORIGINAL}.{ending}"
        with source.open("rb") as file, copy.open("xb+") as out:
            facts = clean(mime_type, file, out)
            size = out.seek(0, 2)
        return {"size": size, **(_decoded(mime_type, copy) if mime_type.startswith("image/") else _claimed(facts))}
    except RefusedFileError as refused:
        return {"refused": refused.code, "why": str(refused)}
    except OSError:
        raise  # of the machine, and not of the file
    except Exception as error:  # noqa: BLE001  # whatever a file makes of the code that reads it
        return {"refused": "INVALID_FILE", "why": type(error).__name__}


def _claimed(facts: Facts) -> dict[str, object]:
    """What a film or a sound says of itself."""
    return {"width": facts.width, "height": facts.height, "seconds": facts.duration_seconds}


def _decoded(mime_type: str, copy: Path) -> dict[str, object]:
    """What is seen of a picture, of which the clean copy is decoded: what was proven is what is served."""
    from api.media.pictures import decode  # noqa: PLC0415  # who looks at a film need not load libvips

    picture = decode(mime_type, copy, copy.parent)
    return {**picture._asdict(), "seconds": None}


def main() -> None:
    _bound()
    mime_type, ending, source, folder = sys.argv[1:]
    sys.stdout.write(json.dumps(process(mime_type, ending, Path(source), Path(folder))))


if __name__ == "__main__":
    main()
