"""Where log lines go and what they look like: text for people, or one JSON object each for programs."""

import logging
import sys

from pythonjsonlogger.orjson import OrjsonFormatter

from api.settings import Settings

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def configure(settings: Settings) -> None:
    """Log to stderr, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings))
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger("vrss").setLevel(settings.log_level.upper())
    logging.getLogger("vrss.access").setLevel(logging.INFO if settings.access_log else logging.WARNING)


def _formatter(settings: Settings) -> logging.Formatter:
    if settings.log_format == "text":
        return logging.Formatter(_TEXT)
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    return OrjsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=names)
