"""Opening hours and pick-up points of a policy: read, refused by field, chosen."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import Invalid
from bot.domain.hours import next_opening
from bot.domain.pickup import suitable
from bot.domain.places import distance, read_place
from bot.domain.read_policy import read_policy

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)
POINT: dict[str, Any] = {"id": "a", "name": "Tabac", "address": "1 rue A, 75011 Paris"}


def policy(*points: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"pickup_points": list(points), **more}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (policy({**POINT, "name": ""}), "pickup_points[0].name"),
        (policy(POINT, POINT), "pickup_points"),
        (policy({**POINT, "latitude": 91, "longitude": 2}), "pickup_points[0].latitude"),
        (policy({**POINT, "latitude": 48}), "pickup_points[0].longitude"),
        (policy({**POINT, "hours": {"monday": "09:00-19:00"}}), "pickup_points[0].hours.monday"),
        (policy({**POINT, "hours": {"mon": "nine"}}), "pickup_points[0].hours.mon"),
        (policy({**POINT, "capacity": "many"}), "pickup_points[0].capacity"),
        (policy({**POINT, "capacity": True}), "pickup_points[0].capacity"),
        (policy({**POINT, "opens": "09:00"}), "pickup_points[0].opens"),
        (policy({**POINT, "name": "Tabac\nSoleil"}), "pickup_points[0].name"),
        ({"pickup_points": {"a": POINT}}, "pickup_points"),
        ({"support_hours": {"mon": "18:00-09:00"}}, "support_hours.mon"),
        ({"support_hours": "always"}, "support_hours"),
        ({"requests": {"cancel": {"until": "soon"}}}, "requests.cancel.until"),
    ],
)
def test_what_is_wrong_is_named(document: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_policy(document)
    assert field in [name for name, _ in refusal.value.problems]


def test_the_nearest_open_point_comes_first() -> None:
    far = {**POINT, "id": "far", "latitude": 48.80, "longitude": 2.30}
    near = {**POINT, "id": "near", "latitude": 48.86, "longitude": 2.38}
    closed = {**near, "id": "closed", "hours": {"tue": "09:00-19:00"}}
    points = read_policy(policy(far, closed, near)).pickup_points
    found = suitable(points, MONDAY, near=(48.861, 2.381))
    assert [point.id for point in found] == ["near", "far"]


def test_a_full_point_is_not_offered_and_each_says_how_far_it_is() -> None:
    near = {**POINT, "id": "near", "latitude": 48.86, "longitude": 2.38, "capacity": 2}
    far = {**POINT, "id": "far", "latitude": 48.95, "longitude": 2.38}
    points = read_policy(policy(near, far, {**POINT, "id": "nowhere"})).pickup_points

    def offered(taken: int) -> list[str]:
        found = suitable(points, MONDAY, near=(48.86, 2.38), taken={"near": taken, "far": 99})
        return [f"{p.id} {'?' if p.km is None else round(p.km)}" for p in found]

    assert offered(1) == ["near 0", "far 10", "nowhere ?"]
    assert offered(2) == ["far 10", "nowhere ?"]
    assert all(p.km is None for p in suitable(points, MONDAY))


def test_without_a_place_the_same_postcode_comes_first() -> None:
    other = {**POINT, "id": "other", "address": "2 rue B, 69002 Lyon"}
    points = read_policy(policy(other, POINT)).pickup_points
    assert [p.id for p in suitable(points, MONDAY, postcode="75011")] == ["a", "other"]
    assert [p.id for p in suitable(points, MONDAY)] == ["other", "a"]


@pytest.mark.parametrize("text", ["", "48.85", "x,y", "91,0", None, "48,200"])
def test_what_is_no_place(text: object) -> None:
    assert read_place(text) is None


def test_distance() -> None:
    assert distance((48.8566, 2.3522), (51.5074, -0.1278)) == pytest.approx(344, abs=2)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T10:00", None),
        ("2026-11-23T20:00", "2026-11-24T09:00:00+01:00"),
        ("2026-11-24T08:00", "2026-11-24T09:00:00+01:00"),
        ("2026-11-24T19:00", "2026-11-30T09:00:00+01:00"),
    ],
)
def test_when_somebody_is_there_again(now: str, opens: str | None) -> None:
    hours = read_policy(
        {"support_hours": {"mon": "09:00-18:00", "tue": "09:00-18:00"}}
    ).support_hours
    found = next_opening(hours, datetime.fromisoformat(now).replace(tzinfo=PARIS), PARIS)
    assert (found.isoformat() if found else None) == opens


def test_no_hours_mean_always() -> None:
    assert next_opening({}, datetime(2026, 11, 23, 3, tzinfo=PARIS), PARIS) is None
