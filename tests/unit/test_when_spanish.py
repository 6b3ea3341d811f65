"""Spanish phrases; the day is counted in November 2026, today is Monday the 23rd."""

from datetime import date

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("mañana", 24, None),
        ("manana x la tarde", 24, "12:00-18:00"),
        ("mañana por la mañana", 24, "08:00-12:00"),
        ("pasado mañana", 25, None),
        ("el juev x la mañana", 26, "08:00-12:00"),
        ("el jueves por la mañana", 26, "08:00-12:00"),
        ("el miercoles a las 5 de la tarde", 25, "17:00-18:00"),
        ("a las 17 y media", None, "17:30-18:30"),
        ("a las cinco y media", None, "17:30-18:30"),
        ("mañana a las 10 menos cuarto", 24, "09:45-10:45"),
        ("a las 9 y cuarto el viernes", 27, "09:15-10:15"),
        ("entre las 4 y las 6", None, "16:00-18:00"),
        ("mañana de 9 a 11", 24, "09:00-11:00"),
        ("el viernes de 10 a 14", 27, "10:00-14:00"),
        ("a partir de las 18h", None, "18:00-21:00"),
        ("después de las 7 mañana", 24, "19:00-21:00"),
        ("no antes de las 4", None, "16:00-21:00"),
        ("antes de las 12", None, "08:00-12:00"),
        ("hasta las 3 de la tarde", None, "08:00-15:00"),
        ("mañana a mediodía", 24, "12:00-13:00"),
        ("esta tarde", 23, "12:00-18:00"),
        ("esta noche después de las 8", 23, "20:00-21:00"),
        ("hoy por la noche", 23, "18:00-21:00"),
        ("el 28", 28, None),
        ("el 28 de noviembre por la tarde", 28, "12:00-18:00"),
        ("sábado 28", 28, None),
        ("el día 1 de diciembre", 31, None),
        ("el primero de diciembre", 31, None),
        ("el veintiocho", 28, None),
        ("28/11 a las 18:30", 28, "18:30-19:30"),
        ("el viernes que viene", 27, None),
        ("el martes de la semana que viene", 31, None),
        ("la semana que viene el jueves", 33, None),
        ("el próximo sábado", 28, None),
        ("dentro de dos días", 25, None),
        ("en 3 días", 26, None),
        ("en una semana", 30, None),
        ("trabajo hasta las 6 mañana", 24, "18:00-21:00"),
        ("salgo de trabajar a las 7", None, "19:00-21:00"),
        ("me voy a las 4", None, "08:00-16:00"),
        ("no hay nadie antes de las 5", None, "17:00-21:00"),
        ("mañana no, el jueves", 26, None),
        ("no el martes, el miércoles", 25, None),
        ("jueves, digo viernes", 27, None),
        ("mejor el sábado", 28, None),
        ("mañana no puedo, el viernes sí", 27, None),
        ("a primera hora del miércoles", 25, "08:00-12:00"),
        ("a última hora de la tarde del jueves", 26, "16:00-18:00"),
        ("mañana a la hora de comer", 24, "12:00-14:00"),
        ("todo el día mañana", 24, "08:00-21:00"),
        ("cambiarlo del martes al viernes", 27, None),
        ("juebes a las 8 de la noche", 26, "20:00-21:00"),
        ("a eso de las 6", None, "18:00-19:00"),
        ("a la una del mediodía", None, "13:00-14:00"),
        ("domingo 18hs", 29, "18:00-19:00"),
        ("pasado mañana por la noche", 25, "18:00-21:00"),
        ("de las 5 en adelante", None, "17:00-21:00"),
    ],
)  # fmt: skip
def test_spanish(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "ES") == (day, hours)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("el jueves o el viernes", [26, 27]),
        ("la próxima semana", [30, 31, 32, 33, 34]),
        ("el fin de semana", [28, 29]),
        ("a finales de la semana que viene", [33, 34]),
        ("de martes a jueves", [24, 25, 26]),
        ("hoy o mañana", [23, 24]),
    ],
)
def test_spanish_choices(text: str, days: list[int]) -> None:
    wish = read(text, "ES")
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize(
    "text", ["ayer", "la semana pasada", "hace dos días", "el lunes pasado", "anoche"]
)
def test_spanish_past(text: str) -> None:
    assert read(text, "ES").past


@pytest.mark.parametrize(
    "text",
    ["tengo 2 paquetes", "vale gracias", "piso 3 puerta 2", "calle Mayor 5", "el código es 4407", "buenas tardes",
     "llega tarde", "lo antes posible", "por qué no", "612 345 678", "cuesta 20 euros", "¿vienes?", "me lo trae más tarde",
     "es la segunda vez", "no pasa nada", "buenos días", "el paquete 4 de 5"],
)  # fmt: skip
def test_spanish_nothing(text: str) -> None:
    wish = read(text, "ES")
    assert not wish.says_something
    assert not wish.past
