"""What a shipment's history comes to."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import new_id
from bot.domain.shipment import Handover, Promise, Shipment, Standing, Status, TrackingEvent, derive
from bot.domain.when import Window

DAY = datetime(2026, 11, 23, tzinfo=UTC)
MERCHANT, SHIPMENT = UUID(int=1), UUID(int=2)


def window(start: int, end: int) -> Window:
    return Window(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def event(
    key: str,
    status: Status,
    hour: float,
    span: tuple[int, int] | None = None,
    courier: str | None = None,
) -> TrackingEvent:
    at = DAY + timedelta(hours=hour)
    between = window(*span) if span else None
    return TrackingEvent(
        id=new_id(),
        merchant_id=MERCHANT,
        shipment_id=SHIPMENT,
        key=key,
        status=status,
        at=at,
        received_at=at,
        window_start=between.start if between else None,
        window_end=between.end if between else None,
        courier_name=courier,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[TrackingEvent]:
    count = draw(st.integers(0, 8))
    return [
        event(
            key=f"e{place}",
            status=draw(st.sampled_from(Status)),
            # Few hours, so that events often fall on the same instant.
            hour=draw(st.integers(0, 5)),
            span=draw(WINDOWS),
            courier=draw(st.sampled_from([None, "Karim", "Ines"])),
        )
        for place in range(count)
    ]


WINDOWS = st.sampled_from([None, (8, 10), (14, 16)])
TOLD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "courier_id": st.sampled_from(["c-1", "c-2"]),
        "depot": st.sampled_from(["Nord", "Sud"]),
        "handover": st.sampled_from(["robot", "neighbour"]),
        "place": st.sampled_from([[48.85, 2.35], [48.86, 2.36]]),
        "collect": st.fixed_dictionaries(
            {}, optional={"code": st.sampled_from(["4821", "7733"]), "place": st.just("Hall 2")}
        ),
        "proof": st.fixed_dictionaries(
            {},
            optional={
                "signed_by": st.sampled_from(["A. Byron", "B. Lovelace"]),
                "photo_url": st.just("https://photos.example/1"),
                "code_checked": st.booleans(),
            },
        ),
    },
)


@st.composite
def detailed(draw: st.DrawFn) -> list[TrackingEvent]:
    """Histories with all that events tell: a courier's phone, the code, the proof, the place."""
    history = draw(histories())
    for one in history:
        one.courier_phone = draw(st.sampled_from([None, "+33639980001", "+33639980002"]))
        one.details = draw(TOLD)
    return history


promises = st.sampled_from(
    [None, *(Promise(window(18, 20), DAY + timedelta(hours=hour)) for hour in range(0, 6, 2))]
)


def without_ids(standing: Standing) -> object:
    return (
        standing.status,
        standing.at,
        standing.window,
        standing.courier_name,
        standing.event.key if standing.event else None,
    )


@given(histories(), promises, st.data())
def test_the_order_in_which_events_arrive_does_not_matter(
    history: list[TrackingEvent], promise: Promise | None, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(history))
    assert without_ids(derive(shuffled, promise)) == without_ids(derive(history, promise))


@given(histories(), promises, st.data())
def test_an_event_told_again_changes_nothing(
    history: list[TrackingEvent], promise: Promise | None, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    told = data.draw(st.permutations([*history, *again]))
    assert without_ids(derive(told, promise)) == without_ids(derive(history, promise))


@given(detailed(), promises, st.data())
def test_all_that_a_parcel_shows_is_the_same_in_any_order_and_however_often_told(
    history: list[TrackingEvent], promise: Promise | None, data: st.DataObject
) -> None:
    def told(events: Sequence[TrackingEvent]) -> dict[str, Any]:
        """As they are recorded: each is derived from all that came before, and kept once."""
        shipment = Shipment(SHIPMENT, MERCHANT, "R", "generic", "N", None, DAY)
        shipment.tag("gift")
        known: dict[str, TrackingEvent] = {}
        for one in events:
            known.setdefault(one.key, one)
            shipment.take(derive(known.values(), promise))
        return asdict(shipment)

    repeats = data.draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    again = data.draw(st.permutations([*history, *repeats]))
    assert told(again) == told(history)
    one, other = derive(again, promise), derive(history, promise)
    assert (one.details, one.before) == (other.details, other.before)


@given(detailed())
def test_every_detail_is_the_last_one_told(history: list[TrackingEvent]) -> None:
    details = derive(history).details
    for name in ("courier_id", "depot", "place", "collect", "proof"):
        tellers = [e for e in history if name in e.details]
        last = max((e.at for e in tellers), default=None)
        assert (name in details) == bool(tellers)
        if tellers:
            assert details[name] in [e.details[name] for e in tellers if e.at == last]


@given(histories(), promises)
def test_the_status_is_that_of_the_last_event_that_is_understood(
    history: list[TrackingEvent], promise: Promise | None
) -> None:
    standing = derive(history, promise)
    known = [e for e in history if e.status is not Status.unknown]
    if known:
        assert standing.event is not None
        assert standing.status is standing.event.status
        assert standing.at == standing.event.at == max(e.at for e in known)
    else:
        assert standing.event is None
        assert standing.status is (Status.unknown if history else Status.created)


@given(histories(), promises)
def test_a_window_is_always_one_that_somebody_gave(
    history: list[TrackingEvent], promise: Promise | None
) -> None:
    given_windows = {e.window for e in history} | {promise.window if promise else None, None}
    assert derive(history, promise).window in given_windows


def test_a_late_older_event_does_not_take_a_delivered_parcel_back() -> None:
    history = [event("b", Status.delivered, 15), event("a", Status.out_for_delivery, 8, (14, 16))]
    assert derive(history).status is Status.delivered


def test_a_code_that_nobody_knows_leaves_the_known_status() -> None:
    history = [event("a", Status.in_transit, 8), event("b", Status.unknown, 9)]
    assert derive(history).status is Status.in_transit
    assert derive(history[1:]).status is Status.unknown


def test_a_failed_attempt_ends_the_window() -> None:
    history = [event("a", Status.out_for_delivery, 8, (14, 16))]
    assert derive(history).window == window(14, 16)
    assert derive([*history, event("b", Status.attempt_failed, 15)]).window is None


def test_a_delay_takes_the_window_back_unless_it_gives_another() -> None:
    history = [event("a", Status.out_for_delivery, 8, (14, 16))]
    late = event("b", Status.delayed, 15)
    assert derive([*history, late]).window is None
    assert derive([*history, event("b", Status.delayed, 15, (18, 20))]).window == window(18, 20)
    agreed = Promise(window(18, 20), DAY + timedelta(hours=16))
    assert derive([*history, late], agreed).window == window(18, 20)


def test_a_code_that_nobody_knows_leaves_the_window_agreed_after_a_delay() -> None:
    agreed = Promise(window(18, 20), DAY + timedelta(hours=16))
    history = [event("a", Status.delayed, 15), event("b", Status.unknown, 17)]
    assert derive(history, agreed).window == window(18, 20)


def test_events_that_say_the_same_status_again_are_one_streak() -> None:
    history = [
        event("a", Status.out_for_delivery, 8),
        event("b", Status.delayed, 9),
        event("c", Status.out_for_delivery, 10),
        event("d", Status.unknown, 11),
        event("e", Status.out_for_delivery, 12, (14, 16)),
    ]
    standing = derive(history)
    assert [e.key for e in standing.streak] == ["c", "e"]
    assert standing.before is Status.delayed


def test_how_it_changes_hands_is_the_last_word_of_whoever_speaks() -> None:
    """The carrier's said again does not take back what the customer has changed since."""
    shipment = Shipment(SHIPMENT, MERCHANT, "R", "mapped", "N", None, DAY)
    told = [event(f"e{hour}", Status.out_for_delivery, hour) for hour in (8, 9, 10)]
    told[0].details = told[1].details = {"handover": "locker"}
    shipment.take(derive(told[:1]))
    assert shipment.handover is Handover.locker
    shipment.handover = Handover.neighbour
    shipment.take(derive(told[:2]))
    assert shipment.handover is Handover.neighbour
    told[2].details = {"handover": "shop"}
    shipment.take(derive(told))
    assert shipment.handover is Handover.shop


def test_the_merchants_promise_holds_until_the_carrier_says_otherwise() -> None:
    promise = Promise(window(18, 20), DAY + timedelta(hours=6))
    assert derive([], promise).window == window(18, 20)
    assert derive([], promise).status is Status.created
    assert derive([event("a", Status.in_transit, 7)], promise).window == window(18, 20)
    said = event("b", Status.out_for_delivery, 8, (14, 16))
    assert derive([said], promise).window == window(14, 16)
    later = Promise(window(19, 21), DAY + timedelta(hours=9))
    assert derive([said], later).window == window(19, 21)


def test_the_same_promise_again_is_no_newer_word() -> None:
    shipment = Shipment(new_id(), MERCHANT, "R", "generic", "N", None, DAY)
    assert shipment.make_promise(window(18, 20), DAY + timedelta(hours=6))
    said = event("b", Status.out_for_delivery, 8, (14, 16))
    assert not shipment.make_promise(window(18, 20), DAY + timedelta(hours=9))
    assert derive([said], shipment.promise).window == window(14, 16)
