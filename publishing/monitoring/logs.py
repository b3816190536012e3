"""Log records as JSON, one on a line."""

import json
import logging
from datetime import UTC, datetime

# What Django adds to the records of requests.
EXTRA = ("status_code",)


class JsonFormatter(logging.Formatter):
    """Time (UTC), level, logger, id of the request, message; the trace of an exception is one string."""

    def format(self, record):
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": record.request_id,
            "message": record.getMessage(),
        }
        fields |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)
