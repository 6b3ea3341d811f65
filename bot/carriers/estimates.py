"""What a carrier expects, as an event of its own; and its times, with an offset or without.

Some carriers give a window beside the scans and change it without a new scan. A scan that is told
twice is one event, so a window kept with it could never change; it is an event of its own.
"""

from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from bot.carriers.base import CarrierEvent
from bot.channels.base import Account
from bot.channels.http import Reply
from bot.channels.reading import Reader
from bot.domain.errors import MalformedUpdate
from bot.domain.shipment import Status
from bot.domain.when import Window

CODE = "estimate"
_MOST = 999_998
_NOTHING_TO_EXPECT = {Status.ready_for_pickup, Status.returning}


def zone_of(account: Account) -> ZoneInfo | None:
    """Where times without offset are, by the account's option `timezone`.

    Raises:
        MalformedUpdate: the option names no time zone.
    """
    name = account.options.get("timezone", "")
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # unknown, a path, a directory
        raise MalformedUpdate(f"the account's option timezone: {name!r} is no time zone") from None


def moment(value: Reader, zone: ZoneInfo | None) -> datetime:
    """A date and time in UTC; one without offset is read in `zone`.

    Raises:
        MalformedUpdate: it is none, or has no offset and there is no zone.
    """
    try:
        when = datetime.fromisoformat(value.filled)
        if when.tzinfo or zone:
            return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise value.wrong("must be a date and time like 2026-11-23T14:05:00Z") from None
    raise value.wrong("needs an offset, or the account's option timezone")


def days(first: str, last: str, zone: ZoneInfo | None) -> Window | None:
    """The window between two times, of which a date alone stands for the whole day.

    A moment that an aggregator expects is a day in truth; and a day needs a clock: without `zone`
    only times that have an offset of their own, which UTC's is not.

    Returns:
        None where it cannot be read, or nobody says by which clock: that is no promise.
    """
    try:
        start, end = _day(first, zone), _day(last, zone)
    except (ValueError, OverflowError):
        return None
    if start is None or end is None:
        return None
    if first != last and start.time() != time() and end.time() != time():
        return Window(start.astimezone(UTC), end.astimezone(UTC)) if start < end else None
    begins = datetime.combine(start.date(), time(), start.tzinfo)
    ends = datetime.combine(end.date() + timedelta(days=1), time(), end.tzinfo)
    return Window(begins.astimezone(UTC), ends.astimezone(UTC)) if begins < ends else None


def _day(text: str, zone: ZoneInfo | None) -> datetime | None:
    """A date or time by the clock where it is meant; midnight is a date, whatever its offset."""
    when = datetime.fromisoformat(text)
    if when.time() != time() and when.tzinfo and zone:
        return when.astimezone(zone)
    offset = when.utcoffset()
    own = when.tzinfo if offset else None
    return when.replace(tzinfo=zone or own) if zone or own else None


def told_at(reply: Reply) -> datetime | None:
    """When an answer was given, by its `Date` header."""
    try:
        when = parsedate_to_datetime(reply.headers.get("Date", ""))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else None


def estimate(
    events: list[CarrierEvent], window: Window | None, told: datetime | None
) -> list[CarrierEvent]:
    """What is expected, as an event that changes the window and nothing else.

    It stands within a second after the scan that it goes by, of two the one told later behind:
    any later scan, though it may be heard of later still, takes back what was expected before it.

    Args:
        events: a parcel's scans, in any order; what is expected goes by the last of them.
        window: when it is expected.
        told: when the carrier said so, if it tells.

    Returns:
        One event, or none where there is nothing to expect any more.
    """
    if window is None or not events:
        return []
    last = max(events, key=lambda event: event.at)
    told = max(told or last.at, last.at)
    if last.status.final or last.status in _NOTHING_TO_EXPECT or window.end <= told:
        return []
    # A microsecond for each second that went by; a scan's own time has whole seconds.
    late = 1 + min(int((told - last.at).total_seconds()), _MOST)
    try:
        at = last.at + timedelta(microseconds=late)
    except OverflowError:
        return []
    number, span = last.tracking_number, f"{window.start.isoformat()}/{window.end.isoformat()}"
    return [
        CarrierEvent(
            key=f"{number}:{CODE}:{last.at.isoformat()}:{span}",
            tracking_number=number,
            status=Status.unknown,
            at=at,
            code=CODE,
            description="Estimated delivery window",
            window=window,
        )
    ]
