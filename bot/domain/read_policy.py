"""Reading a delivery policy out of the document that a merchant writes."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, cast
from uuid import UUID

from bot.domain.area import read_area
from bot.domain.conditions import ANY, Only, read_only
from bot.domain.errors import Invalid
from bot.domain.hours import WEEKDAYS, read_hours, read_span
from bot.domain.merchant import Merchant
from bot.domain.money import Money
from bot.domain.pickup import read_points
from bot.domain.quiet import read_quiet
from bot.domain.request import FREE, PROGRESS, Policy, RequestKind, Rule, Slots
from bot.domain.shipment import Status

type _Problems = list[tuple[str, str]]

_SETTINGS = (
    *("requests", "slots", "days_ahead", "weekdays", "holidays", "pickup_points"),
    *("support_hours", "quiet_hours"),
)
_RULE = (
    *("allowed", "only", "until", "latest", "cut_off_hours", "at_most"),
    *("fee", "fee_waived_from", "fee_waived_for", "otp"),
)
_ONLY_OF = {"area": RequestKind.change_address, "places": RequestKind.safe_place}
_MOST_DAYS, _LONGEST_CUT_OFF = 60, 24 * 60


_KNOWN: dict[UUID, tuple[int, object, Policy]] = {}
_AT_MOST = 10_000


def policy_in_force(merchant: Merchant) -> Policy:
    """What a merchant's kept policy comes to; read once, and again when it has been changed."""
    version, document = merchant.policy_version, merchant.policy
    known = _KNOWN.get(merchant.id)
    if known is not None and known[0] == version and known[1] == document:
        return known[2]
    if len(_KNOWN) >= _AT_MOST:
        _KNOWN.clear()
    policy = read_policy(document, version)
    _KNOWN[merchant.id] = (version, document, policy)
    return policy


def read_policy(document: object, version: int = 1) -> Policy:
    """Read a policy document.

    Raises:
        Invalid: names every field that is wrong.
    """
    if not isinstance(document, dict):
        raise Invalid(("policy", "must be a mapping with `requests` and `slots`"))
    data = cast("dict[str, Any]", document)
    problems = [
        (key, f"is not a setting of a policy; known: {', '.join(_SETTINGS)}")
        for key in data
        if key not in _SETTINGS
    ]
    slots = _read_slots(data.get("slots") or [], problems)
    # Slots of a day are a promise to come on it.
    usual = [WEEKDAYS[day] for day in slots] if isinstance(data.get("slots"), dict) else None
    policy = Policy(
        version,
        _read_rules(data.get("requests") or {}, problems),
        slots,
        _whole(data, "days_ahead", "days_ahead", problems, 7, least=1, most=_MOST_DAYS),
        _read_weekdays(data.get("weekdays", usual or list(WEEKDAYS[:6])), problems),
        _flag(data, "holidays", "holidays", problems),
        read_points(data.get("pickup_points") or [], problems),
        read_hours(data.get("support_hours") or {}, "support_hours", problems),
        read_quiet(data.get("quiet_hours") or {}, problems),
    )
    if problems:
        raise Invalid(*problems)
    return policy


def _read_rules(data: object, problems: _Problems) -> dict[RequestKind, Rule]:
    if not isinstance(data, dict):
        problems.append(("requests", f"must be a mapping of kinds: {', '.join(RequestKind)}"))
        return {}
    rules: dict[RequestKind, Rule] = {}
    for name, rule in cast("dict[str, Any]", data).items():
        where = f"requests.{name}"
        if name not in RequestKind.__members__:
            known = ", ".join(RequestKind)
            problems.append((where, f"is not a kind of request; known: {known}"))
        elif rule is not None and not isinstance(rule, dict):
            problems.append((where, "must be a mapping of settings, as in {at_most: 2}"))
        else:
            kind, given = RequestKind(name), cast("dict[str, Any]", rule or {})
            rules[kind] = _read_rule(kind, given, where, problems)
    return rules


def _read_rule(kind: RequestKind, rule: Mapping[str, Any], where: str, problems: _Problems) -> Rule:
    known = [*_RULE, *(name for name, its in _ONLY_OF.items() if its is kind)]
    problems += [
        (f"{where}.{key}", f"is no setting of a rule for {kind}; known: {', '.join(known)}")
        for key in rule
        if key not in known
    ]
    waived_for, first_free = _read_waived(rule, f"{where}.fee_waived_for", problems)
    from_value = rule.get("fee_waived_from")
    return Rule(
        allowed=_flag(rule, "allowed", f"{where}.allowed", problems, usual=True),
        cut_off=_read_cut_off(rule, f"{where}.cut_off_hours", problems),
        fee=_read_fee(rule.get("fee"), f"{where}.fee", problems),
        at_most=_whole(rule, "at_most", f"{where}.at_most", problems, 3),
        until=_read_until(rule.get("until"), f"{where}.until", problems),
        until_stops=_read_stops(rule.get("until"), f"{where}.until", problems),
        latest=_read_latest(rule.get("latest"), f"{where}.latest", problems),
        only=_read_only(rule.get("only"), f"{where}.only", problems),
        fee_waived_from=None
        if from_value is None
        else _whole(rule, "fee_waived_from", f"{where}.fee_waived_from", problems, 0),
        fee_waived_for=waived_for,
        first_free=first_free,
        area=read_area(rule.get("area"), f"{where}.area", problems) if "area" in known else None,
        places=_read_places(rule.get("places"), f"{where}.places", problems),
        otp=_flag(rule, "otp", f"{where}.otp", problems),
    )


def _read_only(given: object, where: str, problems: _Problems) -> Only:
    only = read_only(given, where, problems)
    if only.languages:
        problems.append((f"{where}.language", "a policy does not go by language"))
    return only


def _read_waived(
    rule: Mapping[str, Any], where: str, problems: _Problems
) -> tuple[Only | None, bool]:
    """For which parcels the fee is waived, and whether for a customer's first one."""
    given = rule.get("fee_waived_for")
    if not isinstance(given, dict):
        only = _read_only(given, where, problems)
        return (None if only == ANY else only), False
    parts = dict(cast("dict[str, Any]", given))
    first = _flag(parts, "first_parcel", f"{where}.first_parcel", problems)
    parts.pop("first_parcel", None)
    return (_read_only(parts, where, problems) if parts else None), first


def _read_fee(given: object, where: str, problems: _Problems) -> Money:
    if given is None:
        return FREE
    fee = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    amount, currency = fee.get("amount"), fee.get("currency")
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        problems.append((where, "needs an amount in minor units: {amount: 290, currency: EUR}"))
        return FREE
    if not isinstance(currency, str) or len(currency) != 3:
        problems.append((where, "needs a currency: {amount: 290, currency: EUR}"))
        return FREE
    return Money(amount, currency.upper())


def _read_cut_off(rule: Mapping[str, Any], where: str, problems: _Problems) -> timedelta:
    hours = rule.get("cut_off_hours", 0)
    right = isinstance(hours, int | float) and not isinstance(hours, bool)
    if not right or not 0 <= hours <= _LONGEST_CUT_OFF:
        problems.append((where, f"{hours!r} must be a number of hours, 0 and more"))
        return timedelta()
    return timedelta(hours=hours)


def _read_latest(given: object, where: str, problems: _Problems) -> time | None:
    if given is None:
        return None
    try:
        return time.fromisoformat(str(given))
    except ValueError:
        problems.append((where, f'{given!r} must be a time in quotes, as in "18:00"'))
        return None


def _read_until(name: object, where: str, problems: _Problems) -> Status | None:
    if name is None or isinstance(name, dict):
        return None
    known = [str(status) for status in PROGRESS]
    if name not in known:
        problems.append((where, f"{name!r} is not a status; write one of {', '.join(known)}"))
        return None
    return Status(str(name))


def _read_stops(given: object, where: str, problems: _Problems) -> int | None:
    """Read `{stops: 3}`: how many stops the courier must have to make before."""
    if not isinstance(given, dict):
        return None
    parts = cast("dict[str, Any]", given)
    stops = parts.get("stops")
    if (
        set(parts) != {"stops"}
        or isinstance(stops, bool)
        or not isinstance(stops, int)
        or stops < 0
    ):
        problems.append((where, "must be a status, or a number of stops: {stops: 3}"))
        return None
    return stops


def _read_places(given: object, where: str, problems: _Problems) -> dict[str, tuple[str, ...]]:
    """Read `[garage, porch]`, or with other words for each: `{garage: [carport], porch: []}`."""
    if given is None:
        return {}
    if isinstance(given, list):
        given = dict.fromkeys(str(name) for name in cast("list[Any]", given))
    if not isinstance(given, dict):
        problems.append((where, "must be a list of places, as in [garage, porch]"))
        return {}
    places: dict[str, tuple[str, ...]] = {}
    for name, others in cast("dict[Any, Any]", given).items():
        words = cast("list[Any]", others) if isinstance(others, list) else [others or name]
        places[str(name).strip()] = tuple(str(word) for word in words)
    # A choice is a line of JSON, with the place in quotes.
    if any(not name or set(name) & set('"\\{}') for name in places):
        problems.append((where, "has a place without a name, or with quotes or braces in it"))
    return places


def _read_weekdays(given: object, problems: _Problems) -> frozenset[int]:
    days = cast("list[Any]", given) if isinstance(given, list) else [given]
    wrong = [day for day in days if day not in WEEKDAYS]
    if wrong:
        known = ", ".join(WEEKDAYS)
        problems.append(("weekdays", f"{wrong[0]!r} is not a day; write one of {known}"))
    return frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)


def _read_slots(data: object, problems: _Problems) -> dict[int, Slots]:
    """Read `["08:00-12:00"]`, of every day, or `{mon: ["08:00-12:00"], sat: [...]}`."""
    if isinstance(data, list):
        spans = _spans(cast("list[Any]", data), "slots", problems)
        return dict.fromkeys(range(7), spans)
    if not isinstance(data, dict):
        problems.append(("slots", 'must be a list, as in ["08:00-12:00"], or one for each day'))
        return {}
    slots: dict[int, Slots] = {}
    for day, given in cast("dict[Any, Any]", data).items():
        if day not in WEEKDAYS:
            known = ", ".join(WEEKDAYS)
            problems.append((f"slots.{day}", f"is not a day; write one of {known}"))
            continue
        listed = cast("list[Any]", given) if isinstance(given, list) else [given]
        slots[WEEKDAYS.index(day)] = _spans(listed, f"slots.{day}", problems)
    return slots


def _spans(data: list[Any], where: str, problems: _Problems) -> Slots:
    read = [read_span(str(text), f"{where}[{n}]", problems) for n, text in enumerate(data)]
    return tuple(span for span in read if span is not None)


def _flag(
    data: Mapping[str, Any], name: str, where: str, problems: _Problems, *, usual: bool = False
) -> bool:
    value = data.get(name, usual)
    if not isinstance(value, bool):
        problems.append((where, f"{value!r} must be true or false"))
    return value is True


def _whole(
    data: Mapping[str, Any],
    name: str,
    where: str,
    problems: _Problems,
    usual: int,
    *,
    least: int = 0,
    most: int = 10**15,
) -> int:
    value = data.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        limit = f" from {least} to {most}" if most < 10**15 else f", {least} and more"
        problems.append((where, f"{value!r} must be a whole number{limit}"))
        return usual
    return value
