"""Yes, no, back and forget it, in every served language."""

import pytest

from bot.domain.answers import (
    gives_up,
    goes_back,
    is_absent,
    keeps,
    says_no,
    says_yes,
    thinks_again,
    was_in,
)


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes please!", "yeah go on", "ok", "Sure, go ahead", "sounds good", "👍", "oui merci",
     "d'accord", "ça marche", "sí", "vale, gracias", "claro", "ja", "Ja gerne", "passt", "sim",
     "pode ser", "va bene", "certo", "haan ji", "theek hai", "हां", "ठीक है", "k", "yesss"],
)  # fmt: skip
def test_a_yes(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize(
    "text",
    ["no", "yes but friday", "oui mais vendredi", "ja aber später", "sí pero el jueves", "yes?",
     "yesterday", "nein", "", "i said ok yesterday", "sim mas sexta", "haan lekin kal", "किताब"],
)  # fmt: skip
def test_no_yes(text: str) -> None:
    assert not says_yes(text)


@pytest.mark.parametrize(
    "text", ["no", "nope", "non merci", "nein danke", "no gracias", "não", "nahi", "नहीं", "👎"]
)
def test_a_no(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize("text", ["notting hill", "nothing", "november", "yes", "north door"])
def test_not_a_no(text: str) -> None:
    assert not says_no(text)


@pytest.mark.parametrize(
    "text",
    ["forget it", "never mind", "no forget it thanks", "laisse tomber", "oubliez", "olvídalo",
     "déjalo", "vergiss es", "schon gut", "deixa pra lá", "lascia perdere", "rehne do", "रहने दो",
     "cancel", "Annuler.", "leave it"],
)  # fmt: skip
def test_giving_up(text: str) -> None:
    assert gives_up(text)


@pytest.mark.parametrize(
    "text",
    ["cancel the parcel", "leave it with the neighbour", "annulez la livraison", "don't forget me",
     "leave it in the shed", "lass es beim Nachbarn"],
)  # fmt: skip
def test_not_giving_up(text: str) -> None:
    assert not gives_up(text)


@pytest.mark.parametrize(
    "text", ["back", "go back please", "retour", "zurück", "atrás", "voltar", "indietro", "वापस"]
)
def test_back(text: str) -> None:
    assert goes_back(text)


@pytest.mark.parametrize("text", ["i'll be back at 5", "the back door", "retour colis", "back up"])
def test_not_back(text: str) -> None:
    assert not goes_back(text)


@pytest.mark.parametrize(
    "text",
    ["wait i've changed my mind", "euh attendez jai changé d avis", "he cambiado de idea",
     "hab's mir anders überlegt", "mudei de ideia", "ho cambiato idea", "mera mann badal gaya"],
)  # fmt: skip
def test_a_second_thought(text: str) -> None:
    assert thinks_again(text)


def test_a_second_thought_that_says_what_it_is_about_is_none() -> None:
    assert not thinks_again("i changed my mind about the messages, send them")
    assert not thinks_again("gardez moi sur la liste des sms, en fait j'ai changé d'avis")
    assert not thinks_again("changed my mind, thursday")


@pytest.mark.parametrize(
    "text",
    ["leave it like that", "no keep it as it is", "alles so lassen", "laissez comme ça",
     "déjalo así", "lascia così"],
)  # fmt: skip
def test_contentment(text: str) -> None:
    assert keeps(text)
    assert not keeps("no")


@pytest.mark.parametrize(
    "text",
    ["no estaré", "no, I won't be in", "je serai pas là", "bin nicht da", "no estoy",
     "não vou estar", "non ci sono", "kal main nahi hu", "no one will be home"],
)  # fmt: skip
def test_somebody_who_is_out(text: str) -> None:
    assert is_absent(text)


@pytest.mark.parametrize(
    "text", ["no", "that's not it", "pas du tout", "nicht das", "non sono io", "no, estamos bien"]
)
def test_a_no_that_says_nothing_of_being_in(text: str) -> None:
    assert not is_absent(text)


@pytest.mark.parametrize(
    "text",
    ["I was home all day", "i was sat right there", "i didnt leave the house", "estaba en casa",
     "j'étais là toute la matinée", "ich war den ganzen tag zuhause", "ero a casa", "estava em casa"],
)  # fmt: skip
def test_somebody_who_was_in(text: str) -> None:
    assert was_in(text)


@pytest.mark.parametrize(
    "text",
    ["i wasnt home", "i was at work", "no estaba en casa", "je n'étais pas là", "j'étais pas là",
     "ich war leider nicht zuhause", "nobody was in", "non ero a casa"],
)  # fmt: skip
def test_somebody_who_was_out(text: str) -> None:
    assert not was_in(text)
