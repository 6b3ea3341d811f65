"""The stand-in of WhatsApp's Cloud API: limits, window, signatures, statuses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.config import Demo, Options
from sandbox.contracts import whatsapp as contract
from sandbox.testing import (
    Heard,
    ListeningGateway,
    Sandbox,
    listening_gateway,
    running,
    signed_by,
)

EMMA = "+447700900123"
ACCOUNT = Demo.example().whatsapp


@pytest.fixture
async def gateway() -> AsyncIterator[ListeningGateway]:
    async with listening_gateway() as listening:
        yield listening


@pytest.fixture
async def sandbox(gateway: ListeningGateway) -> AsyncIterator[Sandbox]:
    async with running(Demo.example(gateway.url), Options(retry_base=0.05)) as started:
        yield started


async def post(
    sandbox: Sandbox, body: Any, token: str = ACCOUNT.access_token, path: str = ""
) -> tuple[int, Any]:
    url = f"{sandbox.url}/whatsapp/v23.0/{path or ACCOUNT.phone_number_id + '/messages'}"
    headers = {"Authorization": f"Bearer {token}"}
    async with sandbox.session.post(url, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


def text(body: str = "hello", **more: Any) -> dict[str, Any]:
    head = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": EMMA}
    return {**head, "type": "text", "text": {"body": body}, **more}


def interactive(content: dict[str, Any]) -> dict[str, Any]:
    head = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": EMMA}
    return {**head, "type": "interactive", "interactive": content}


def buttons(titles: list[str], body: str = "Keep it?") -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": f"id-{n}", "title": title}}
        for n, title in enumerate(titles)
    ]
    return interactive({"type": "button", "body": {"text": body}, "action": {"buttons": replies}})


def listing(titles: list[str]) -> dict[str, Any]:
    rows = [{"id": f"row-{n}", "title": title} for n, title in enumerate(titles)]
    sections = [{"title": "Times", "rows": rows}]
    action = {"button": "Choose", "sections": sections}
    return interactive({"type": "list", "body": {"text": "When?"}, "action": action})


def values(heard: list[Heard], key: str) -> list[dict[str, Any]]:
    found = [hook.json["entry"][0]["changes"][0]["value"] for hook in heard]
    return [item for value in found for item in value.get(key, [])]


async def open_window(sandbox: Sandbox, gateway: ListeningGateway) -> None:
    await sandbox.say(EMMA, "whatsapp", text="hi")
    await sandbox.idle()
    gateway.heard.clear()


async def test_a_text_is_delivered_read_and_reported_with_our_own_id(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await open_window(sandbox, gateway)
    status, answer = await post(sandbox, text(biz_opaque_callback_data="our-id"))
    await gateway.until(lambda heard: len(heard) == 3)

    assert status == 200
    assert answer["contacts"][0]["wa_id"] == "447700900123"
    wamid = answer["messages"][0]["id"]
    statuses = values(gateway.heard, "statuses")
    assert [item["status"] for item in statuses] == ["sent", "delivered", "read"]
    assert {item["id"] for item in statuses} == {wamid}
    assert {item["biz_opaque_callback_data"] for item in statuses} == {"our-id"}
    for hook in gateway.heard:
        assert hook.path == f"/webhooks/whatsapp/{ACCOUNT.account_id}"
        assert hook.headers["X-Hub-Signature-256"] == signed_by(ACCOUNT.app_secret, hook.body)
        contract.payload_validator().validate(hook.json)
    assert (await sandbox.hear(EMMA, "whatsapp"))[0]["status"] == "read"


async def test_outside_the_window_text_is_accepted_and_then_fails(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    status, _ = await post(sandbox, text())
    await gateway.until(lambda heard: len(heard) == 1)

    assert status == 200
    (failed,) = values(gateway.heard, "statuses")
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)
    assert await sandbox.hear(EMMA, "whatsapp", wait=0) == []


async def test_the_window_closes_24_hours_after_the_last_message(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await open_window(sandbox, gateway)
    await sandbox.advance("PT23H59M")
    await post(sandbox, text("still open"))
    await sandbox.advance("PT2M")
    await post(sandbox, text("closed"))
    template = {"name": "parcel_today", "language": {"code": "en"}}
    head = {"messaging_product": "whatsapp", "to": EMMA, "type": "template"}
    await post(sandbox, {**head, "template": template})
    await sandbox.idle()

    heard = [message["text"] for message in await sandbox.hear(EMMA, "whatsapp")]
    assert heard == ["still open", "parcel_today"]


async def test_buttons_are_tapped_by_title_in_any_case_or_by_id(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await open_window(sandbox, gateway)
    _, asked = await post(sandbox, buttons(["Keep it", "Move it"]))
    await sandbox.say(EMMA, "whatsapp", choose="MOVE IT")
    await sandbox.say(EMMA, "whatsapp", choose="id-0")
    await sandbox.idle()

    first, second = values(gateway.heard, "messages")
    assert first["interactive"]["button_reply"] == {"id": "id-1", "title": "Move it"}
    assert first["context"]["id"] == asked["messages"][0]["id"]
    assert second["interactive"]["button_reply"]["id"] == "id-0"
    assert first["from"] == "447700900123"
    assert first["from_user_id"].startswith("GB.")


async def test_a_list_is_answered_by_a_list_reply(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    await open_window(sandbox, gateway)
    await post(sandbox, listing(["Tomorrow 10-12", "Tomorrow 18-20"]))
    (shown,) = await sandbox.hear(EMMA, "whatsapp")
    await sandbox.say(EMMA, "whatsapp", choose="tomorrow 18-20")
    await sandbox.idle()

    assert [option["id"] for option in shown["options"]] == ["row-0", "row-1"]
    (reply,) = values(gateway.heard, "messages")
    assert reply["interactive"]["list_reply"]["id"] == "row-1"


async def test_what_is_not_on_offer_cannot_be_chosen(sandbox: Sandbox) -> None:
    with pytest.raises(Exception, match="409"):
        await sandbox.say(EMMA, "whatsapp", choose="Move it")


async def test_media_and_locations_come_as_meta_sends_them(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    for media in ("image", "voice", "sticker"):
        await sandbox.say(EMMA, "whatsapp", media=media)
    await sandbox.say(EMMA, "whatsapp", location=[51.5, -0.12])
    await sandbox.idle()

    image, voice, sticker, place = values(gateway.heard, "messages")
    assert [m["type"] for m in (image, voice, sticker)] == ["image", "audio", "sticker"]
    assert voice["audio"]["voice"] is True
    assert place["location"] == {"latitude": 51.5, "longitude": -0.12}
    url = f"{sandbox.url}/whatsapp/v23.0/{image['image']['id']}"
    headers = {"Authorization": f"Bearer {ACCOUNT.access_token}"}
    async with sandbox.session.get(url, headers=headers) as answer:
        found = await answer.json()
    async with sandbox.session.get(found["url"], headers=headers) as answer:
        assert len(await answer.read()) == found["file_size"]


@pytest.mark.parametrize(
    ("body", "code", "counted"),
    [
        (text("x" * 4097), 100, False),
        (text(""), 100, False),
        (text(colour="red"), 100, True),
        ({"messaging_product": "whatsapp", "to": EMMA, "type": "text"}, 100, True),
        (buttons(["1", "2", "3", "4"]), 100, True),
        (buttons(["x" * 21]), 100, True),
        (buttons(["same", "same"]), 131009, False),
        (buttons(["ok"], body="x" * 1025), 100, True),
        (listing([f"row {n}" for n in range(11)]), 100, True),
        (listing(["x" * 25]), 100, True),
        ([], 100, True),
    ],
)
async def test_metas_limits(sandbox: Sandbox, body: Any, code: int, counted: bool) -> None:
    status, answer = await post(sandbox, body)

    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["type"] == "OAuthException"
    assert len(await sandbox.violations()) == counted


async def test_rows_are_counted_over_all_sections(sandbox: Sandbox) -> None:
    body = listing([f"row {n}" for n in range(6)])
    sections = body["interactive"]["action"]["sections"]
    more = [{"id": f"more-{n}", "title": f"more {n}"} for n in range(5)]
    sections.append({"title": "More", "rows": more})

    status, answer = await post(sandbox, body)

    assert (status, answer["error"]["code"]) == (400, 131009)


async def test_a_wrong_token_and_a_foreign_number_are_refused(sandbox: Sandbox) -> None:
    assert (await post(sandbox, text(), token="EAAwrong"))[1]["error"]["code"] == 190
    status, answer = await post(sandbox, text(), path="1234/messages")
    assert (status, answer["error"]["error_subcode"]) == (400, 33)


async def test_reading_turns_the_customers_ticks_blue(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    said = await sandbox.say(EMMA, "whatsapp", text="hi")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}

    assert await post(sandbox, {**read, "typing_indicator": {"type": "text"}}) == (
        200,
        {"success": True},
    )
    (own,) = (await sandbox.ask("GET", f"/phones/{EMMA}/whatsapp"))["messages"]
    assert own["status"] == "read"
    assert await sandbox.violations() == []


async def test_templates_once_registered_are_held_to_their_words(sandbox: Sandbox) -> None:
    head = {"messaging_product": "whatsapp", "to": EMMA, "type": "template"}
    components = [
        {"type": "BODY", "text": "Hello {{1}}, your {{2}} comes today."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Move it"}]},
    ]
    asked = {"name": "today", "language": "en", "category": "UTILITY", "components": components}
    path = f"{ACCOUNT.business_account_id}/message_templates"
    assert (await post(sandbox, asked, path=path))[1]["status"] == "APPROVED"

    def template(name: str, *words: str) -> dict[str, Any]:
        parameters = [{"type": "text", "text": word} for word in words]
        body = [{"type": "body", "parameters": parameters}]
        found = {"name": name, "language": {"code": "en"}, "components": body}
        return {**head, "template": found}

    assert (await post(sandbox, template("today", "Emma", "lamp")))[0] == 200
    assert (await post(sandbox, template("today", "Emma")))[1]["error"]["code"] == 132000
    assert (await post(sandbox, template("other")))[1]["error"]["code"] == 132001
    assert (await post(sandbox, template("today", "a\nb", "c")))[1]["error"]["code"] == 132018
    (shown,) = await sandbox.hear(EMMA, "whatsapp")
    assert shown["text"] == "Hello Emma, your lamp comes today."
    assert [option["title"] for option in shown["options"]] == ["Move it"]


async def test_refused_webhooks_are_repeated_until_taken(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    gateway.status = 503
    await sandbox.say(EMMA, "whatsapp", text="hi")
    await gateway.until(lambda heard: len(heard) == 3)
    gateway.status = 200
    await sandbox.idle()

    assert len({message["id"] for message in values(gateway.heard, "messages")}) == 1
    log = await sandbox.log(provider="whatsapp", direction="out", kind="message")
    assert [entry["status"] for entry in log][-1] == 200
    assert [entry["attempt"] for entry in log] == list(range(1, len(log) + 1))


async def test_a_duplicate_arrives_twice_at_once(
    sandbox: Sandbox, gateway: ListeningGateway
) -> None:
    gateway.delay = 0.2
    await sandbox.fault("whatsapp", "duplicate")
    await sandbox.say(EMMA, "whatsapp", text="hi")
    await gateway.until(lambda heard: len(heard) == 2, seconds=0.15)

    first, second = values(gateway.heard, "messages")
    assert first == second


async def test_faults_take_metas_form(sandbox: Sandbox) -> None:
    await sandbox.fault("whatsapp", "rate_limit")
    assert (await post(sandbox, text()))[1]["error"]["code"] == 130429
    await sandbox.fault("whatsapp", "error")
    assert (await post(sandbox, text()))[0] == 500


async def test_the_challenge_is_asked_at_start(sandbox: Sandbox) -> None:
    for _ in range(200):
        asked = await sandbox.log(provider="whatsapp", kind="challenge")
        if asked and asked[0]["note"]:
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("the challenge was never asked")
    assert asked[0]["note"] == "echoed"


async def test_a_file_by_its_link_is_on_the_phone(sandbox: Sandbox) -> None:
    await sandbox.say(EMMA, "whatsapp", text="hello")
    link = "https://shop.example/f/abc"
    file = {"link": link, "filename": "invoice.pdf", "caption": "Yours"}
    status, _ = await post(sandbox, {**text(), "type": "document", "document": file, "text": None})
    assert status == 400, "a file has no text beside its caption"
    body = {name: value for name, value in text().items() if name != "text"}
    status, _ = await post(sandbox, {**body, "type": "document", "document": file})
    assert status == 200
    shown = (await sandbox.hear(EMMA, "whatsapp"))[-1]
    assert (shown["media"], shown["file"], shown["text"]) == ("document", link, "Yours")
