"""Consent: the words that stop and start messages, and whom we may write to."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

# What people send alone when they want no more messages: the words that carriers and Twilio
# obey (https://help.twilio.com/articles/223134027; ARRET is the French operators' rule) and what
# else is said for them. Accents and case do not matter. CANCEL, ANNULER, "cancelar", "annulla" and
# "stornieren" are left out: said to a delivery service they mean the parcel.
_STOP = {
    "stop", "stopp", "stopall", "stop all", "unsubscribe", "end", "quit", "revoke", "optout",
    "opt out", "opt-out", "stop please", "please stop", "stop texting", "stop messages",
    "stop sms", "stop texting me", "remove me", "unsubscribe me",
    # French
    "arret", "arrete", "arretez", "arreter", "stop svp", "stop merci", "stop sms svp",
    "desabonner", "desabonnement", "desinscription", "desinscrire", "me desabonner",
    "me desinscrire", "desabonnez-moi", "desabonnez moi", "desinscrivez-moi", "desinscrivez moi",
    # Spanish
    "alto", "basta", "basta ya", "baja", "parar", "detener", "darme de baja", "dar de baja",
    "dame de baja", "quiero darme de baja", "no mas mensajes", "desuscribir", "desuscribirme",
    # German
    "abmelden", "abbestellen", "austragen", "ende", "bitte abmelden", "stopp bitte",
    "stop bitte", "bitte stopp", "bitte stop", "keine sms mehr", "keine nachrichten mehr",
    # Portuguese
    "sair", "pare", "descadastrar", "remover", "descadastre-me", "chega de mensagens",
    "parar mensagens", "cancelar inscricao",
    # Italian
    "ferma", "fermate", "disiscrivi", "disiscrivimi", "disiscriviti", "cancella iscrizione",
    "annulla iscrizione", "basta messaggi", "stop messaggi",
    # Hindi and Hinglish
    "रोकें", "बंद करो", "बंद करें", "बंद", "स्टॉप", "मैसेज बंद करो", "मैसेज बंद करें", "संदेश बंद करें",
    "band karo", "band kro", "band kar do", "band kardo", "band kare", "message band karo",
    "messages band karo", "msg band karo", "sms band karo", "msg mat bhejo", "message mat bhejo",
    "stop karo", "stop kar do",
}  # fmt: skip
_START = {
    "start", "unstop", "subscribe", "resubscribe", "optin", "opt in", "opt-in", "start again",
    "reprendre", "reactiver", "reabonner", "me reabonner", "redemarrer",
    "alta", "darme de alta", "reanudar", "reactivar",
    "starten", "anmelden", "wieder anmelden",
    "retomar", "reativar", "riattiva", "riprendi", "iscrivimi",
    "शुरू", "शुरू करें", "शुरू करो", "चालू करो", "shuru karo", "chalu karo", "start karo",
}  # fmt: skip
_YES = {"yes"}
_SURVEYS = re.compile(
    r"\b(surveys?|ratings?|sondages?|enquetes?|encuestas?|umfragen?|bewertungen?|pesquisas?"
    r"|inqueritos?|sondaggi[o]?|questionar[a-z]*|feedback)\b|सर्वे|फीडबैक"
)
_MESSAGES = re.compile(
    r"\b(messages?|msgs?|sms|texts?|texting|textos?|mails?|mensajes?|mensagens|mensagem|nachrichten"
    r"|messaggi[o]?|stop|unsubscribe)\b|मैसेज|संदेश|एसएमएस"
)
# Marks and signs around and between the words: "STOP!!", "stop 🛑", "«arrêt»". What is stripped is
# anything but letters, digits, the dash within a word, and the signs that are part of Hindi letters.
_MARKS = re.compile(r"(?<!\w)-|-(?!\w)|[^\w\s\-\u0900-\u097f]|[।॥]")


class Purpose(StrEnum):
    """What a message is for; consent is per purpose."""

    service = "service"
    """What somebody has to know of their parcel: it failed, it waits for them, it is there."""
    progress = "progress"
    """What can be done without: that it is on its way, and when."""
    feedback = "feedback"
    marketing = "marketing"


def stop_is_said(purpose: Purpose) -> bool:
    """Whether an SMS has to say how to stop: what the recipient did not need for their parcel.

    Directive 2002/58/EC, article 13(4), and in France article L34-5 of the CPCE, for what is not
    service; CTIA's principles ask the same of messages in the United States.
    """
    return purpose not in {Purpose.service, Purpose.progress}


EVERY_CHANNEL = ""
EVERY_PURPOSE = ""


@dataclass(eq=False)
class Consent:
    """An entry of the ledger, about a channel or EVERY_CHANNEL, and a purpose or EVERY_PURPOSE.

    What is said of every purpose and what is said of one are two things: START lifts a STOP, and
    leaves "no surveys" as it is.
    """

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    channel: str
    purpose: str
    given: bool
    source: str
    text: str
    at: datetime


def allows(ledger: Sequence[Consent], channel: str, purpose: str) -> bool:
    """Whether a ledger, the latest entry first, lets us write unasked.

    Silence is consent to word about one's own parcel and to the one question after it, never to
    marketing: that needs a yes of its own, given after any general STOP.
    """
    if refuses(ledger, channel, EVERY_PURPOSE) or refuses(ledger, channel, purpose):
        return False
    if purpose != Purpose.marketing:
        return True
    last = next((one for one in ledger if _counts(one, channel, purpose, given=True)), None)
    return last is not None and last.given


def refuses(ledger: Iterable[Consent], channel: str, purpose: str) -> bool:
    """Whether the last word on a channel about exactly this purpose was a refusal."""
    last = next((one for one in ledger if _counts(one, channel, purpose)), None)
    return last is not None and not last.given


def refusals(ledger: Sequence[Consent]) -> list[tuple[str, str]]:
    """Each (channel, purpose) that a ledger refuses."""
    spoken = {(one.channel, one.purpose) for one in ledger}
    return sorted(pair for pair in spoken if refuses(ledger, *pair))


def says_already(ledger: Iterable[Consent], channel: str, purpose: str, *, given: bool) -> bool:
    """Whether a ledger would be the same for one more entry of this kind."""
    for one in ledger:
        # To be said of every channel, no single one may have said otherwise since.
        if not _counts(one, channel or one.channel, purpose, given=given):
            continue
        if one.given != given:
            return False
        if one.channel in {EVERY_CHANNEL, channel}:
            return True
    return False


def _counts(one: Consent, channel: str, purpose: str, *, given: bool = False) -> bool:
    """Whether an entry speaks of this; to a yes (`given`) a general STOP since does too."""
    about = one.purpose == purpose or (given and not one.purpose and not one.given)
    return about and one.channel in {EVERY_CHANNEL, channel}


class ConsentWord(StrEnum):
    """What a whole message of a word or two says about being written to."""

    stop = "stop"
    start = "start"


def read_consent_word(text: str) -> ConsentWord | None:
    """Read STOP or START in any served language; only as the whole message."""
    words = _plain(text)
    if words in _STOP:
        return ConsentWord.stop
    return ConsentWord.start if words in _START else None


def wants_no_surveys(text: str) -> bool:
    """Whether a wish about messages speaks of surveys: in every language it is one word."""
    return _SURVEYS.search(_plain(text)) is not None


def refuses_only_surveys(text: str) -> bool:
    """Whether a refusal is of surveys alone; where messages are named too, all is refused."""
    return wants_no_surveys(text) and _MESSAGES.search(_plain(text)) is None


def is_yes(text: str) -> bool:
    """The bare YES that carriers take for START; ours only when nothing was asked."""
    return _plain(text) in _YES


def _plain(text: str) -> str:
    bare = " ".join(_MARKS.sub(" ", text.casefold()).split())
    # Latin accents go; the vowel signs of Hindi are combining too, and stay.
    letters = unicodedata.normalize("NFD", bare)
    latin = "".join(c for c in letters if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", latin)
