"""Which words of a message are the detail of a change, in every served language."""

import pytest

from bot.domain.details import LONGEST, complete, find_detail, find_town, put_right, with_more
from bot.domain.request import RequestKind

N, A, S, C = (
    RequestKind.neighbour,
    RequestKind.access_note,
    RequestKind.safe_place,
    RequestKind.change_address,
)


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        (N, "leave it with my neighbour Mrs Patel at no. 12", "my neighbour Mrs Patel at no. 12"),
        (N, "hi im not in tomorrow, can the neighbour next door take it pls", "next door"),
        (N, "laissez-le chez ma voisine Mme Dupont au 3e étage svp", "chez ma voisine Mme Dupont au 3e étage"),
        (N, "déposez le colis chez le voisin d'en face", "face"),
        (N, "dejadlo con mi vecina Carmen del 4B por favor", "mi vecina Carmen del 4B"),
        (N, "bitte bei Frau Schmidt im 2. Stock abgeben", "Frau Schmidt im 2. Stock"),
        (N, "pode deixar com a vizinha do apartamento 12", "apartamento 12"),
        (N, "lasciatelo alla signora Rossi al piano terra", "signora Rossi al piano terra"),
        (N, "padosi Sharma ji ko de do flat 12", "padosi Sharma ji ko de do flat 12"),
        (S, "leave it in the shed behind the house please", "in the shed behind"),
        (S, "vous pouvez le mettre sous l'abri de jardin", "sous l'abri de jardin"),
        (S, "leg es bitte hinter die Mülltonne", "hinter die Mülltonne"),
        (S, "dejalo detrás de la maceta", "detrás de la maceta"),
        (S, "garage ke peeche rakh do", "garage ke peeche"),
        (A, "gate code 4407#", "gate code 4407#"),
        (A, "the gate code is 4407#, thanks", "4407#"),
        (A, "le digicode c'est 12B45", "12B45"),
        (A, "Klingel ist kaputt, bitte anrufen", "kaputt, bitte anrufen"),
        (A, "please ring twice", "ring twice"),
        (C, "can you deliver to 12 rue des Lilas 75011 Paris please", "12 rue des Lilas 75011 Paris"),
        (C, "neue Adresse: Hauptstraße 5, 10115 Berlin", "Hauptstraße 5, 10115 Berlin"),
        (C, "send it to SW1A 1AA", "SW1A 1AA"),
        (C, "calle Mayor 4, 28013 Madrid", "calle Mayor 4, 28013 Madrid"),
    ],
)  # fmt: skip
def test_a_detail_in_the_first_message_is_found(kind: RequestKind, text: str, detail: str) -> None:
    found = find_detail(kind, text, asked=False)
    assert found is not None
    assert detail in found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (N, "can a neighbour take it?"),
        (N, "my flight is delayed, can my neighbor take the parcel"),
        (N, "Hello, I'm at work until 6pm tomorrow. Could you leave it with a neighbour?"),
        (N, "Bonjour, est-ce qu'un voisin peut le prendre ?"),
        (N, "¿puede recogerlo un vecino?"),
        (N, "Kann das Paket beim Nachbarn abgegeben werden?"),
        (N, "pode deixar com o vizinho?"),
        (N, "potete lasciarlo al vicino?"),
        (N, "padosi ko de do"),
        (N, "पड़ोसी को दे दो"),
        (S, "leave it in a safe place"),
        (S, "laissez-le dans un endroit sûr svp"),
        (S, "an einem sicheren Ort ablegen bitte"),
        (S, "déjalo en un lugar seguro"),
        (S, "kahin safe jagah rakh do"),
        (A, "i have a note for the courier"),
        (A, "i need to give you the gate code"),
        (A, "je voudrais laisser une consigne au livreur"),
        (C, "please deliver to my office"),
        (C, "to my office at 5pm tomorrow"),
        (C, "je voudrais changer l'adresse de livraison"),
        (C, "neue Adresse bitte"),
        (C, "I've moved"),
    ],
)
def test_a_wish_without_its_detail_is_asked_for(kind: RequestKind, text: str) -> None:
    assert find_detail(kind, text, asked=False) is None


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        (N, "Bob", "Bob"),
        (N, "with mrs patel, number 12", "mrs patel, number 12"),
        (N, "the florist on the corner", "the florist on the corner"),
        (S, "under the blue tarp", "under the blue tarp"),
        (A, "the blue entrance, third on the left", "the blue entrance, third on the left"),
        (N, "शर्मा जी", "शर्मा"),
    ],
)
def test_an_answer_needs_no_more_than_something_telling(
    kind: RequestKind, text: str, detail: str
) -> None:
    assert find_detail(kind, text, asked=True) == detail


@pytest.mark.parametrize("text", ["yes", "ok", "ja bitte", "oui merci", "idk", "?", "haan ji", ""])
@pytest.mark.parametrize("kind", [N, A, S, C])
def test_an_answer_that_tells_nothing_is_none(kind: RequestKind, text: str) -> None:
    assert find_detail(kind, text, asked=True) is None


def test_a_detail_is_not_longer_than_a_label() -> None:
    found = find_detail(N, "Mrs Patel " * 400, asked=True)
    assert found is not None
    assert len(found) <= LONGEST


@pytest.mark.parametrize(
    ("kind", "before", "more", "whole"),
    [
        (C, "12 Baker Street", "London NW1 6XE", "12 Baker Street, London NW1 6XE"),
        (C, "Hauptstr. 12", "München", "Hauptstr. 12, München"),
        (C, "69007 Lyon", "14 rue Pasteur", "14 rue Pasteur, 69007 Lyon"),
        (C, "14 rue Pasteur, 69007 Lyon", "16 rue Pasteur", "16 rue Pasteur, 69007 Lyon"),
        (C, "calle Mayor 5, 28013 Madrid", "piso 3", "calle Mayor 5, 28013 Madrid, piso 3"),
        (C, "5 via Roma, 20121 Milano", "via Po 3, 10123 Torino", "via Po 3, 10123 Torino"),
        (C, "44 Elm Road, Leeds, LS6 2AB", "45 Elm Road", "45 Elm Road, Leeds, LS6 2AB"),
        (C, "44 Elm Road, Leeds", "45 Elm Road", "45 Elm Road, Leeds"),
        (C, "12 rue Hugo, Lyon 3e", "14 rue Hugo", "14 rue Hugo, Lyon 3e"),
        (C, "12 rue A, bat 3", "5 rue B", "5 rue B"),
        (C, "12 bis rue Victor Hugo", "Lyon 3e", "12 bis rue Victor Hugo, Lyon 3e"),
        (C, "Goethestr. 5, 50667 Köln", "2. Stock", "Goethestr. 5, 50667 Köln, 2. Stock"),
        (N, "Mrs Okafor", "flat 3", "Mrs Okafor, flat 3"),
        (N, "à la gardienne", "Mme Ferreira", "à la gardienne, Mme Ferreira"),
        (N, "शर्मा जी", "फ्लैट 12", "शर्मा जी, फ्लैट 12"),
        (N, "Mme Ferreira", "M. Martin", "M. Martin"),
        (A, "4407#", "ring twice", "4407#, ring twice"),
        (A, "4407#", "4408#", "4408#"),
        (S, "in the shed", "under the bench", "under the bench"),
    ],
)
def test_more_of_a_detail_completes_it_or_takes_its_place(
    kind: RequestKind, before: str, more: str, whole: str
) -> None:
    assert complete(kind, before, more) == whole


def test_a_town_is_a_few_words_that_tell_something() -> None:
    assert find_town("Villeurbanne") == "Villeurbanne"
    assert find_town("ok") is None
    assert find_town("what does it cost when you bring it there") is None


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        (S, "laissez le dans le local poubelle", "dans le local poubelle"),
        (S, "leg es in den carport", "in den carport"),
        (A, "and the gate code is #4471*", "gate code is #4471*"),
        (A, "can you tell the driver the buzzer is broken", "the buzzer is broken"),
        (A, "l'interphone est cassé, appelez", "interphone est cassé, appelez"),
        (A, "tell him the gate code 5521", "the gate code 5521"),
        (N, "dejalo con el portero", "el portero"),
        (N, "bei M. Diallo au 3e", "M. Diallo au 3e"),
        (S, "einfach in die garage", "in die garage"),
        (A, "tell him to speak slowly", "speak slowly"),
        (A, "dites lui de parler doucement", "parler doucement"),
        (A, "can you tell them that my kids will open", "my kids will open"),
        (
            C,
            "envoyez plutot chez mes parents 8 place du Marché 44000 Nantes",
            "8 place du Marché 44000 Nantes",
        ),
        (N, "déjalo en conserjería", "en conserjería"),
        (N, "laissez le à l'accueil alors", "à l'accueil"),
        (N, "dejadlo al portero", "al portero"),
        (A, "I have a dog so please dont open the gate", "a dog so please dont open the gate"),
        (C, "no 45 Elm road", "45 Elm road"),
        (C, "14 rue Pasteur, bâtiment C", "14 rue Pasteur, bâtiment C"),
    ],
)
def test_a_detail_is_neither_cut_short_nor_padded(
    kind: RequestKind, text: str, detail: str
) -> None:
    assert find_detail(kind, text, asked=False) == detail


def test_a_filler_is_nobodys_name() -> None:
    assert find_detail(N, "ok do the neighbour one then", asked=True) is None
    assert find_detail(N, "weiß nicht wie der heißt", asked=True) is None
    assert find_detail(N, "je connais pas son nom", asked=True) is None
    assert find_detail(N, "se llama Antonio", asked=True) == "Antonio"
    assert find_detail(C, "Halt, falsche Hausnummer: 17", asked=False) is None


def test_a_number_alone_puts_the_number_right() -> None:
    assert put_right("Goethestr. 5, 50667 Köln", "nein Hausnummer 7") == "Goethestr. 7, 50667 Köln"
    assert put_right("the lady at 14", "no 16") == "the lady at 16"
    assert put_right("the lady at 14", "no") is None
    assert put_right("the lady at 14", "no, at 16 o'clock") is None
    assert put_right("Mme Roy", "non 16") is None


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("i moved. new place is 4 Elm Court, Leeds LS1 4AB", "4 Elm Court, Leeds LS1 4AB"),
        ("die neue Adresse lautet Hauptstr. 12, 80331 München", "Hauptstr. 12, 80331 München"),
        ("ma maison est au 12 rue des Lilas", "12 rue des Lilas"),
    ],
)
def test_what_leads_up_to_an_address_is_no_part_of_it(said: str, address: str) -> None:
    assert find_detail(RequestKind.change_address, said, asked=True) == address


@pytest.mark.parametrize(
    ("before", "more"),
    [
        ("frau müller", "wohnung 3"),
        ("la señora Ruiz", "casa 5"),
        ("Mr Hill", "house 4"),
        ("Mme Petit", "appt 12"),
    ],
)
def test_a_neighbours_dwelling_goes_with_the_name(before: str, more: str) -> None:
    assert complete(RequestKind.neighbour, before, more) == f"{before}, {more}"


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("1 Canada Square London E14 5AB", "no the postcode is E14 5AA", "1 Canada Square London E14 5AA"),
        ("12 rue Oberkampf, 75011 Paris", "non 75012", "12 rue Oberkampf, 75012 Paris"),
        ("12 rue Oberkampf, 75011 Paris", "le code postal c'est 75012", "12 rue Oberkampf, 75012 Paris"),
        ("calle Mayor 12, 3ºB, 28013 Madrid", "no, el 3ºA", "calle Mayor 12, 3ºA, 28013 Madrid"),
        ("flat 2, 88 Mare St E8 3SG", "no flat 3", "flat 3, 88 Mare St E8 3SG"),
        ("Wohnung 4, Lindenstr. 5, 10969 Berlin", "nein Wohnung 5", "Wohnung 5, Lindenstr. 5, 10969 Berlin"),
        ("12 Oak Lane, SE5 8AA", "14 Elm Road SE5 8AB", None),
        ("12 rue Oberkampf, 75011 Paris", "bâtiment C", None),
    ],
)  # fmt: skip
def test_one_part_of_an_address_is_put_right(before: str, text: str, after: str | None) -> None:
    assert put_right(before, text) == after


def test_what_is_told_after_an_address_takes_no_street_away() -> None:
    assert with_more("22 Elm Grove, BN1 4AA", "Pat") == "22 Elm Grove, BN1 4AA, Pat"
    assert with_more("12 Baker Street", "London") == "12 Baker Street, London"


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("3 rue Victor Hugo, 69002 Lyon", "enfin non 33 pas 3", "33 rue Victor Hugo, 69002 Lyon"),
        ("12 High St, Leeds", "no, 21 not 12", "21 High St, Leeds"),
        ("Hauptstr. 5, Berlin", "nein, nicht 5 sondern 15", "Hauptstr. 15, Berlin"),
        ("12 High St, Leeds", "not 12", None),
    ],
)
def test_the_number_that_is_taken_back_is_no_part_of_the_address(
    before: str, text: str, after: str | None
) -> None:
    assert put_right(before, text) == after


def test_a_place_is_told_to_its_end_and_no_further() -> None:
    assert (
        find_detail(S, "leave it in the shed round the back", asked=False)
        == "in the shed round the back"
    )
    assert find_detail(S, "behind the bins then", asked=True) == "behind the bins"


def test_a_name_after_the_house_goes_with_it() -> None:
    assert find_detail(N, "leave it at no 9, Sue", asked=False) == "at no 9, Sue"
