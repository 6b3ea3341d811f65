"""The line in which merchants' parcels wait to be told of."""

from datetime import UTC, datetime, timedelta

from bot.domain.pace import FairLine, Urgency

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_who_comes_later_with_one_goes_before_most_of_anothers_thousands() -> None:
    line = FairLine()
    many = [line.place("large", NOW) for _ in range(5000)]
    one = line.place("small", NOW + timedelta(seconds=2))
    ahead = sum(place >= one for place in many)
    assert ahead <= 60


def test_a_merchants_own_keep_their_order() -> None:
    line = FairLine()
    places = [line.place("large", NOW + timedelta(seconds=n / 50)) for n in range(500)]
    assert places == sorted(places, reverse=True)


def test_nobody_waits_for_ever_behind_newcomers() -> None:
    """A place is a moment: who comes after it stands behind."""
    line = FairLine()
    last = [line.place("large", NOW) for _ in range(2000)][-1]
    assert line.place("small", NOW + timedelta(seconds=2000 / 20 + 2)) < last


def test_everything_else_goes_before_what_waits_in_turn() -> None:
    assert FairLine().place("any", NOW) < min(Urgency)
    # PostgreSQL keeps priorities in four bytes.
    assert FairLine().place("any", NOW + timedelta(days=365 * 60)) > -(2**31)
