"""Log lines: one a line, their figures behind the words, and nothing personal in either."""

from __future__ import annotations

import logging

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class Lines(logging.Formatter):
    """`time level logger: words name=value …`; a traceback is kept, since it holds code and no values."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        """The line, with what was passed as `extra` behind it."""
        extra = {name: value for name, value in vars(record).items() if name not in _USUAL}
        figures = "".join(f" {name}={value}" for name, value in sorted(extra.items()))
        return super().formatMessage(record) + figures


def start_logging(level: int = logging.INFO) -> None:
    """Everything goes to standard error; libraries that log addresses and bodies are kept to warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "telegram", "twilio", "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
