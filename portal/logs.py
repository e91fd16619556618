"""The log: one event a line on the error output, for people to read or for machines to parse."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import Processor

from portal.config import Config


def configure(config: Config) -> None:
    """Log from LOG_LEVEL on, as LOG_FORMAT says; what libraries log comes along from `warning` on."""
    level = getattr(logging, config.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            *_rendering(config.log_format),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_the_error_output,
    )
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s: %(message)s")


def _to_the_error_output(*names: Any) -> structlog.PrintLogger:
    """Looked up for each event: a forked part and a test have an error output of their own."""
    return structlog.PrintLogger(sys.stderr)


def _rendering(form: str) -> list[Processor]:
    if form == "json":
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
        return [stamp, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback
    renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain, pad_event_to=24)
    return [structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False), renderer]
