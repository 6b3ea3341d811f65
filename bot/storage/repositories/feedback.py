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

    async def consent(
        self, merchant_id: UUID, contact_id: UUID, channel: str, purpose: str
    ) -> Consent | None:
        known = ahead.of(self._session, ahead.CONSENTS, contact_id)
        if known is not ahead.NOTHING:
            return next(
                (one for one in known if _is_about(one, merchant_id, channel, purpose)), None
            )
        table = t.consents
        return await self._first(
            select(Consent)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.contact_id == contact_id,
                table.c.channel.in_(("", channel)),
                table.c.purpose.in_(("", purpose)),
            )
            .order_by(table.c.id.desc())
        )

    async def consents(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        table = t.consents.c
        return await self._all(
            select(Consent)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .order_by(table.id.desc())
            .limit(20)
        )

    async def refused(self, merchant_id: UUID, contact_id: UUID) -> Sequence[tuple[str, str]]:
        table = t.consents.c
        latest = (
            select(table.channel, table.purpose, table.given)
            .where(table.merchant_id == merchant_id, table.contact_id == contact_id)
            .ext(distinct_on(table.channel, table.purpose))
            .order_by(table.channel, table.purpose, table.id.desc())
            .subquery()
        )
        found = await self._session.execute(
            select(latest.c.channel, latest.c.purpose).where(~latest.c.given)
        )
        return [(row[0], row[1]) for row in found]


def _is_about(consent: Consent, merchant_id: UUID, channel: str, purpose: str) -> bool:
    where, what = consent.channel in {"", channel}, consent.purpose in {"", purpose}
    return consent.merchant_id == merchant_id and where and what
