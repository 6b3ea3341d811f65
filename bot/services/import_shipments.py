"""A merchant's parcels out of a file: the good rows are loaded, the bad ones named."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.errors import Invalid, NotFound
from bot.domain.merchant import Merchant
from bot.services.import_files import read_entries
from bot.services.intake import read_row
from bot.services.ports import Units
from bot.services.record_event import NewEvent, RecordEvents
from bot.services.record_shipment import RecordShipment


@dataclass(frozen=True)
class RefusedRow:
    """An entry that was left out. `line` is where it begins in the file, counted from 1."""

    line: int
    reference: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ImportReport:
    """What became of a file."""

    loaded: int
    refused: tuple[RefusedRow, ...]

    @property
    def summary(self) -> str:
        return f"loaded {self.loaded}, refused {len(self.refused)}"

    @property
    def exit_code(self) -> int:
        return 1 if self.refused else 0

    def lines(self) -> Iterator[str]:
        """The report for a terminal: a line for every problem, the summary last."""
        for row in self.refused:
            named = f" ({row.reference})" if row.reference else ""
            for field, detail in row.problems:
                yield f"line {row.line}{named}: {field}: {detail}"
        yield self.summary


@dataclass(frozen=True)
class ImportShipments:
    """Loads shipments, and in JSON their events, through the same checks as the API."""

    units: Units
    clock: Clock
    record_shipment: RecordShipment
    record_events: RecordEvents

    async def __call__(self, merchant_name: str, content: bytes) -> ImportReport:
        """Load a CSV or JSON file.

        Args:
            merchant_name: whose parcels they are.
            content: the file, in UTF-8.

        Raises:
            NotFound: there is no such merchant.
            Invalid: the file as a whole cannot be read; nothing was loaded.
        """
        async with self.units() as unit:
            merchant = await unit.merchants.by_name(merchant_name)
        if merchant is None:
            raise NotFound(f"there is no merchant {merchant_name!r}")
        loaded, refused = 0, list[RefusedRow]()
        # Read to its end before anything is loaded: a file that breaks off loads nothing.
        for line, entry in list(read_entries(content)):
            try:
                await self._load(merchant, entry)
                loaded += 1
            except Invalid as error:
                refused.append(RefusedRow(line, _reference(entry), error.problems))
        return ImportReport(loaded, tuple(refused))

    async def _load(self, merchant: Merchant, entry: object) -> None:
        row = read_row(entry, self.clock.now())
        # A parcel that comes with a history is not new, and is not announced as such.
        await self.record_shipment(merchant, row.reference, row, announce=not row.events)
        if row.events:
            events = [NewEvent.of_merchant(event) for event in row.events]
            await self.record_events(merchant.id, row.reference, events)


def _reference(entry: object) -> str:
    named = entry.get("reference") if isinstance(entry, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return named[:100] if isinstance(named, str) else ""
