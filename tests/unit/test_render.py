"""Fitting words into limits: segments, spelling, cutting, choices."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Option, Worded
from bot.channels.sms import render as sms
from bot.channels.sms.segments import Encoding, Segments, affordable, plain, segments
from bot.channels.telegram import render as telegram
from bot.channels.text import cut, ending, numbered, split, tidy, units, with_choices
from bot.channels.whatsapp import render as whatsapp

GSM7, UCS2 = Encoding.gsm7, Encoding.ucs2


def options(*titles: str) -> tuple[Option, ...]:
    return tuple(Option(f"id-{place}", title) for place, title in enumerate(titles))


class TestSegments:
    """What a text costs."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", Segments(0, GSM7)),
            ("a" * 160, Segments(1, GSM7)),
            ("a" * 161, Segments(2, GSM7)),
            ("a" * 306, Segments(2, GSM7)),
            ("a" * 307, Segments(3, GSM7)),
            ("€" * 80, Segments(1, GSM7)),
            ("€" * 81, Segments(2, GSM7)),
            # 152 places and an escape that would be cut in two: it goes to the next part.
            ("a" * 152 + "€" + "a" * 151, Segments(2, GSM7)),
            ("a" * 152 + "€" + "a" * 152, Segments(3, GSM7)),
            ("é" * 160, Segments(1, GSM7)),
            ("ê" * 70, Segments(1, UCS2)),
            ("ê" * 71, Segments(2, UCS2)),
            ("ê" * 134, Segments(2, UCS2)),
            ("ê" * 135, Segments(3, UCS2)),
            ("🎁" * 35, Segments(1, UCS2)),
            ("🎁" * 36, Segments(2, UCS2)),
            # 33 pairs fit into 67 units, one is left over.
            ("🎁" * 66, Segments(2, UCS2)),
            ("🎁" * 67, Segments(3, UCS2)),
            ("a" * 69 + "’", Segments(1, UCS2)),
        ],
    )
    def test_count(self, text: str, expected: Segments) -> None:
        assert segments(text) == expected

    def test_every_character_of_the_alphabet_is_there_once(self) -> None:
        basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        basic += "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
        assert len(basic) == len(set(basic)) == 127  # and the escape
        assert segments(basic) == Segments(1, GSM7)
        assert segments("\f^{}\\[~]|€" * 8) == Segments(1, GSM7)
        assert segments("ç") == Segments(1, UCS2)


class TestPlain:
    """Typography is spelled plainly when that is cheaper, words never."""

    @pytest.mark.parametrize(
        ("text", "spelled"),
        [
            ("It’s “here” – now…", 'It\'s "here" - now...'),
            ("Livré à 14 h\u202f: «\u00a0oui\u00a0»", 'Livré à 14 h : " oui "'),
            ("e\u0301te\u0301", "été"),
            ("zero\u200bwidth", "zerowidth"),
            ("n° 5, le cœur à 2½ × 3 ™", "no 5, le coeur à 21/2 x 3 TM"),
        ],
    )
    def test_spells_typography_plainly(self, text: str, spelled: str) -> None:
        assert plain(text) == spelled
        assert segments(spelled).encoding is GSM7

    @pytest.mark.parametrize("text", ["La fenêtre, c’est ça…", "It’s here 🎁"])
    def test_leaves_alone_what_stays_expensive(self, text: str) -> None:
        assert plain(text) == text

    @given(st.text(st.characters(codec="utf-8")))
    def test_changes_only_what_becomes_cheap(self, text: str) -> None:
        spelled = plain(text)
        composed = unicodedata.normalize("NFC", text)
        assert spelled == composed or segments(spelled).encoding is GSM7


class TestAffordable:
    """Accents are left out of a long text when that makes it cheap."""

    @pytest.mark.parametrize(
        ("text", "spelled"),
        [
            ("Está " * 28, "Esta " * 28),
            ("amanhã às 18h – não… " * 10, "amanha às 18h - nao... " * 10),
            ("Au cœur de la forêt. " * 10, "Au coeur de la foret. " * 10),
            ("Año, él, ¿qué? í " * 20, "Año, él, ¿qué? i " * 20),
        ],
    )
    def test_spells_a_long_text_without_accents(self, text: str, spelled: str) -> None:
        assert affordable(text) == spelled
        assert segments(spelled).encoding is GSM7

    @pytest.mark.parametrize(
        "text", ["Está " * 26, "La pêche", "Łódź " * 40, "कल " * 90, "í🎁" * 90]
    )
    def test_leaves_alone_what_is_short_or_stays_expensive(self, text: str) -> None:
        assert affordable(text) == text

    @given(st.text(st.characters(codec="utf-8")))
    def test_never_makes_a_text_dearer_or_too_long(self, text: str) -> None:
        spelled = affordable(text)
        assert units(spelled) <= max(units(text), sms.TEXT_LIMIT)
        assert segments(spelled).count <= segments(text).count

    def test_choices_count_too(self) -> None:
        message = Worded("Tu paquete llega hoy. " * 8, options("Sí, por favor", "No"))
        (payload,) = sms.render(message)
        assert payload["body"].endswith("1 Si, por favor\n2 No")


class TestSplit:
    """Long texts are cut where it hurts least."""

    def test_prefers_sentences(self) -> None:
        assert split("One two three. Four five six. Seven", 30) == [
            "One two three. Four five six.",
            "Seven",
        ]

    def test_then_words(self) -> None:
        told = "It is at the shop. Ask M. Dupont there"
        assert split(told, 30) == ["It is at the shop.", "Ask M. Dupont there"]
        assert split("one two three four five", 12) == ["one two", "three four", "five"]

    def test_takes_a_word_that_just_fits(self) -> None:
        assert split("one two three", 7) == ["one two", "three"]

    def test_then_anywhere(self) -> None:
        assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]

    def test_prefers_lines(self) -> None:
        assert split("the first line\nanother line", 24) == ["the first line", "another line"]

    def test_does_not_cut_a_short_piece_for_a_sentence_s_sake(self) -> None:
        assert split("Hi. " + "word " * 10, 30)[0] == "Hi. word word word word word"

    def test_keeps_an_emoji_whole(self) -> None:
        family = "👩‍👩‍👧‍👦"
        assert all(part == family for part in split(family * 6, units(family) + 3))
        assert split("👍🏽" * 3, 5) == ["👍🏽"] * 3

    @given(st.text(st.characters(codec="utf-8")), st.integers(2, 50))
    def test_loses_nothing_and_keeps_the_limit(self, text: str, limit: int) -> None:
        parts = split(text, limit)
        assert all(0 < units(part) <= limit for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())

    @given(st.text(st.characters(codec="utf-8")), st.integers(2, 50))
    def test_ending_takes_the_last_part_off(self, text: str, limit: int) -> None:
        before, last = ending(text, limit)
        assert before + last == text.strip()
        assert units(last) <= limit


class TestTitles:
    """Titles are cut at a word, and say that they are."""

    @pytest.mark.parametrize(
        ("title", "limit", "short"),
        [
            ("Yes", 20, "Yes"),
            ("Yes, move it please!", 20, "Yes, move it please!"),
            ("Tomorrow between 18 and 21", 24, "Tomorrow between 18 and…"),
            ("Tomorrow, between six and nine", 12, "Tomorrow…"),
            ("A Donaudampfschifffahrtsgesellschaft", 20, "A Donaudampfschifff…"),
            ("🎁" * 10, 9, "🎁🎁🎁🎁…"),
        ],
    )
    def test_cut(self, title: str, limit: int, short: str) -> None:
        assert cut(title, limit) == short
        assert units(short) <= limit

    def test_tidy(self) -> None:
        assert tidy([Option("a", " Two\n lines "), Option("b", "\t")]) == [
            Option("a", "Two lines"),
            Option("b", "b"),
        ]


class TestChoices:
    """Choices that no button can show are answered by number."""

    def test_numbered(self) -> None:
        assert numbered(options("Tomorrow", "Friday")) == "1 Tomorrow\n2 Friday"

    def test_stay_together(self) -> None:
        parts = with_choices("word " * 5, "1 Yes\n2 No", 28)
        assert parts == ["word word word word word", "1 Yes\n2 No"]
        assert with_choices("", "1 Yes", 28) == ["1 Yes"]
        assert with_choices("Hi", "", 28) == ["Hi"]

    def test_sms(self) -> None:
        message = Worded("Which day’s best?", options("Tomorrow", "Friday – free"))
        assert sms.render(message) == [
            {"body": "Which day's best?\n1 Tomorrow\n2 Friday - free"},
        ]


class TestWhatsApp:
    """Buttons where they can be read, else a list, else numbers."""

    def action(self, *titles: str, label: str = "Choose") -> dict[str, Any]:
        payloads = whatsapp.render(Worded("Which?", options(*titles), label))
        assert len(payloads) == 1
        return payloads[0]

    def test_buttons(self) -> None:
        shown = self.action("Yes", "No", "Later")
        assert shown["interactive"]["type"] == "button"
        assert shown["interactive"]["action"]["buttons"][0] == {
            "type": "reply",
            "reply": {"id": "id-0", "title": "Yes"},
        }

    def test_a_list_when_there_are_more_than_three(self) -> None:
        shown = self.action("1", "2", "3", "4")["interactive"]
        assert shown["type"] == "list"
        assert shown["action"]["button"] == "Choose"

    def test_a_list_when_a_title_is_too_long_for_a_button(self) -> None:
        shown = self.action("Yes", "Tomorrow between 18:00 and 21:00")["interactive"]
        assert shown["action"]["sections"][0]["rows"] == [
            {"id": "id-0", "title": "Yes"},
            {
                "id": "id-1",
                "title": "Tomorrow between 18:00…",
                "description": "Tomorrow between 18:00 and 21:00",
            },
        ]

    def test_numbers_when_there_are_more_than_ten(self) -> None:
        shown = self.action(*"abcdefghijk")
        assert shown["text"]["body"].splitlines()[-1] == "11 k"

    def test_numbers_when_titles_cannot_be_told_apart(self) -> None:
        shown = self.action("Yes", "Yes")
        assert shown["text"]["body"] == "Which?\n1 Yes\n2 Yes"
        long = "Tomorrow between 18:00 and "
        assert self.action(f"{long}20:00", f"{long}21:00")["type"] == "text"

    def test_a_list_s_label_is_never_empty(self) -> None:
        shown = self.action(*"abcd", label=" ")["interactive"]
        assert shown["action"]["button"] == "…"
        shown = self.action(*"abcd", label="Choose one of these windows")["interactive"]
        assert shown["action"]["button"] == "Choose one of these…"

    def test_a_long_text_goes_ahead_of_its_choices(self) -> None:
        text = "First sentence. " * 100 + "Shall I?"
        ahead, last = whatsapp.render(Worded(text, options("Yes", "No")))
        assert ahead["type"] == "text"
        assert last["interactive"]["body"]["text"].endswith("Shall I?")


class TestTelegram:
    """An inline keyboard, in as many columns as can be read."""

    @pytest.mark.parametrize(
        ("titles", "rows"),
        [
            (("Yes", "No"), [2]),
            (tuple("0123456789"), [4, 4, 2]),
            (("Tomorrow 18h", "Friday 10h", "Saturday 9h", "Monday 8h"), [3, 1]),
            (("Tomorrow evening", "Friday", "Saturday"), [2, 1]),
            (("Tomorrow between 18 and 21", "Friday"), [1, 1]),
        ],
    )
    def test_columns(self, titles: tuple[str, ...], rows: list[int]) -> None:
        (payload,) = telegram.render(Worded("Which?", options(*titles)))
        keyboard = payload["reply_markup"]["inline_keyboard"]
        assert [len(row) for row in keyboard] == rows
        assert [button["text"] for row in keyboard for button in row] == list(titles)

    def test_numbers_when_an_id_does_not_fit(self) -> None:
        assert telegram.render(Worded("Which?", (Option("é" * 33, "Yes"),))) == [
            {"text": "Which?\n1 Yes"}
        ]

    def test_choices_without_words(self) -> None:
        (payload,) = telegram.render(Worded("", options("Yes")))
        assert payload["text"] == "…"
