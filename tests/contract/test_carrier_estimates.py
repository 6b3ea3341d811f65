"""What aggregators expect: mostly a date, sometimes a range; a day where the account says by which clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.carriers.base import CarrierEvent
from bot.domain.shipment import TrackingEvent, derive
from bot.domain.when import Window
from tests.contract.carrier_cases import CARRIER_CASES
from tests.contract.test_carrier_vendors import unconnected, webhook

CASES = {case.name: case for case in CARRIER_CASES}
ID = UUID(int=1)
PARIS = {"timezone": "Europe/Paris"}
# The whole of the 27th in Paris.
DAY = Window(datetime(2026, 11, 26, 23, tzinfo=UTC), datetime(2026, 11, 27, 23, tzinfo=UTC))


def told(name: str, document: Any, **options: str) -> list[CarrierEvent]:
    case = CASES[name]
    found = unconnected(case).parse(replace(case.account, options=options), webhook(document))
    return [one for one in found if isinstance(one, CarrierEvent)]


def aftership(latest: object, ts: int = 1795708800, tag: str = "InTransit") -> dict[str, Any]:
    scan = {"tag": tag, "checkpoint_time": "2026-11-26T09:00:00+01:00", "message": "On its way"}
    parcel = {"tracking_number": "1Z", "slug": "ups", "checkpoints": [scan]}
    return {"ts": ts, "msg": {**parcel, "latest_estimated_delivery": latest}}


def easypost(**more: Any) -> dict[str, Any]:
    scan = {"status": "in_transit", "datetime": "2026-11-26T08:00:00Z"}
    parcel = {"object": "Tracker", "tracking_code": "EZ1", "tracking_details": [scan]}
    return {"result": {**parcel, "updated_at": "2026-11-26T08:30:00Z", **more}}


@pytest.mark.parametrize(
    ("latest", "options", "window"),
    [
        ({"type": "specific", "datetime": "2026-11-27"}, PARIS, DAY),
        ({"type": "specific", "datetime": "2026-11-27T18:00:00+01:00"}, {}, DAY),
        ({"type": "specific", "datetime": "2026-11-27T20:00:00"}, PARIS, DAY),
        ({"type": "specific", "datetime": "2026-11-27"}, {}, None),
        ({"type": "specific", "datetime": "2026-11-27T18:00:00Z"}, {}, None),
        (
            {"datetime_min": "2026-11-27", "datetime_max": "2026-11-28"},
            PARIS,
            Window(DAY.start, DAY.end + timedelta(days=1)),
        ),
        (
            {
                "datetime": "2026-11-27T14:00:00+01:00",
                "datetime_min": "2026-11-27T14:00:00+01:00",
                "datetime_max": "2026-11-27T18:00:00+01:00",
            },
            {},
            Window(datetime(2026, 11, 27, 13, tzinfo=UTC), datetime(2026, 11, 27, 17, tzinfo=UTC)),
        ),
        ({"datetime_min": "2026-11-28", "datetime_max": "2026-11-27"}, PARIS, None),
        ({"datetime": "soon"}, PARIS, None),
        (None, PARIS, None),
    ],
)
def test_aftership_expects_a_day_or_a_range(
    latest: object, options: dict[str, str], window: Window | None
) -> None:
    scan, *estimates = told("aftership", aftership(latest), **options)
    assert scan.window is None
    assert [one.window for one in estimates] == ([window] if window else [])


@pytest.mark.parametrize(
    ("more", "options", "window"),
    [
        ({"est_delivery_date": "2026-11-27T00:00:00Z"}, PARIS, DAY),
        # 23:30 UTC is the 27th in Paris.
        ({"est_delivery_date": "2026-11-26T23:30:00Z"}, PARIS, DAY),
        ({"est_delivery_date": "2026-11-27T00:00:00Z"}, {}, None),
        (
            {
                "est_delivery_date": "2026-11-28T00:00:00Z",
                "carrier_detail": {"est_delivery_date_local": "2026-11-27"},
            },
            PARIS,
            DAY,
        ),
        ({"est_delivery_date": None}, PARIS, None),
    ],
)
def test_easypost_expects_a_day(
    more: dict[str, Any], options: dict[str, str], window: Window | None
) -> None:
    _, *estimates = told("easypost", easypost(**more), **options)
    assert [one.window for one in estimates] == ([window] if window else [])


def stored(one: CarrierEvent) -> TrackingEvent:
    window = one.window
    return TrackingEvent(
        ID, ID, ID, one.key, one.status, one.at, one.at,
        window_start=window.start if window else None, window_end=window.end if window else None,
    )  # fmt: skip


def test_a_new_estimate_without_a_new_scan_counts_in_any_order() -> None:
    """The one told last, whenever it comes in; and none is left once the parcel has come."""
    first = told("aftership", aftership({"datetime": "2026-11-27"}, ts=1795708800), **PARIS)
    later = told("aftership", aftership({"datetime": "2026-11-28"}, ts=1795712400), **PARIS)
    for order in ([*first, *later], [*later, *first]):
        window = derive({one.key: stored(one) for one in order}.values()).window
        assert window == Window(DAY.start + timedelta(days=1), DAY.end + timedelta(days=1))
    done = told("aftership", aftership({"datetime": "2026-11-27"}, tag="Delivered"), **PARIS)
    assert len(done) == 1
