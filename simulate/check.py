"""What must hold of a month, judged by other means than those that made it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.domain.shipment import Status
from bot.storage.database import Database
from simulate.month import Parcel
from simulate.run import Sent

_NOTICES = {
    "out_for_delivery": "each",
    "delayed": "each",
    "attempt_failed": "each",
    "delivered": "once",
    "ready_for_pickup": "once",
    "returning": "once",
}
"""The shipped flows and how often each is owed."""
_RUNS = text(r"""
    SELECT shipment.tracking_number AS number, flow.name, run.note, run.finished_at,
           message.id IS NOT NULL AS told
    FROM flow_runs run JOIN flows flow ON flow.id = run.flow_id
    LEFT JOIN messages message ON message.key = concat('flow\:', run.id, '\:0')
    JOIN shipments shipment ON shipment.id = run.shipment_id
""")
_MESSAGES = text("""
    SELECT message.id, message.say, message.channel, message.purpose, message.status,
           contact.timezone
    FROM messages message
    JOIN conversations thread ON thread.id = message.conversation_id
    JOIN contacts contact ON contact.id = thread.contact_id
    WHERE message.author = 'flow'
""")
_STATUSES = text("SELECT tracking_number, status FROM shipments")
_ATTEMPTS = text("SELECT event_key, carrier, verdict, customer, disputed_at FROM attempts")
_SILENT = ("the customer has opted out", "not sent", "no channel")
_NIGHT, _MORNING = time(21), time(8)
_SHOWN = 10


@dataclass
class Findings:
    """What is wrong, and what there is to draw."""

    wrong: list[str] = field(default_factory=list[str])
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How many messages of a kind went by a channel."""
    claims: Counter[tuple[str, bool, str, bool]] = field(
        default_factory=Counter[tuple[str, bool, str, bool]]
    )
    """By carrier, whether made up, verdict, disputed."""

    @classmethod
    def of(cls, parts: Sequence["Findings"]) -> "Findings":
        """Those of several databases together."""
        whole = cls()
        for part in parts:
            whole.wrong += part.wrong
            whole.by_kind += part.by_kind
            whole.claims += part.claims
        return whole

    def add(self, what: str, cases: Sequence[object]) -> None:
        """Note a rule that was broken, with some of the cases."""
        if cases:
            some = ", ".join(str(case) for case in cases[:_SHOWN])
            self.wrong.append(f"{what}: {len(cases)} ({some})")


async def check(
    database: Database, parcels: Mapping[str, Parcel], sent: Sequence[Sent]
) -> Findings:
    """Judge a month by its end."""
    found = Findings()
    async with database() as unit:
        runs = (await unit.session.execute(_RUNS)).all()
        messages = {row.id: row for row in await unit.session.execute(_MESSAGES)}
        rows = await unit.session.execute(_STATUSES)
        statuses = {row.tracking_number: row.status for row in rows}
        attempts = (await unit.session.execute(_ATTEMPTS)).all()
    for row in messages.values():
        if row.status not in {"failed", "queued"}:
            found.by_kind[row.say, row.channel] += 1
    _all_were_told(found, parcels, runs)
    _nobody_twice(found, sent)
    _nothing_at_night(found, sent, messages)
    wrong = [n for n, p in parcels.items() if statuses.get(n) != _ends_as(p)]
    found.add("the status is not that of the latest event", wrong)
    fake = {key for parcel in parcels.values() for key in parcel.fake}
    for row in attempts:
        made_up = row.event_key.rpartition(":")[2] in fake
        found.claims[row.carrier, made_up, row.verdict, row.disputed_at is not None] += 1
    return found


def _owed(parcel: Parcel) -> Counter[str]:
    """How often each notice is owed, by the order in which the events came."""
    owed: Counter[str] = Counter()
    latest: tuple[datetime, Status] | None = None
    known: set[str] = set()
    for told in sorted(parcel.told, key=lambda one: one.arrives):
        event = told.event
        if event.key in known:
            continue
        known.add(event.key)
        if latest is not None and event.at < latest[0]:
            continue
        again = latest is not None and latest[1] is event.status
        if event.status.value in _NOTICES and (not again or event.status is Status.attempt_failed):
            owed[event.status.value] += 1
        latest = (event.at, event.status)
    return owed


def _ends_as(parcel: Parcel) -> Status:
    if not parcel.told:
        return Status.created
    return max(parcel.told, key=lambda told: told.event.at).event.status


def _all_were_told(found: Findings, parcels: Mapping[str, Parcel], runs: Sequence[object]) -> None:
    by_parcel: dict[str, Counter[str]] = defaultdict(Counter)
    silent: list[str] = []
    unfinished: list[str] = []
    for run in runs:
        row: object = run
        number, name = getattr(row, "number"), getattr(row, "name")
        by_parcel[number][name] += 1
        if getattr(row, "finished_at") is None:
            unfinished.append(f"{number} {name}")
        elif (
            name in _NOTICES
            and not getattr(row, "told")
            and not str(getattr(row, "note")).startswith(_SILENT)
        ):
            silent.append(f"{number} {name}: {getattr(row, 'note')}")
    wrong: list[str] = []
    for number, parcel in parcels.items():
        for name, count in _owed(parcel).items():
            due = min(count, 1) if _NOTICES[name] == "once" else count
            if by_parcel[number][name] != due:
                wrong.append(f"{number} {name}: {by_parcel[number][name]} of {due}")
    found.add("a notice was owed and not begun, or begun too often", wrong)
    found.add("a notice was begun and nobody was told, nor why not", silent)
    found.add("a flow has not come to its end", unfinished)


def _nobody_twice(found: Findings, sent: Sequence[Sent]) -> None:
    counted = Counter((one.message, one.part) for one in sent)
    found.add("a message was sent twice", [str(key[0]) for key, n in counted.items() if n > 1])


def _nothing_at_night(
    found: Findings, sent: Sequence[Sent], messages: Mapping[UUID, object]
) -> None:
    woken: list[str] = []
    for one in sent:
        message = messages.get(one.message)
        if message is None or getattr(message, "purpose") not in {"feedback", "marketing"}:
            continue
        zone = ZoneInfo(str(getattr(message, "timezone")))
        here = one.at.astimezone(zone).time()
        if here >= _NIGHT or here < _MORNING:
            woken.append(f"{one.message} at {here:%H:%M}")
    found.add("sent in quiet hours", woken)
