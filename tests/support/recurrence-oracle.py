"""
What a recurrence yields, worked out without lull: dateutil expands rules on naive times, zoneinfo says which instants
they are. JSON, one request and one answer a line.

Policy, as documented: a start in a gap moves to the end of the gap, and of two readings takes the first; a wall-clock
end takes the last reading, and in a gap its end; where both lie in one gap, it lasts as long as the clocks would say.
"""

import datetime as datetime_module
import json
import sys
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import islice

from dateutil.rrule import rrulestr

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@lru_cache(maxsize=None)
def zone_of(name):
    return zoneinfo.ZoneInfo(name)


def local(seconds, zone):
    """What the clocks show at an instant, naive."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone).replace(tzinfo=None)


def naive_seconds(wall):
    return (wall - EPOCH) // SECOND


def readings(wall, zone):
    """The instants, in seconds, at which the clocks show it; none in a gap."""
    found = set()
    for fold in (0, 1):
        offset = wall.replace(tzinfo=zone, fold=fold).utcoffset()
        instant = naive_seconds(wall) - offset // SECOND
        if local(instant, zone) == wall:
            found.add(instant)
    return sorted(found)


def end_of_gap(wall, zone):
    """The first second at which the clocks have passed it, by halving."""
    low = naive_seconds(wall) - 2 * 86400
    high = naive_seconds(wall) + 2 * 86400
    while high - low > 1:
        middle = (low + high) // 2
        if local(middle, zone) > wall:
            high = middle
        else:
            low = middle
    return high


def first_reading(wall, zone):
    found = readings(wall, zone)
    return found[0] if found else end_of_gap(wall, zone)


def last_reading(wall, zone):
    found = readings(wall, zone)
    return found[-1] if found else end_of_gap(wall, zone)


def rule_walls(text, start, zone):
    """
    RFC 5545 on naive times, in order: UNTIL as a wall time, a day meaning all of it; the weekday that BYWEEKNO leaves
    out; and BYSETPOS in whole weeks, where dateutil begins the first one at DTSTART.
    """
    parts = dict(part.split("=") for part in text.split(";"))
    until = parts.get("UNTIL")
    if until is not None and until.endswith("Z"):
        instant = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        parts["UNTIL"] = instant.astimezone(zone).strftime("%Y%m%dT%H%M%S")
    elif until is not None and "T" not in until:
        parts["UNTIL"] = until + "T235959"
    if "BYDAY" not in parts and ("BYWEEKNO" in parts or parts["FREQ"] == "WEEKLY"):
        parts["BYDAY"] = WEEKDAYS[start.weekday()]
    begin = start
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        begin -= (start.weekday() - WEEKDAYS.index(parts.get("WKST", "MO"))) % 7 * DAY
    count = int(parts.pop("COUNT", sys.maxsize))
    try:
        walls = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=begin)
    except ValueError as error:
        # FREQ=HOURLY with an INTERVAL that never meets BYHOUR.
        if "generates an empty set" not in str(error):
            raise
        walls = []
    return islice((wall for wall in walls if wall >= start), count)


def occurrences(case):
    zone = zone_of(case["timezone"])
    start = datetime.fromisoformat(f"{case['from']}T{case['at']}")
    opens, closes = case["window"]
    length = timedelta(milliseconds=case["durationMs"] or 0)
    earliest = EPOCH + timedelta(milliseconds=opens) - length - 4 * DAY
    latest = EPOCH + timedelta(milliseconds=closes) + 4 * DAY
    excepted = {date.fromisoformat(day) for day in case["except"]}
    last = date.fromisoformat(case["until"]) if case["until"] else date.max
    # How far dateutil walks when nothing more comes.
    datetime_module.MAXYEAR = latest.year + 1
    walls = set()
    for text in case["rules"].split("\n"):
        for wall in rule_walls(text, start, zone):
            if wall > latest:
                break
            if wall >= earliest and wall.date() <= last and wall.date() not in excepted:
                walls.add(wall)
    found = []
    for wall in walls:
        begin = first_reading(wall, zone) * 1000
        if case["to"] is None:
            end = begin + case["durationMs"]
        else:
            wall_end = datetime.combine(wall.date(), time.fromisoformat(case["to"]))
            if wall_end <= wall:
                wall_end += DAY
            end = last_reading(wall_end, zone) * 1000
            if end <= begin:
                end = begin + (wall_end - wall) // SECOND * 1000
        if end > opens and begin < closes:
            found.append([wall.isoformat(), begin, end])
    return sorted(found, key=lambda each: (each[1], each[2], each[0]))


def zone_changes(name, since, until):
    """Each instant, in milliseconds, at which the offset changes, and the offset from then on; first the offset before."""
    zone = zone_of(name)
    offset_at = lambda seconds: (local(seconds, zone) - (EPOCH + timedelta(seconds=seconds))) // SECOND
    offset = offset_at(since)
    changes = [[None, offset]]
    for step in range(since, until, 3 * 86400):
        low, high = step, step + 3 * 86400
        while offset_at(high) != offset:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(middle) == offset else (low, middle)
            offset = offset_at(high)
            changes.append([high * 1000, offset])
            low, high = high, step + 3 * 86400
    return changes


def answer(request):
    if request["ask"] == "zones":
        return sorted(zoneinfo.available_timezones())
    if request["ask"] == "changes":
        return {name: zone_changes(name, request["since"], request["until"]) for name in request["zones"]}
    return occurrences(request)


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), separators=(",", ":")))
