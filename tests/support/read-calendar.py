"""Reads a calendar (RFC 5545) from standard input as python3-icalendar understands it, and prints it as JSON."""

import json
import sys

from icalendar import Calendar


def plain(value):
    """Times as ISO 8601, everything else as text."""
    moment = getattr(value, "dt", None)
    if moment is not None:
        return moment.isoformat() if hasattr(moment, "isoformat") else str(moment)
    return str(value)


calendar = Calendar.from_ical(sys.stdin.buffer.read())
print(
    json.dumps(
        {
            "properties": {name: plain(value) for name, value in calendar.items()},
            "components": [part.name for part in calendar.subcomponents],
            "errors": [str(error) for part in calendar.walk() for error in part.errors],
            "events": [{name: plain(value) for name, value in event.items()} for event in calendar.walk("VEVENT")],
        }
    )
)
