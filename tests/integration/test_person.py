"""A person's data in one place: what is exported, what is left after an erasure, and the proofs."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Text as SqlText
from sqlalchemy import cast, func, select, text

from bot.domain.access import AccessCode
from bot.domain.attempt import CustomerSays
from bot.domain.consent import Purpose
from bot.domain.conversation import Author, MessageStatus
from bot.domain.errors import NotFound, Refused
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, Role
from bot.domain.proof import ProofKind
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, Status, UnclaimedEvent
from bot.domain.survey import Survey
from bot.services.consents import may_send, stop
from bot.services.intake import ShipmentIn
from bot.services.judge_attempts import claim_attempt, customer_says
from bot.services.keep_file import keep_file
from bot.services.open_case import open_case
from bot.services.ports import Say
from bot.services.post import note, post
from bot.services.record_event import NewEvent
from bot.storage import tables as t
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.desk import Customer, Desk, serve
from tests.integration.browser import make_user, signed_in

# Whatever of these is found after an erasure was forgotten; each is in several places.
TRACES = ("zelda", "zoulou", "33712345678", "12 rue des lilas", "klingelt", "lucien")
PHONE = "+33712345678"


@dataclass
class Somebody:
    """A customer about whom every table has a row."""

    customer: Customer
    shipment: Shipment
    digest: str

    @property
    def id(self) -> UUID:
        return self.customer.contact.id

    @property
    def page(self) -> str:
        return f"/console/person/{self.id}"


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
async def zelda(desk: Desk) -> Somebody:
    return await everything_about_zelda(desk, Status.delivered)


async def everything_about_zelda(desk: Desk, last: Status) -> Somebody:
    customer = await desk.customer(
        "Zelda Zoulou", PHONE, "whatsapp", "fr", email="Zelda@zoulou.example"
    )
    told: dict[str, Any] = {
        "courier_name": "Lucien", "courier_phone": "+33799999999", "description": "Zelda, niemand klingelt",
        "details": {"proof": {"signed_by": "Zoulou"}, "courier_id": "c-7", "depot": "Lyon Sud"},
        "raw": {"recipient": "Zelda Zoulou"},
    }  # fmt: skip
    shipment = await desk.parcel(
        customer, "Zelda's curtains", [(Status.attempt_failed, 30, told), (last, 2, told)],
        [(RequestKind.access_note, RequestState.accepted, {"note": "Zoulou klingelt", "reason": "Zelda"}),
         (RequestKind.contactless, RequestState.requested, {"work_due_at": desk.today(4)})],
    )  # fmt: skip
    raw = {"from": PHONE, "profile": {"name": "Zelda"}}
    said = await desk.says(
        customer, "Ici Zelda Zoulou", kind="image", raw=raw, variables={"id": PHONE},
        understood={"intent": "greet", "entities": ["Zelda"]}, provider_ids=[PHONE],
    )  # fmt: skip
    await desk.message(customer, Author.bot, "Bonjour Zelda", payloads=[{"to": PHONE}], error=PHONE)
    now = desk.application.clock.now()
    async with desk.application.database() as unit:
        talk = await desk.stored(unit, customer)
        file = b"\x89PNG\r\n\x1a\n of " + new_id().bytes
        await keep_file(unit, desk.application.files, said, file, now)
        digest = hashlib.sha256(file).hexdigest()
        await post(
            unit, talk, customer.identity, now, author=Author.flow,
            say=Say("greet", {"name": "Zelda"}, ({"shown": "Zelda"},), {"slots": {"n": "Zoulou"}}),
        )  # fmt: skip
        await note(unit, talk, now, "also_wanted", words="Zoulou", kind="reschedule")
        await stop(unit, customer.contact, "sms", "words", "Zelda says stop", now)
        await stop(unit, customer.contact, "", "words", "no surveys", now, purpose="feedback")
        talk.tags = ["Zelda again"]
        case = await open_case(unit, talk, "complain", now)
        case.settled = "Zoulou was paid back"
        event = (await unit.shipments.history(desk.merchant_id, shipment.id))[0]
        stored_ = await unit.shipments.get(desk.merchant_id, shipment.id)
        stored_.address = {**stored_.address, "latitude": 45.7, "longitude": 4.8}
        await claim_attempt(unit, stored_, event, now)
        await customer_says(unit, stored_, CustomerSays.was_in, now)
        unit.add(
            Survey(
                id=new_id(), merchant_id=desk.merchant_id, contact_id=customer.contact.id,
                shipment_id=shipment.id, asked_at=now, score=3, comment="Zelda is not amused",
            ),
            AccessCode(
                id=new_id(), merchant_id=desk.merchant_id, shipment_id=shipment.id,
                conversation_id=talk.id, created_at=now, wish="reschedule_delivery",
            ),
        )  # fmt: skip
        account = await unit.accounts.of(desk.merchant_id, "channel", "sms")
        assert account is not None
        await unit.unclaimed.keep(
            UnclaimedEvent(
                new_id(), desk.merchant_id, account.id, shipment.tracking_number, "k",
                {"name": "Zelda"}, now,
            )
        )  # fmt: skip
        await unit.commit()
    return Somebody(customer, shipment, digest)


async def traces(desk: Desk) -> list[str]:
    """Every row of the shop, in any table, that still says something of Zelda."""
    found: list[str] = []
    async with desk.application.database() as unit:
        for table in t.metadata.sorted_tables:
            if "merchant_id" not in table.c:
                continue
            row = func.lower(cast(func.to_jsonb(text(f'"{table.name}".*')), SqlText))
            query = select(row).select_from(table).where(table.c.merchant_id == desk.merchant_id)
            for words in await unit.session.scalars(query):
                found += [f"{table.name}: {words}" for trace in TRACES if trace in words]
    return found


async def rows_of(desk: Desk, table: Any, condition: Any) -> list[Any]:
    async with desk.application.database() as unit:
        return list((await unit.session.execute(select(table).where(condition))).all())


class TestExport:
    async def test_it_holds_everything_and_is_proved(self, desk: Desk, zelda: Somebody) -> None:
        async with signed_in(desk, Role.supervisor) as (page, user):
            page_before = await page.read(zelda.page)
            assert "Zelda Zoulou" in page_before
            response = await page.post(f"{zelda.page}/export")
            body = await response.read()
            assert "attachment" in response.headers["Content-Disposition"]
        told = json.loads(body)["tables"]
        for table in (
            *("contacts", "identities", "messages", "media", "shipments", "tracking_events"),
            *("delivery_requests", "surveys", "consents", "attempts", "questions"),
            *("conversations", "access_codes", "unclaimed_events"),
        ):
            assert told[table], table
        assert told["contacts"][0]["phone"] == PHONE
        assert [m["text"] for m in told["messages"] if m["author"] == "customer"] == [
            "Ici Zelda Zoulou"
        ]
        assert told["media"][0]["digest"] == zelda.digest
        async with desk.application.database() as unit:
            (proof,) = await unit.personal.proofs(desk.merchant_id, zelda.id)
        assert (proof.kind, proof.actor) == (ProofKind.exported, f"user:{user.id}")
        assert proof.digest == hashlib.sha256(body).hexdigest()
        assert proof.counts["messages"] == len(told["messages"])
        assert proof.counts["files"] == 1

    async def test_another_s_data_is_not_in_it(self, desk: Desk, zelda: Somebody) -> None:
        other = await desk.customer("Yvonne", "+33788888888")
        await desk.says(other, "a secret of Yvonne")
        made = await desk.application.services.export_person(None, desk.merchant_id, zelda.id)
        assert b"Yvonne" not in made.document


class TestErasure:
    async def test_nothing_of_the_person_is_left_in_any_table(
        self, desk: Desk, zelda: Somebody
    ) -> None:
        # Otherwise this would be no test: there is something to forget wherever words are.
        assert {row.partition(":")[0] for row in await traces(desk)} == {
            *("contacts", "identities", "shipments", "tracking_events", "attempts", "messages"),
            *("questions", "delivery_requests", "surveys", "consents", "unclaimed_events"),
            *("conversations", "cases"),
        }
        assert desk.application.files.path(zelda.digest).exists()
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        assert await traces(desk) == []
        assert not desk.application.files.path(zelda.digest).exists()

    async def test_what_must_be_kept_is_kept(self, desk: Desk, zelda: Somebody) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        (parcel,) = await rows_of(desk, t.shipments, t.shipments.c.id == zelda.shipment.id)
        assert (parcel.status, parcel.reference) == (Status.delivered, zelda.shipment.reference)
        assert parcel.address == {}
        events = await rows_of(
            desk, t.tracking_events, t.tracking_events.c.shipment_id == zelda.shipment.id
        )
        assert sorted(event.status for event in events) == ["attempt_failed", "delivered"]
        (attempt,) = await rows_of(desk, t.attempts, t.attempts.c.shipment_id == zelda.shipment.id)
        assert attempt.reasons
        assert attempt.evidence["address"] is None
        requests = await rows_of(
            desk, t.delivery_requests, t.delivery_requests.c.shipment_id == zelda.shipment.id
        )
        # What somebody was to arrange by hand is on nobody's list any more.
        assert {one.state for one in requests} == {RequestState.accepted, RequestState.expired}
        (survey,) = await rows_of(desk, t.surveys, t.surveys.c.contact_id == zelda.id)
        assert (survey.score, survey.comment) == (3, "")

    async def test_nothing_more_is_sent_or_answered(self, desk: Desk, zelda: Somebody) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        talk = zelda.customer.conversation.id
        messages = await rows_of(desk, t.messages, t.messages.c.conversation_id == talk)
        states = {message.status for message in messages}
        assert not states & {MessageStatus.queued, MessageStatus.parked}
        assert all(m.answered_at for m in messages if m.author is Author.customer)
        for message in messages:
            if message.author in {Author.customer, Author.system}:
                continue
            # A job that was waiting, or that runs once more; the provider cannot be reached here.
            await desk.application.services.deliver(desk.merchant_id, message.id)

    async def test_who_of_the_shop_did_what_is_still_said(
        self, desk: Desk, zelda: Somebody
    ) -> None:
        async with signed_in(desk, Role.supervisor) as (page, _):
            await page.post(f"{zelda.customer.page}/take")
            await page.post(f"{zelda.customer.page}/hand-back", settled="Zelda is happy")
            await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
            shown = await page.read(zelda.customer.page)
            assert "Bea Okafor took over" in shown
            assert "Zelda" not in shown
            assert "[erased]" in shown
            await page.post(f"{zelda.customer.page}/take")
            sent = await page.post(
                f"{zelda.customer.page}/reply", text="anybody there?", draft=str(new_id())
            )
            assert sent.status == 409
            assert "There is no address" in await sent.text()

    async def test_the_pages_still_open(self, desk: Desk, zelda: Somebody) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        async with signed_in(desk, Role.supervisor) as (page, _):
            (attempt,) = await rows_of(
                desk, t.attempts, t.attempts.c.shipment_id == zelda.shipment.id
            )
            for path in (
                *("/console", "/console/attempts", zelda.page, zelda.customer.page),
                f"/console/attempts/{attempt.id}",
            ):
                assert "zoulou" not in (await page.read(path)).lower()

    async def test_it_is_confirmed_audited_and_proved(self, desk: Desk, zelda: Somebody) -> None:
        before = await desk.application.services.export_person(None, desk.merchant_id, zelda.id)
        async with signed_in(desk, Role.supervisor) as (page, user):
            wrong = await page.post(f"{zelda.page}/erase", confirm="yes")
            assert wrong.status == 422
            assert await traces(desk)
            done = await page.post(f"{zelda.page}/erase", confirm=zelda.id.hex[-6:].upper())
            assert done.status == 303
            assert "Bea Okafor" in await page.read(zelda.page)
            async with desk.application.database() as unit:
                proof = (await unit.personal.proofs(desk.merchant_id, zelda.id))[0]
                entry = await unit.session.scalar(
                    select(AuditEntry).where(
                        t.audit.c.subject == f"contact:{zelda.id}",
                        t.audit.c.action == "person_erased",
                    )
                )
            kept = await (await page.get(f"/console/proofs/{proof.id}.json")).json()
        assert entry is not None
        assert entry.actor == kept["by"] == f"user:{user.id}"
        assert (kept["done"], kept["rows"]["media"]) == ("erased", 1)
        # The earlier export and its own proof are part of what was there.
        assert kept["sha256_of_export"] != before.proof.digest
        assert kept["at"] == desk.application.clock.now().isoformat()

    async def test_a_parcel_on_its_way_is_asked_about(self, desk: Desk) -> None:
        zelda = await everything_about_zelda(desk, Status.out_for_delivery)
        erase = desk.application.services.erase_person
        with pytest.raises(Refused, match="parcel_under_way"):
            await erase(None, desk.merchant_id, zelda.id)
        assert await traces(desk)
        await erase(None, desk.merchant_id, zelda.id, under_way=True)
        assert await traces(desk) == []

    async def test_what_the_carrier_tells_later_is_not_told_on_and_goes_too(
        self, desk: Desk
    ) -> None:
        zelda = await everything_about_zelda(desk, Status.out_for_delivery)
        services, now = desk.application.services, desk.application.clock.now()
        await services.erase_person(None, desk.merchant_id, zelda.id, under_way=True)
        talk = t.messages.c.conversation_id == zelda.customer.conversation.id
        before = len(await rows_of(desk, t.messages, talk))
        late = NewEvent("api", "late", Status.delivered, now, description="left with Zelda")
        await services.record_events(desk.merchant_id, zelda.shipment.reference, [late])
        runs = await rows_of(desk, t.flow_runs, t.flow_runs.c.shipment_id == zelda.shipment.id)
        assert runs
        for run in runs:
            await services.advance_flow(desk.merchant_id, run.id, run.step)
        assert len(await rows_of(desk, t.messages, talk)) == before
        assert await traces(desk)
        await services.erase_person.again()
        assert await traces(desk) == []

    async def test_a_file_that_another_sent_too_stays(self, desk: Desk, zelda: Somebody) -> None:
        other = await desk.customer("Yvonne", "+33788888888")
        said = await desk.says(other, "the same picture", kind="image")
        files = desk.application.files
        async with desk.application.database() as unit:
            await keep_file(
                unit,
                files,
                said,
                files.path(zelda.digest).read_bytes(),
                desk.application.clock.now(),
            )
            await unit.commit()
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        assert files.path(zelda.digest).exists()

    async def test_what_a_job_wrote_meanwhile_goes_the_next_day(
        self, desk: Desk, zelda: Somebody
    ) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        await desk.message(zelda.customer, Author.bot, "Bonjour Zelda")
        assert await traces(desk)
        await desk.application.services.erase_person.again()
        assert await traces(desk) == []

    async def test_the_engine_forgets_too(self, desk: Desk, zelda: Somebody) -> None:
        talk = zelda.customer.conversation.id
        async with desk.application.database() as unit:
            await unit.session.execute(
                text("CREATE TABLE IF NOT EXISTS rasa.events (sender_id text, data text)")
            )
            await unit.session.execute(
                text("INSERT INTO rasa.events VALUES (:a, 'Zelda'), ('other.1', 'x')"),
                {"a": f"{talk}.1"},
            )
            await unit.commit()
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        async with desk.application.database() as unit:
            left = (await unit.session.scalars(text("SELECT sender_id FROM rasa.events"))).all()
            await unit.session.execute(text("DROP TABLE rasa.events"))
            await unit.commit()
        assert list(left) == ["other.1"]

    async def test_another_merchant_s_person_is_not_there(
        self, desk: Desk, zelda: Somebody, application: Application, tmp_path: Path
    ) -> None:
        other = await seed_shop(application, tmp_path)
        for act in (application.services.export_person, application.services.erase_person):
            with pytest.raises(NotFound):
                await act(None, other.merchant.id, zelda.id)

    async def test_an_agent_may_neither(self, desk: Desk, zelda: Somebody) -> None:
        agent = await make_user(desk, Role.agent)
        for act in (
            desk.application.services.export_person,
            desk.application.services.erase_person,
        ):
            with pytest.raises(Refused, match="not_your_right"):
                await act(agent, desk.merchant_id, zelda.id)


class TestRefusals:
    async def test_who_wanted_no_messages_wants_none_when_they_come_back(
        self, desk: Desk, zelda: Somebody
    ) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        given = ShipmentIn.model_validate(
            {
                "tracking_number": "N1",
                "carrier": "generic",
                "recipient": {"name": "Z", "phone": PHONE},
            }
        )
        made = await desk.application.services.record_shipment(
            desk.shop.merchant, "ML-new", given, announce=False
        )
        assert made.contact is not None
        assert made.contact.id != zelda.id
        async with desk.application.database() as unit:

            async def may(channel: str, purpose: Purpose) -> bool:
                assert made.contact is not None
                return await may_send(unit, desk.merchant_id, made.contact.id, channel, purpose)

            assert not await may("sms", Purpose.service)
            assert not await may("whatsapp", Purpose.feedback)
            assert await may("whatsapp", Purpose.service)

    async def test_the_digest_tells_nothing_and_is_of_one_merchant(
        self, desk: Desk, zelda: Somebody, application: Application
    ) -> None:
        await desk.application.services.erase_person(None, desk.merchant_id, zelda.id)
        kept = await rows_of(desk, t.opt_outs, t.opt_outs.c.merchant_id == desk.merchant_id)
        assert {(row.channel, row.purpose) for row in kept} == {("sms", ""), ("", "feedback")}
        assert hashlib.sha256(PHONE.encode()).hexdigest() not in {row.digest for row in kept}
        async with application.database() as unit:
            assert await unit.personal.refusals(new_id(), [PHONE]) == []
            assert await unit.personal.refusals(desk.merchant_id, [PHONE]) != []
