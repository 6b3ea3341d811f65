"""French phrases; the day is counted in November 2026, today is Monday the 23rd."""

from datetime import date

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("mercredi vers 19h30", 25, "19:30-20:30"),
        ("demain matin svp", 24, "08:00-12:00"),
        ("demain dans la matinée", 24, "08:00-12:00"),
        ("après-demain après 18h", 25, "18:00-21:00"),
        ("jeudi entre 14h et 16h", 26, "14:00-16:00"),
        ("vendredi de 9 à 11", 27, "09:00-11:00"),
        ("vendredi 9h-11h", 27, "09:00-11:00"),
        ("samedi en fin d'après-midi", 28, "16:00-18:00"),
        ("mardi prochain", 24, None),
        ("mardi en huit", 31, None),
        ("mardi en 8", 31, None),
        ("lundi en quinze", 44, None),
        ("samedi en fin daprem", 28, "16:00-18:00"),
        ("apré demain matin", 25, "08:00-12:00"),
        ("pas cette semaine, plutôt lundi prochain", 30, None),
        ("demain c'est mort, vendredi aprèm", 27, "12:00-18:00"),
        ("demain je peux plus, samedi", 28, None),
        ("jeudi de la semaine prochaine", 33, None),
        ("la semaine prochaine mercredi matin", 32, "08:00-12:00"),
        ("dans trois jours", 26, None),
        ("ds 2 jours le soir", 25, "18:00-21:00"),
        ("jeudi en fin d'aprem", 26, "16:00-18:00"),
        ("dans une semaine", 30, None),
        ("d'ici deux jours", 25, None),
        ("le 28", 28, None),
        ("le 28 au matin", 28, "08:00-12:00"),
        ("le samedi 28 novembre", 28, None),
        ("le 1er décembre", 31, None),
        ("le premier décembre à 10h", 31, "10:00-11:00"),
        ("le deux décembre", 32, None),
        ("28/11 à 17h", 28, "17:00-18:00"),
        ("le 28.11.", 28, None),
        ("à partir de 17h", None, "17:00-21:00"),
        ("après 17 heures demain", 24, "17:00-21:00"),
        ("avant midi", None, "08:00-12:00"),
        ("jusqu'à 15h demain", 24, "08:00-15:00"),
        ("pas avant 16h", None, "16:00-21:00"),
        ("pas avant 18h demain je travaille", 24, "18:00-21:00"),
        ("à soir", 23, "18:00-21:00"),
        ("pas après 18h", None, "08:00-18:00"),
        ("au plus tard à 14h", None, "08:00-14:00"),
        ("dix-sept heures trente", None, "17:30-18:30"),
        ("demain à dix heures et demie", 24, "10:30-11:30"),
        ("demain à 8h moins le quart", 24, "19:45-20:45"),
        ("vers 5h et quart", None, "17:15-18:15"),
        ("5 heures du soir", None, "17:00-18:00"),
        ("midi et demi demain", 24, "12:30-13:30"),
        ("demain midi", 24, "12:00-13:00"),
        ("demain entre midi et 14h", 24, "12:00-14:00"),
        ("je rentre à 18h", None, "18:00-21:00"),
        ("je travaille jusqu'à 18h demain", 24, "18:00-21:00"),
        ("je finis à 17h", None, "17:00-21:00"),
        ("je pars à 16h demain", 24, "08:00-16:00"),
        ("il n'y a personne avant 17h", None, "17:00-21:00"),
        ("jeudi pardon vendredi", 27, None),
        ("non, plutôt samedi", 28, None),
        ("pas mardi, mercredi", 25, None),
        ("jeudi au lieu de mercredi", 26, None),
        ("mercredi ça va pas, jeudi c'est bon", 26, None),
        ("demin aprem", 24, "12:00-18:00"),
        ("mercedi matin", 25, "08:00-12:00"),
        ("vendrdi soir", 27, "18:00-21:00"),
        ("ce soir après 19h", 23, "19:00-21:00"),
        ("cet après-midi", 23, "12:00-18:00"),
        ("aujourd'hui à 18h", 23, "18:00-19:00"),
        ("demain toute la journée", 24, "08:00-21:00"),
        ("demain mais pas le matin", 24, "12:00-21:00"),
        ("décaler de mardi à jeudi", 26, None),
        ("dans la soirée de jeudi", 26, "18:00-21:00"),
        ("mon mari sera là à partir de 14h mardi", 24, "14:00-21:00"),
        ("lundi 30 à 9h", 30, "09:00-10:00"),
        ("sam 28 entre 10 et 12", 28, "10:00-12:00"),
        ("dans 2h", 23, "12:00-13:00"),
    ],
)  # fmt: skip
def test_french(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "FR") == (day, hours)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("jeudi ou vendredi", [26, 27]),
        ("la semaine prochaine", [30, 31, 32, 33, 34]),
        ("ce week-end", [28, 29]),
        ("fin de semaine prochaine", [33, 34]),
        ("en début de semaine prochaine", [30, 31]),
        ("entre mardi et jeudi", [24, 25, 26]),
        ("du 26 au 28 novembre", [26, 27, 28]),
        ("aujourd'hui ou demain", [23, 24]),
        ("demain ou après-demain", [24, 25]),
    ],
)
def test_french_choices(text: str, days: list[int]) -> None:
    wish = read(text, "FR")
    assert wish.ambiguous
    assert [(day - date(2026, 10, 31)).days for day in wish.choices] == days


@pytest.mark.parametrize("text", ["le lendemain", "n'importe quel jour sauf lundi",
                                  "le mois prochain", "dans quelques jours"])  # fmt: skip
def test_french_unclear(text: str) -> None:
    assert read(text, "FR").ambiguous


@pytest.mark.parametrize("text", ["avant-hier", "il y a trois jours", "la semaine passée",
                                  "lundi dernier", "hier soir"])  # fmt: skip
def test_french_past(text: str) -> None:
    assert read(text, "FR").past


@pytest.mark.parametrize(
    "text",
    ["mon colis", "ok merci", "mon code est le 4407", "au 2e étage", "j'ai 2 colis", "12 rue de la Paix",
     "06 12 34 56 78", "pourquoi pas", "ça coûte 5 €", "appartement 12", "c'est au 3", "pas de souci",
     "bonne journée", "bonsoir", "le plus vite possible", "dès que possible", "M. Martin", "deuxième fois",
     "je vis au bord de la mer", "il a attendu 2 heures", "commande 4 sur 5", "note de 0 à 10", "merci"],
)  # fmt: skip
def test_french_nothing(text: str) -> None:
    wish = read(text, "FR")
    assert not wish.says_something
    assert not wish.past
