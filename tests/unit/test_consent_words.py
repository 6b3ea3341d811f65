"""STOP and START, as people send them alone; and what merely looks like them."""

import pytest

from bot.domain.consent import (
    ConsentWord,
    is_yes,
    read_consent_word,
    refuses_only_surveys,
    wants_no_surveys,
)


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop.", "Stop!!", "“stop”", "stop 🛑", "STOPALL", "Unsubscribe", "opt out", "OPT-OUT", "END",
        "ARRET", "arrêt", "Arrêtez !", "stop svp", "me désabonner", "désabonnez-moi",
        "baja", "¡Basta!", "alto", "darme de baja", "parar",
        "stopp", "Abmelden", "bitte abmelden.", "keine SMS mehr",
        "sair", "PARAR", "descadastrar", "ferma", "basta", "disiscrivimi",
        "बंद करो", "बंद करें।", "रोकें", "band karo", "msg mat bhejo",
    ],
)  # fmt: skip
def test_stop_in_every_language(text: str) -> None:
    assert read_consent_word(text) is ConsentWord.stop


@pytest.mark.parametrize(
    "text", ["START", "unstop", "reprendre", "alta", "anmelden", "reativar", "riattiva", "चालू करो"]
)
def test_start_in_every_language(text: str) -> None:
    assert read_consent_word(text) is ConsentWord.start


@pytest.mark.parametrize(
    "text",
    [
        "cancel", "CANCEL", "annuler", "annulez", "cancelar", "annulla", "stornieren", "yes", "oui",
        "stop the parcel", "stop, I moved", "arrêtez la livraison", "para", "no", "nein", "fin",
        "at the end", "the bus stop", "रुको", "ruko", "", "!", "alto 3", "ok", "start again tomorrow",
    ],
)  # fmt: skip
def test_delivery_talk_is_not_consent(text: str) -> None:
    assert read_consent_word(text) is None


def test_only_the_carriers_own_yes_counts_as_one() -> None:
    assert is_yes("YES.")
    assert not is_yes("yes please")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no surveys please, but do tell me about the parcel", True),
        ("plus de sondages merci", True),
        ("ENCUESTAS no!", True),
        ("keine Umfragen mehr", True),
        ("sem pesquisas", True),
        ("niente sondaggi", True),
        ("survey mat bhejo", True),
        ("सर्वे मत भेजो", True),
        ("not before 8 please", False),
        ("whatsapp instead of sms", False),
    ],
)
def test_a_wish_about_surveys_is_known_in_every_language(text: str, *, wanted: bool) -> None:
    assert wants_no_surveys(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plus de sondages svp", True),
        ("keine umfragen mehr bitte", True),
        ("no more surveys or texts", False),
        ("basta messaggi e sondaggi", False),
        ("stop texting me", False),
    ],
)
def test_a_refusal_of_surveys_is_no_refusal_of_all(text: str, *, wanted: bool) -> None:
    assert refuses_only_surveys(text) is wanted
