"""Who an SMS is from, what it costs, and when it says how to stop."""

from decimal import Decimal
from uuid import UUID

import aiohttp
import pytest

from bot.channels.base import Account, Cost, Option, Sender, Worded
from bot.channels.rates import price
from bot.channels.sms import Sms
from bot.channels.sms.senders import sender
from bot.domain.consent import Purpose, stop_is_said

NUMBER = "+447700900900"
FRANCE, GERMANY = "+33639981234", "+4915112345678"


def account(**options: str) -> Account:
    return Account(UUID(int=1), "sms", NUMBER, {}, options)


@pytest.fixture
async def sms() -> Sms:
    async with aiohttp.ClientSession() as session:
        return Sms(session)


class TestSender:
    """A name where the merchant wants one, a number wherever somebody should answer."""

    def test_is_the_account_s_number(self) -> None:
        assert sender(account(), FRANCE, asks=False) == Sender(NUMBER)

    def test_is_a_name_in_its_country_alone(self) -> None:
        named = account(sender_FR="MAISONLUNE")
        assert sender(named, FRANCE, asks=False) == Sender("MAISONLUNE", answerable=False)
        assert sender(named, GERMANY, asks=False) == Sender(NUMBER)

    def test_a_question_can_be_answered(self) -> None:
        assert sender(account(sender_FR="MAISONLUNE"), FRANCE, asks=True) == Sender(NUMBER)

    @pytest.mark.parametrize("number", ["+33644630055", "36105"])
    def test_is_another_number(self, number: str) -> None:
        assert sender(account(sender_FR=number), FRANCE, asks=True) == Sender(number)

    @pytest.mark.parametrize("wrong", ["A NAME TOO LONG", "Été", "12"])
    def test_a_wrong_name_is_not_used(self, wrong: str, caplog: pytest.LogCaptureFixture) -> None:
        assert sender(account(sender_FR=wrong), FRANCE, asks=False) == Sender(NUMBER)
        assert "sender_FR" in caplog.text


class TestCost:
    """Known before it is sent."""

    async def test_counts_segments_at_the_country_s_price(self, sms: Sms) -> None:
        priced = account(price="0.05 EUR", price_FR="0.0740 eur")
        payloads = [{"body": "a" * 161}, {"body": "short"}]
        assert sms.cost(priced, FRANCE, payloads) == Cost(3, Decimal("0.2220"), "EUR")
        assert sms.cost(priced, GERMANY, payloads) == Cost(3, Decimal("0.15"), "EUR")

    async def test_without_a_price_only_the_segments_are_known(self, sms: Sms) -> None:
        assert sms.cost(account(), FRANCE, [{"body": "été 🎉"}]) == Cost(1)

    def test_a_wrong_price_is_named(self, caplog: pytest.LogCaptureFixture) -> None:
        assert price(account(price="cheap"), "price", FRANCE, 1) == Cost(1)
        assert "price: 'cheap' is no price like 0.0740 EUR" in caplog.text


async def test_the_footer_stands_below_the_choices(sms: Sms) -> None:
    worded = Worded("Shall I?", (Option("a", "Yes"), Option("b", "No")), footer="STOP to opt out")
    (payload,) = sms.render(account(), worded)
    assert payload == {"body": "Shall I?\n1 Yes\n2 No\nSTOP to opt out"}


def test_what_serves_the_parcel_needs_no_line() -> None:
    assert [purpose for purpose in Purpose if stop_is_said(purpose)] == ["feedback", "marketing"]
