"""What merchants hand in, by API or by file: one shape, one set of checks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.domain.errors import Invalid
from bot.domain.shipment import HANDOVER, Handover, Status
from bot.domain.when import Window
from bot.services.intake_types import (
    Country,
    Currency,
    Email,
    Instant,
    Language,
    MinorUnits,
    Name,
    Service,
    Text,
    Timezone,
    read_country,
)
from bot.services.intake_words import in_words
from bot.services.phones import normalise_phone

EVENTS_AT_ONCE = 500
_CLOCKS_DIFFER = timedelta(days=1)


class Given(BaseModel):
    """Something handed in: null and blank are the same as absent, unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        given = cast("dict[str, Any]", value)
        return {
            key: member
            for key, member in given.items()
            if member is not None and not (isinstance(member, str) and not member.strip())
        }


class WindowIn(Given):
    """A span of time, its end not included."""

    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> "WindowIn":
        if self.end <= self.start:
            raise ValueError("must end after it starts")
        return self

    @property
    def window(self) -> Window:
        return Window(self.start, self.end)


class RecipientIn(Given):
    """Who waits for the parcel."""

    name: Text = ""
    # Before the phone, which is read by it.
    country: Country | None = None
    language: Language | None = None
    email: Email | None = None
    phone: str | None = Field(
        default=None,
        description="E.164, or in national form together with `country` or the address's country; "
        "without a phone nobody can be written to",
        examples=["+33639981234", "06 39 98 12 34"],
    )

    @field_validator("phone", mode="after")
    @classmethod
    def _to_e164(cls, phone: str | None, info: ValidationInfo) -> str | None:
        if phone is None:
            return None
        context = cast("Mapping[str, Any]", info.context or {})
        return normalise_phone(phone, info.data.get("country") or context.get("country"))


class AddressIn(Given):
    """Where the parcel goes."""

    line1: Text = ""
    line2: Text = ""
    postal_code: Text = ""
    city: Text = ""
    region: Text = Field(
        default="",
        description="a part of the country with public holidays of its own, ISO 3166-2",
        examples=["DE-BY"],
    )
    country: Country | None = None
    latitude: float | None = Field(
        default=None, ge=-90, le=90, description="with it, attempts can be told from claims"
    )
    longitude: float | None = Field(default=None, ge=-180, le=180)


class ValueIn(Given):
    """A sum of money."""

    amount: MinorUnits
    currency: Currency


class ShipmentIn(Given):
    """A parcel, as its merchant describes it."""

    tracking_number: Name = Field(examples=["SP100200300FR"])
    carrier: Name = Field(default="generic", description="the name of the carrier's account")
    recipient: RecipientIn = Field(default_factory=RecipientIn)
    address: AddressIn = Field(default_factory=AddressIn)
    item: Text = Field(default="", description="what is in it, as the customer would call it")
    value: ValueIn | None = None
    timezone: Timezone | None = Field(
        default=None, description="of the address; else the merchant's own"
    )
    handover: Handover = Field(
        default=Handover.courier,
        description="how it changes hands; left out, it stays as it is, also where a customer's "
        "wish has changed it",
    )
    service: Service = Field(default="", description="the carrier's service level")
    window: WindowIn | None = Field(
        default=None,
        description="when it is promised for; holds until somebody speaks of the time later",
    )

    @property
    def country(self) -> str:
        return self.address.country or self.recipient.country or ""


class CourierIn(Given):
    """Who brings the parcel."""

    name: Text | None = None
    phone: Text | None = None
    id: Name | None = Field(default=None, description="the carrier's own, to compare attempts by")


class PlaceIn(Given):
    """A place on the map, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class ProofIn(Given):
    """What shows that a parcel was handed over, or that somebody was at the door."""

    signed_by: Text = ""
    photo_url: Text = ""
    left_at: Text = ""
    code_checked: bool = False
    code: Text = Field(
        default="",
        description="the one-time code that the customer gave the courier; it is checked",
    )


class CollectIn(Given):
    """Where a parcel waits to be fetched."""

    place: Text = ""
    code: Text = ""
    until: Instant | None = None
    link: Text = ""
    hours: Text = Field(default="", description="when it is open", examples=["Mon-Sat 9-19"])


class EventIn(Given):
    """Something that happened to a shipment."""

    id: Name = Field(
        description="the sender's own; an event is stored once, however often it is sent",
        examples=["evt-7f3a"],
    )
    status: Name = Field(
        description="one of: " + ", ".join(Status) + "; any other word is stored as unknown",
        examples=["out_for_delivery"],
    )
    at: Instant
    code: Text = Field(default="", description="the carrier's own code")
    description: Text = ""
    window: WindowIn | None = None
    courier: CourierIn = Field(default_factory=CourierIn)
    place: PlaceIn | None = Field(default=None, description="where the courier was")
    depot: Text = ""
    vehicle: Text = ""
    service: Service = ""
    handover: Handover | None = Field(
        default=None, description="how it changes hands from now on, where this event says so"
    )
    proof: ProofIn | None = None
    collect: CollectIn | None = None
    calls: int = Field(default=0, ge=0, le=100, description="how often the recipient was rung up")
    minutes_away: int | None = Field(
        default=None, ge=0, le=1440, description="how soon the courier will be there"
    )
    stops_away: int | None = Field(
        default=None, ge=0, le=1000, description="stops that the courier makes before; 0: none"
    )

    @property
    def details(self) -> dict[str, Any]:
        """What is told besides, as `TrackingEvent.details` keeps it."""
        place = [self.place.latitude, self.place.longitude] if self.place else None
        told = {
            "courier_id": self.courier.id,
            "depot": self.depot,
            "vehicle": self.vehicle,
            "service": self.service,
            "place": place,
            HANDOVER: self.handover.value if self.handover else None,
            "proof": self.proof.model_dump(exclude_defaults=True) if self.proof else None,
            "collect": self.collect.model_dump(mode="json", exclude_defaults=True)
            if self.collect
            else None,
            "calls": self.calls,
        }
        away = {"minutes_away": self.minutes_away, "stops_away": self.stops_away}
        return {name: value for name, value in told.items() if value} | {
            name: count for name, count in away.items() if count is not None
        }

    @field_validator("at", mode="after")
    @classmethod
    def _not_ahead(cls, at: datetime, info: ValidationInfo) -> datetime:
        now = cast("Mapping[str, Any]", info.context or {}).get("now")
        if now is not None and at > now + _CLOCKS_DIFFER:
            raise ValueError("lies in the future; an event is something that has happened")
        return at


class EventsIn(Given):
    """Several events of one shipment, in any order."""

    events: list[EventIn] = Field(min_length=1, max_length=EVENTS_AT_ONCE)


class ShipmentRow(ShipmentIn):
    """A shipment in a file: with its reference, and in JSON with events."""

    reference: Name
    events: list[EventIn] = Field(default_factory=list[EventIn], max_length=EVENTS_AT_ONCE)


def read_reference(reference: str) -> str:
    """A merchant's name for a shipment. Raises Invalid."""
    given = reference.strip()
    if not given or len(given) > 100 or not given.isprintable():
        raise Invalid(("reference", "must be 1 to 100 printable characters"))
    return given


def read_shipment(data: object) -> ShipmentIn:
    """Check a shipment. Raises Invalid, which names every field that is wrong."""
    return _read(ShipmentIn, data, country=_country_of(data))


def read_row(data: object, now: datetime) -> ShipmentRow:
    """Check an entry of a file. Raises Invalid, which names every field that is wrong."""
    return _read(ShipmentRow, data, country=_country_of(data), now=now)


def read_events(data: object, now: datetime) -> list[EventIn]:
    """Check an event, or `{"events": [...]}`. Raises Invalid, which names every wrong field."""
    if is_list_of_events(data):
        return _read(EventsIn, data, now=now).events
    return [_read(EventIn, data, now=now)]


def is_list_of_events(data: object) -> bool:
    """Whether a body holds several events, so that errors and warnings count them."""
    return isinstance(data, dict) and "events" in cast("dict[str, Any]", data)


def _read[T: BaseModel](model: type[T], data: object, **context: object) -> T:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise Invalid(*in_words(error, model)) from None


def _country_of(data: object) -> str | None:
    """The address's country, by which a national phone number may be read."""
    try:
        return read_country(cast("Any", data)["address"]["country"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
