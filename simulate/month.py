"""The month as it truly was: parcels, what carriers told of them and how badly, what people say."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.carriers.base import CarrierEvent
from bot.domain.places import Place
from bot.domain.shipment import Collect, Status
from bot.domain.when import Window

BEGIN = datetime(2026, 10, 1, 6, tzinfo=UTC)
"""The month has the end of summer time in it."""
DAYS = 26
CARRIERS = {"onfleet": 0.03, "fedex": 0.08, "usps": 0.05, "generic": 0.25}
"""What share of each one's failed attempts were never made."""
_TASTE = {"onfleet": 9.0, "fedex": 8.2, "usps": 8.0, "generic": 6.5}
_PARIS: Place = (48.8566, 2.3522)


@dataclass(frozen=True)
class Told:
    """A carrier's event, and when it reaches us."""

    arrives: datetime
    event: CarrierEvent


@dataclass
class Parcel:
    """A parcel and the truth about it."""

    number: str
    carrier: str
    phone: str
    language: str
    home: Place
    created: datetime
    has_whatsapp: bool
    told: list[Told] = field(default_factory=list[Told])
    fake: set[str] = field(default_factory=set[str])
    """The keys of the events that claim an attempt which was not made."""
    score: int = 9
    answers_survey: bool = False
    answers_attempt: bool = True
    lies: bool = False
    """Says to have been in, and was not."""
    stops: bool = False


def month(parcels: int, seed: int) -> Iterator[Parcel]:
    """As many parcels, always the same for a seed."""
    dice = random.Random(seed)  # noqa: S311  no secret
    for place in range(parcels):
        yield _parcel(dice, place)


def _parcel(dice: random.Random, place: int) -> Parcel:
    carrier = dice.choice(list(CARRIERS))
    made = Parcel(
        number=f"S{place:06}",
        carrier=carrier,
        phone=f"+336{10_000_000 + place:08}",
        language=dice.choice(["en", "fr", "fr", "es", "de"]),
        home=(_PARIS[0] + dice.uniform(-0.05, 0.05), _PARIS[1] + dice.uniform(-0.05, 0.05)),
        created=BEGIN + timedelta(days=dice.uniform(0, DAYS - 5)),
        has_whatsapp=dice.random() < 0.7,
        score=max(0, min(10, round(dice.gauss(_TASTE[carrier], 1.8)))),
        answers_survey=dice.random() < 0.45,
        answers_attempt=dice.random() < 0.75,
        lies=dice.random() < 0.1,
        stops=dice.random() < 0.01,
    )
    _Course(dice, made).run()
    return made


class _Course:
    """What happens to a parcel, told as its carrier tells it."""

    def __init__(self, dice: random.Random, parcel: Parcel) -> None:
        self.dice, self.parcel = dice, parcel
        self.courier = f"{parcel.carrier}-{dice.randrange(8)}"
        self.depot = dice.choice(["Nord", "Sud", "Est"])
        self.count = 0

    def run(self) -> None:
        """From the depot to its end."""
        dice, at = self.dice, self.parcel.created + timedelta(hours=self.dice.uniform(5, 20))
        self.tell(Status.in_transit, at)
        day = (at + timedelta(days=dice.choice([1, 1, 2]))).replace(hour=6, minute=0, second=0)
        if dice.random() < 0.06:
            self.tell(Status.delayed, day - timedelta(hours=dice.uniform(2, 10)))
            day += timedelta(days=1)
        if dice.random() < 0.08:
            self._to_be_fetched(day)
            return
        for attempt in range(3):
            if self._day(day + timedelta(days=attempt), last=attempt == 2):
                return

    def _day(self, morning: datetime, *, last: bool) -> bool:
        """A day on the road; whether it ended well."""
        dice = self.dice
        at = morning + timedelta(minutes=dice.uniform(0, 90))
        start = morning + timedelta(hours=dice.choice([3, 5, 7, 9]))
        self.tell(Status.out_for_delivery, at, Window(start, start + timedelta(hours=2)))
        if dice.random() < 0.15:
            start += timedelta(hours=dice.uniform(1, 3))
            changed = Window(start, start + timedelta(hours=2))
            self.tell(Status.out_for_delivery, at + timedelta(hours=2), changed)
        comes = start + timedelta(minutes=dice.gauss(60, 45))
        if not last and dice.random() < 0.14:
            self._fail(comes)
            return False
        self.tell(Status.delivered, comes)
        return True

    def _fail(self, at: datetime) -> None:
        fake = self.dice.random() < CARRIERS[self.parcel.carrier]
        away = self.dice.uniform(0.02, 0.08) if fake else self.dice.uniform(-0.0004, 0.0004)
        home = self.parcel.home
        # Two carriers in four tell where their couriers are.
        locates = self.parcel.carrier in {"onfleet", "generic"}
        place = (home[0] + away, home[1]) if locates else None
        event = self.tell(Status.attempt_failed, at, place=place)
        if fake:
            self.parcel.fake.add(event.key)

    def _to_be_fetched(self, day: datetime) -> None:
        at = day + timedelta(hours=5)
        collect = Collect("Gare de Lyon, hall 2", "4821", at + timedelta(days=7))
        self.tell(Status.ready_for_pickup, at, collect=collect)
        after = timedelta(days=self.dice.uniform(0.2, 4))
        self.tell(Status.delivered if self.dice.random() < 0.9 else Status.returning, at + after)

    def tell(
        self,
        status: Status,
        at: datetime,
        window: Window | None = None,
        *,
        place: Place | None = None,
        collect: Collect | None = None,
    ) -> CarrierEvent:
        """An event; some are late, some come twice, a few never, and so their order is lost."""
        self.count += 1
        event = CarrierEvent(
            f"{self.parcel.number}-{self.count}", self.parcel.number, status, at, window=window,
            courier_id=self.courier, depot=self.depot, at_place=place, collect=collect,
        )  # fmt: skip
        roll = self.dice.random()
        if roll < 0.02 and status is Status.in_transit:
            return event
        late = timedelta(hours=self.dice.uniform(1, 5)) if roll > 0.95 else timedelta()
        arrives = at + timedelta(seconds=self.dice.uniform(1, 120)) + late
        self.parcel.told.append(Told(arrives, event))
        if self.dice.random() < 0.08:
            again = arrives + timedelta(minutes=self.dice.uniform(1, 90))
            self.parcel.told.append(Told(again, event))
        return event
