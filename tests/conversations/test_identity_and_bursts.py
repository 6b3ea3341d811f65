"""Strangers and codes, bursts, consent words, languages: through the phones, as stored."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.stack import ROOT, Phone, Shopkeeper, Stack, until

Phones = Callable[..., Phone]


def contact(stack: Stack, phone: str) -> dict[str, object]:
    [row] = stack.rows("SELECT * FROM contacts WHERE phone = %s", phone)
    return row


@pytest.mark.parametrize(
    ("ask", "yes", "language", "wish"),
    [
        ("where is parcel {}?", "yes please", "en", "lamp"),
        ("où est le colis {} ?", "oui merci", "fr", "lamp"),
    ],
)
async def test_a_stranger_proves_the_parcel_is_theirs_by_the_owners_code(
    shop: Shopkeeper, phone: Phones, stack: Stack, ask: str, yes: str, language: str, wish: str
) -> None:
    owner, stranger = phone("sms"), phone("sms")
    number = f"SW{owner.number[-9:]}9"
    await shop.ship(owner.number, language, tracking_number=number)
    coarse = await stranger.say(ask.format(number))
    assert wish not in coarse.lower()
    assert not re.search(r"\d{6}", await stranger.say(yes))
    [told] = await owner.next()
    [code] = re.findall(r"\b\d{6}\b", told["text"])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "4" in await stranger.say(wrong)
    await stranger.write(text=code)
    opened = "\n".join(m["text"] for m in await stranger.next(2))
    assert wish in opened.lower()
    [row] = stack.rows(
        "SELECT a.wrong, a.used_at, g.expires_at - g.created_at AS lasts FROM access_codes a"
        " JOIN shipments s ON s.id = a.shipment_id"
        " JOIN parcel_grants g ON g.shipment_id = s.id AND g.conversation_id = a.conversation_id"
        " WHERE s.tracking_number = %s",
        number,
    )
    assert (row["wrong"], row["lasts"].total_seconds()) == (1, 24 * 3600)
    assert row["used_at"]
    kept = stack.rows("SELECT text, payloads FROM messages WHERE say = 'code_message'")
    assert all(code not in f"{m['text']}{m['payloads']}" for m in kept)


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        (("hello there", "it's about my lamp", "where is it?"), "en"),
        (("bonjour à vous", "c'est pour ma lampe", "elle est où ?"), "fr"),
    ],
)
async def test_a_burst_loses_nothing_and_every_line_is_answered(
    shop: Shopkeeper, phone: Phones, stack: Stack, lines: tuple[str, ...], language: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    for line in lines:
        await me.write(text=line)
    await me.next()

    def all_answered() -> bool:
        rows = stack.rows(
            "SELECT m.answered_at, m.answers_with FROM messages m"
            " JOIN conversations v ON v.id = m.conversation_id"
            " JOIN contacts c ON c.id = v.contact_id"
            " WHERE c.phone = %s AND m.author = 'customer'",
            me.number,
        )
        return len(rows) == 3 and all(row["answered_at"] for row in rows)

    await until(all_answered)
    heads = stack.rows(
        "SELECT DISTINCT m.answers_with AS head, (SELECT count(*) FROM messages r"
        " WHERE r.in_reply_to = m.answers_with) AS replies FROM messages m"
        " JOIN conversations v ON v.id = m.conversation_id"
        " JOIN contacts c ON c.id = v.contact_id"
        " WHERE c.phone = %s AND m.author = 'customer'",
        me.number,
    )
    assert all(row["replies"] == 1 for row in heads), heads


@pytest.mark.parametrize(
    ("wish", "stop", "language"),
    [
        ("leave it with my neighbour Mrs Petit at number 14 please", "STOP", "en"),
        ("bitte beim Nachbarn Schmidt in Nr. 14 abgeben", "Abmelden", "de"),
    ],
)
async def test_stop_in_the_middle_of_a_form_is_confirmed_once(
    shop: Shopkeeper, phone: Phones, stack: Stack, wish: str, stop: str, language: str
) -> None:
    me = phone("whatsapp")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(stop)
    await me.write(text=stop)
    await me.quiet(2)
    left = stack.rows(
        "SELECT r.kind, r.state FROM delivery_requests r"
        " JOIN shipments s ON s.id = r.shipment_id WHERE s.reference = %s",
        reference,
    )
    assert [(row["kind"], row["state"]) for row in left] == [("neighbour", "expired")]
    ledger = stack.rows(
        "SELECT given FROM consents WHERE contact_id = %s", contact(stack, me.number)["id"]
    )
    assert [row["given"] for row in ledger] == [False]


@pytest.mark.parametrize(
    ("ask", "then", "code"),
    [("auf deutsch bitte", "where is my parcel please tell me", "de"),
     ("en español por favor", "where is my parcel please tell me", "es")],
)  # fmt: skip
async def test_a_language_that_was_asked_for_stays(
    shop: Shopkeeper, phone: Phones, stack: Stack, ask: str, then: str, code: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, "en")
    await me.say(ask)
    await me.say(then)
    row = contact(stack, me.number)
    assert (row["language"], row["language_fixed"]) == (code, True)


async def test_talk_shows_how_each_message_is_read(stack: Stack) -> None:
    ports = {
        "GATEWAY_PORT": stack.gateway.rpartition(":")[2],
        "SANDBOX_PORT": stack.sandbox.rpartition(":")[2],
    }
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "talk", "--language", "fr", "--channel", "whatsapp"],
        cwd=ROOT,
        env={**os.environ, "DOORSTEP_VAR": str(stack.var), **ports},
        input="où est mon colis ?\nSTOP\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\[track_parcel [01]\.\d\d\]", done.stdout)
    assert "Linen lamp" in done.stdout
    assert "not read" in done.stdout
