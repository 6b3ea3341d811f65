"""Portuguese phrases; the day is counted in November 2026, today is Monday the 23rd."""

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("amanhã", 24, None),
        ("amanha de manhã", 24, "08:00-12:00"),
        ("hoje à noite", 23, "18:00-21:00"),
        ("depois de amanhã à tarde", 25, "12:00-18:00"),
        ("quinta-feira", 26, None),
        ("quinta de manhã", 26, "08:00-12:00"),
        ("na sexta depois das 18h", 27, "18:00-21:00"),
        ("a partir das 18h", None, "18:00-21:00"),
        ("terça entre as 9 e as 11", 24, "09:00-11:00"),
        ("sábado das 9 às 12", 28, "09:00-12:00"),
        ("às 5 da tarde", None, "17:00-18:00"),
        ("amanhã às cinco e meia", 24, "17:30-18:30"),
        ("até às 15h", None, "08:00-15:00"),
        ("antes do meio-dia", None, "08:00-12:00"),
        ("não antes das 4", None, "16:00-21:00"),
        ("dia 28", 28, None),
        ("no dia 28 de novembro", 28, None),
        ("28/11 às 10h", 28, "10:00-11:00"),
        ("segunda-feira que vem", 30, None),
        ("quarta da próxima semana", 32, None),
        ("daqui a dois dias", 25, None),
        ("em 3 dias", 26, None),
        ("trabalho até as 18h", None, "18:00-21:00"),
        ("amanhã não, na quinta", 26, None),
        ("terça não posso, quarta sim", 25, None),
        ("quinta, quer dizer, sexta", 27, None),
        ("amanhã na hora do almoço", 24, "12:00-14:00"),
        ("por volta das 19h", None, "19:00-20:00"),
        ("chego em casa às 18h", None, "18:00-21:00"),
        ("no fim da tarde de amanhã", 24, "16:00-18:00"),
        ("sabado o dia todo", 28, "08:00-21:00"),
        ("saio às 4", None, "08:00-16:00"),
        ("segunda de manhã", 30, "08:00-12:00"),
    ],
)
def test_portuguese(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "BR") == (day, hours)


@pytest.mark.parametrize(
    "text", ["quinta ou sexta", "semana que vem", "no fim de semana", "de terça a quinta"]
)
def test_portuguese_unclear(text: str) -> None:
    assert read(text, "PT").ambiguous


@pytest.mark.parametrize("text", ["ontem", "semana passada", "há dois dias", "na segunda passada"])
def test_portuguese_past(text: str) -> None:
    assert read(text, "PT").past


@pytest.mark.parametrize(
    "text",
    ["obrigado", "tenho 2 pacotes", "segunda via", "bom dia", "boa tarde", "rua das Flores 12", "código 4407",
     "mais tarde", "o quanto antes", "é a segunda vez", "apartamento 12", "por que não", "R$ 20", "quarto andar"],
)  # fmt: skip
def test_portuguese_nothing(text: str) -> None:
    wish = read(text, "BR")
    assert not wish.says_something
    assert not wish.past
