"""Where log lines go and what they look like: text for people, or one JSON object each for programs."""

import logging
import sys
import time
from typing import Literal, TextIO

import orjson
from pythonjsonlogger.orjson import OrjsonFormatter

from api.http import access_log
from api.settings import Settings

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


LogFormat = Literal["text", "json"]


def configure(settings: Settings) -> None:
    """Log to stderr, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings.log_format))
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger("vrss").setLevel(settings.log_level.upper())
    access_log.log.setLevel(logging.INFO if settings.access_log else logging.WARNING)
    access_log.log.handlers = [AccessHandler(sys.stderr, as_json=settings.log_format == "json")]
    access_log.log.propagate = False


def formatter(log_format: LogFormat) -> logging.Formatter:
    if log_format == "text":
        return logging.Formatter(_TEXT)
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    return OrjsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=names)


class AccessHandler(logging.Handler):
    """Writes the lines of requests as the other handler would, in a third of its time: it does so for each request.

    All of them come from the thread of the event loop, and each is one write, so they need no lock.
    """

    def __init__(self, stream: TextIO, *, as_json: bool) -> None:
        super().__init__()
        self._stream = stream
        self._as_json = as_json
        self._second = 0
        self._time = ""

    def handle(self, record: logging.LogRecord) -> bool:
        text = self._json(record) if self._as_json else self._text(record)
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # nobody reads the log: that is no fault of the request
            self.handleError(record)
        return True

    def _text(self, record: logging.LogRecord) -> str:
        return f"{self._local_time(record)} INFO {record.name} {record.msg}\n"

    def _json(self, record: logging.LogRecord) -> str:
        fields = vars(record)
        plain = {"time": self._local_time(record), "level": "INFO", "logger": record.name, "message": record.msg}
        return orjson.dumps({**plain, **{name: fields[name] for name in access_log.FIELDS}}).decode() + "\n"

    def _local_time(self, record: logging.LogRecord) -> str:
        second = int(record.created)
        if second != self._second:
            self._second = second
            self._time = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        return f"{self._time},{int(record.msecs):03d}"
