"""A process of its own that starts or attaches to the embedded server, says which, and waits for its input to end.

python owner.py FOLDER          stops in order when its input ends
python owner.py FOLDER watch    says why the server is gone when it is
"""

import sys
from pathlib import Path

from db.embedded.data_directory import choose
from db.embedded.server import EmbeddedPostgres
from db.settings import OperatorError


def main(folder: str, *watch: str) -> None:
    server = EmbeddedPostgres(choose(Path(folder)), durable=False)
    url = server.start()
    print("owns" if server.owned else "attached", url, flush=True)
    if watch:
        print(server.wait_until_stopped(), flush=True)
    else:
        sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OperatorError as error:
        sys.exit(str(error))
