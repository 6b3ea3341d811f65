"""Surveys and consents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Text,
    cast,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from bot.domain.consent import Consent
from bot.domain.shipment import Shipment
from bot.domain.survey import Survey
from bot.storage import ahead
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


class Feedback(Repository):
    async def survey(self, merchant_id: UUID, survey_id: UUID) -> Survey:
        table = t.surveys
        return await self._one(
            select(Survey).where(table.c.merchant_id == merchant_id, table.c.id == survey_id),
            "survey",
        )

    async def surveys(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Survey]:
        table = t.surveys
        return await self._all(
            select(Survey)
            .where(table.c.merchant_id == merchant_id, table.c.contact_id == contact_id)
            .order_by(table.c.id.desc())
        )

    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Survey]:
        table = t.surveys.c
        return await self._all(
            select(Survey)
            .where(table.merchant_id == merchant_id, table.shipment_id == shipment_id)
            .order_by(table.id)
        )

    async def asked_since(
        self, merchant_id: UUID, since: datetime
    ) -> Sequence[tuple[Survey, Shipment | None, str]]:
        surveys, messages = t.surveys.c, t.messages.c
        # The last message whose question holds the survey says where it was asked. All of them
        # are read at once: to look for each survey's by itself is to read all questions each time.
        named = t.questions.c.slots["survey"].as_string()
        asked_on = (
            select(named.label("survey"), messages.channel)
            .join(t.questions, t.questions.c.id == messages.question_id)
            .where(messages.merchant_id == merchant_id, messages.created_at >= since)
            .where(named.is_not(None))
            .order_by(named, messages.created_at.desc())
            .ext(distinct_on(named))
            .subquery()
        )
        rows = await self._session.execute(
            select(Survey, Shipment, asked_on.c.channel)
            .outerjoin(Shipment, t.shipments.c.id == surveys.shipment_id)
            .outerjoin(asked_on, asked_on.c.survey == cast(surveys.id, Text))
            .where(surveys.merchant_id == merchant_id, surveys.asked_at >= since)
            .order_by(surveys.asked_at)
        )
        return [(row[0], row[1], row[2] or "") for row in rows]

    async def ledger(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        known = ahead.of(self._session, ahead.CONSENTS, contact_id)
        if known is not ahead.NOTHING:
            return [one for one in known if one.merchant_id == merchant_id]
        table = t.consents.c
        said = (table.channel, table.purpose, table.given)
        latest = await self._all(
            select(Consent)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .ext(distinct_on(*said))
            .order_by(*said, table.id.desc())
        )
        return sorted(latest, key=lambda one: one.id, reverse=True)

    async def consents(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        table = t.consents.c
        return await self._all(
            select(Consent)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .order_by(table.id.desc())
            .limit(20)
        )
