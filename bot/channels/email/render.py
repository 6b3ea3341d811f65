"""A worded message as a mail: plain text and HTML with the merchant's look."""

import re
from html import escape
from typing import Any

from bot.channels.base import ANY_FILE, Account, Attachment, Frame, Option, Worded
from bot.channels.text import tidy

TEXT_LIMIT = 20_000
BUTTONS = 20
TITLE_LIMIT = 80
ATTACHMENTS = {ANY_FILE: 7 * 2**20}
"""In a mail a file is a third larger, and many servers take 10 MB."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT_COLOUR = "#2b5f75"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_LIGHT = 150
"""Brightness (0 to 255) from which dark words are read better than white ones."""


def render(account: Account, message: Worded) -> list[dict[str, Any]]:
    """Return one mail as `{"subject", "text", "html", ...}`; nothing to say is no mail."""
    text = message.text.strip()
    options = [
        Option(clean.id, clean.title, option.url)
        for clean, option in zip(tidy(message.options), message.options, strict=True)
    ]
    file = message.attachment
    if not text and not options and file is None:
        return []
    frame = message.frame
    if frame is None:
        raise ValueError("a mail needs its frame")
    return [
        {
            "subject": " ".join(frame.subject.split()),
            "sender": " ".join(frame.sender.split()),
            "language": frame.language,
            "text": _plain(text, options, frame),
            "html": _html(account, text, options, frame),
            "thread": frame.thread.hex,
            "at": frame.at.isoformat(),
            "answers": frame.answers,
            "reply_token": frame.reply_token,
            "refuse_url": frame.refuse_url,
            **({"file": _file(file)} if file else {}),
        }
    ]


def _file(file: Attachment) -> dict[str, str]:
    """What is to be put in when the mail is sent: `content` is its bytes then."""
    return {"digest": file.digest, "content_type": file.content_type, "name": file.name}


def _plain(text: str, options: list[Option], frame: Frame) -> str:
    choices = "\n".join(f"{place} {o.title}: {o.url}" for place, o in enumerate(options, 1))
    foot = f"-- \n{frame.sender}\n{frame.refuse_label}: {frame.refuse_url}"
    return "\n\n".join(part for part in (frame.reply_line, text, choices, foot) if part) + "\n"


def _html(account: Account, text: str, options: list[Option], frame: Frame) -> str:
    colour = account.options.get("colour", "")
    colour = colour if _COLOUR.fullmatch(colour) else _DEFAULT_COLOUR
    words = "".join(f'<p style="margin:0 0 14px">{_linked(p)}</p>' for p in text.split("\n\n"))
    buttons = "".join(_button(option, colour) for option in options)
    return (
        f'<!doctype html><html lang="{escape(frame.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" '
        f'content="light dark"><title>{escape(frame.subject)}</title></head>'
        '<body style="margin:0;padding:16px;font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,'
        'Arial,sans-serif;color:#1d2329;background:#f3f4f5">'
        f'<p style="margin:0 auto 8px;max-width:560px;font-size:12px;color:#6b7680">'
        f"{escape(frame.reply_line)}</p>"
        '<div style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:10px;'
        f'overflow:hidden;border-top:6px solid {colour}"><div style="padding:22px 24px 10px">'
        f"{_head(account, frame)}{words}{buttons}</div></div>"
        '<p style="margin:12px auto 0;max-width:560px;font-size:12px;color:#6b7680">'
        f'{escape(frame.sender)} · <a style="color:#6b7680" href="{escape(frame.refuse_url)}">'
        f"{escape(frame.refuse_label)}</a></p></body></html>"
    )


def _head(account: Account, frame: Frame) -> str:
    logo = account.options.get("logo_url", "")
    if logo.startswith("https://"):
        image = (
            f'<img src="{escape(logo)}" alt="{escape(frame.sender)}" height="32" style="border:0">'
        )
        return f'<p style="margin:0 0 16px">{image}</p>'
    return f'<p style="margin:0 0 16px;font-weight:600">{escape(frame.sender)}</p>'


def _button(option: Option, colour: str) -> str:
    return (
        f'<p style="margin:0 0 10px"><a href="{escape(option.url)}" style="display:inline-block;'
        f"padding:10px 18px;border-radius:8px;text-decoration:none;font-weight:600;"
        f'background:{colour};color:{_readable_on(colour)}">{escape(option.title)}</a></p>'
    )


def _readable_on(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#1d2329" if (299 * red + 587 * green + 114 * blue) / 1000 > _LIGHT else "#ffffff"


def _linked(paragraph: str) -> str:
    """Escape words, and make links of what are addresses."""
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(paragraph):
        url = escape(found[0])
        parts += [escape(paragraph[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(paragraph[end:])]).replace("\n", "<br>")
