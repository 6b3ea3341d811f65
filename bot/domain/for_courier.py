"""What people write for the courier, in the words that give it away.

Much of it sounds like something else: "not with the neighbours" like a wish for one, "two
minutes, can he wait" like a question for the time.
"""

import re
from collections.abc import Mapping

from bot.domain.answers import plain
from bot.domain.details_words import OWN
from bot.domain.request import RequestKind

_TOKEN = re.compile(r"[\w\u0900-\u097f]+")
# Nobody else's hands: what is ruled out, or the only one to whom it may be given.
_FOR_ME_ONLY = {
    "en": r"\b(?:don'?t|do not|never) (?:leave|give|drop|deliver|hand|put|take)\b.{0,20}\b(?:neighbou?rs?|next door|outside)\b"
    r"|(?<!why )\b(?:not|no) (?:with |to |at |by )?(?:the |my |any |a )?neighbou?rs?\b|\bnot (?:with |to )?(?:anyone|anybody) else"
    r"|\b(?:only (?:to )?me|to me only|hand (?:it )?(?:over )?to me|in person)\b",
    "fr": r"\bpas (?:chez |avec |a |au |aux )(?:le |la |les |l'|mon |ma |mes |une? )?voisin\w*|\bpas dehors\b|\ben mains? propres?\b"
    r"|\b(?:laisse|donne|remette|confie|depose|livre)[rz]?(?:[- ]l[ae]s?)? pas\b.{0,20}\b(?:voisin\w*|dehors)",
    "es": r"\b(?:no|nunca) (?:l[oae]s? )?(?:dej\w+|entreg\w+|den?)\b.{0,20}\b(?:vecin\w+|nadie|a?fuera)\b"
    r"|\b(?:no|ni) (?:con |al? )(?:el |la |los |mi |mis )?vecin\w+|\bsolo a mi\b|\ben mano\b",
    "de": r"\bnicht (?:beim?|zum|zu|an|mit|bei)(?: \w+)? nachbar\w*|\bkein\w* nachbar\w*|\bnicht (?:draussen|vor (?:der|die) (?:haus)?tur)\b"
    r"|\bnur (?:an )?mi(?:ch|r)\b|\bpersonlich (?:an mich|uber\w+|ab\w+)",
    "pt": r"\bnao (?:deix\w+|entreg\w+)\b.{0,20}\b(?:vizinh\w+|fora)\b|\bnao (?:com |no |ao )?(?:o |a )?vizinh\w+|\bem maos\b|\bso a mim\b",
    "it": r"\bnon (?:l[oa] )?(?:lasci\w+|dat\w+|consegn\w+)\b.{0,20}\b(?:vicin\w+|fuori)\b|\bnon (?:dal|dai|dalla|al|ai) vicin\w+|\bsolo a me\b",
    "hi": r"\bpados\w*\b.{0,15}\b(?:mat|nahi|na)\b|\bsirf mujhe\b|पड़ोसी.{0,15}(?:मत|नहीं)",
}
# On the way to the door, and to be waited for.
_IS_COMING = {
    "en": r"\b(?:can|could|will) (?:he|she|they|you|u|the (?:driver|courier))\b.{0,15}\bwait\b|\b(?:please|pls|ask|tell)\b.{0,25}\bwait\b"
    r"|\bwait for me\b|\bon my way(?: home| back| down)?\b|\balmost (?:home|there)\b"
    r"|\b(?:be|am|i'?ll be|coming) (?:right )?(?:down|there|back|home)? ?in (?:a|\d{1,2}) ?(?:min|sec)\w*",
    "fr": r"\b(?:m'? ?attend\w+|attend(?:ez|re|s) (?:moi|2|deux|un)|j'? ?arrive (?:dans|tout)|je descends)\b",
    "es": r"\b(?:que )?me espere\w*|\besper[ae]\w* (?:\d|un|cinco|diez|dos)\w*|\bya (?:llego|bajo|voy)\b|\bllego en \d",
    "de": r"\b(?:auf mich |kurz |bitte |noch )warten\b|\bnicht wegfahren\b|\b(?:bin|komme) (?:gleich|sofort|in \d{1,2} ?min\w*)",
    "pt": r"\b(?:me )?esper[ae]\w* por mim\b|\bja (?:chego|desco|vou)\b",
    "it": r"\b(?:mi )?aspett\w+(?:mi| \d)|\bsto arrivando\b|\barrivo (?:tra|subito|in)\b",
    "hi": r"\b(?:\d{1,2} ?min\w*|abhi) (?:me|mein|main) ?(?:aa|pahunch)\w*|\bruk\w* (?:ko|jao|jaiye|jaye)\b",
}
# The courier looks for the customer in the wrong place.
_COURIER = (
    r"driver|courier|delivery (?:guy|man)|he|she|they|livreur|coursier|il|repartidor|mensajero|fahrer|bote|zusteller|er|entregador"
    r"|ele|corriere|delivery wala|driver wo"
)
_ASTRAY = {
    "en": r"\b(?:at|outside|gone to|went to|in front of|on|in) (?:the )?wrong (?:house|door|address|building|street|flat|place|road|number)\b",
    "fr": r"\b(?:a|devant|dans|chez|au) (?:la |le |l')?mauvais[e]? (?:adresse|maison|porte|immeuble|rue|numero|batiment)\b|\btromp\w+ (?:d'adresse|de maison|de porte|de rue|d'immeuble)",
    "es": r"\b(?:en (?:la|el)|delante de (?:la|el)) (?:casa|puerta|direccion|edificio|calle|portal|numero) (?:equivocad[oa]|que no es)|\bequivocado de (?:casa|puerta|direccion|calle|portal)",
    "de": r"\b(?:am|vor dem|vor der|beim|im|in der) falschen (?:haus|tur|adresse|gebaude|strasse|straße|eingang|hausnummer)",
    "pt": r"\b(?:na|no|em frente (?:a|ao)) (?:casa|porta|endereco|predio|rua|numero) errad[oa]",
    "it": r"\b(?:alla|al|nella|nel|davanti alla) (?:casa|porta|indirizzo|palazzo|via|civico) sbagliat[oa]",
    "hi": r"\bgalat (?:ghar|address|pate?|gate|darwaz\w*) (?:pe|par|ke)|गलत (?:घर|पते|पता)",
}
# Somebody's name, for whoever rings or hands over.
_NAMED = {
    "en": r"\b(?:he|she|they)(?:'?s| is| are) called\b|\b(?:their|his|her) name(?:'?s| is)\b",
    "fr": r"\b(?:il|elle|ils) s'? ?appell\w+",
    "es": r"(?<!me )(?<!te )\bse llaman?\b",
    "de": r"\b(?:er|sie) hei(?:ss|ß)(?:t|en)\b",
    "pt": r"\b(?:ele|ela) se chama\b|\bchama-se\b",
    "it": r"(?<!mi )\bsi chiama\b",
    "hi": r"\b(?:uska|unka) naam\b|(?:उसका|उनका) नाम",
}
_OUT_OF_ORDER = (
    r"broken|(?:does ?n.?t|not|isn.?t|don.?t) work\w*|casse|en panne|marche pas|fonctionne pas|roto|no (?:funciona|va)|kaputt|defekt"
    r"|(?:geht|funktioniert) nicht|quebrad[oa]|nao funciona|rott[oa]|non funziona|kharab|खराब"
)
_ASKS_A_NAME = r"\b(?:what\w*|who|comment|como|wie|come|kya)\b|क्या|\?"
# What leads up to what is to be told.
_TELL = {
    "en": r"(?:tell|ask) (?:him|her|them|the (?:driver|courier|guy))(?: to| that)?|let (?:him|her|them|the (?:driver|courier)) know(?: that)?|(?:he|she|they|the driver)(?:'d)? (?:had )?better",
    "fr": r"dites?[- ](?:lui|leur|au (?:livreur|coursier))(?: de| que)?|demandez[- ](?:lui|leur|au livreur)(?: de| que)?",
    "es": r"d[ií]g(?:a|an)(?:le|les)?(?: al repartidor)?(?: que)?|dile(?: al repartidor)?(?: que)?",
    "de": r"sag(?:t|en sie)? (?:ihm|ihr|dem (?:fahrer|boten|zusteller)),?(?: dass| bitte)?",
    "pt": r"diga(?:m)? (?:a ele|ao entregador) (?:que|para)",
    "it": r"dica al corriere (?:di|che)",
    "hi": r"(?:bhaiya|driver|delivery wale) ko (?:bolna|bolo|kehna) (?:ki)?",
}
_NO_BELL = {
    "en": r"\b(?:do not|don['’]?t|without|no|not|never) (?:ring|buzz|knock|bell)(?:ing)?(?: (?:the )?(?:door ?)?(?:bell|buzzer))?",
    "fr": r"\b(?:ne )?(?:pas sonner|sonne[rz]? (?:surtout )?pas)|\bsans (?:sonner|frapper)",
    "es": r"\bno (?:llam\w+|toc\w+|toqu\w+) (?:al?|el|la) (?:timbre|puerta|telefonillo)|\bsin (?:llamar|tocar)",
    "de": r"\bnicht (?:klingeln|klopfen|läuten)|\bohne (?:zu )?(?:klingeln|klopfen|läuten)",
    "pt": r"\b(?:n[aã]o|sem) (?:toc\w+|toqu\w+)(?: (?:a|o|na) (?:campainha|interfone))?",
    "it": r"\b(?:non|senza) (?:suon|buss|citofon)\w+",
    "hi": r"\b(?:bell|ghanti) (?:mat|na|nahi)\b(?: baja\w*)?|घंटी (?:मत|न|नहीं)(?: बजा\S*)?",
}
# As they are written: with a plus or a nought before, or in groups; a carrier's number has neither.
_PHONE = r"(?:\+|0)\d(?:[ .()-]?\d){7,13}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{3,4}"
_FEW = 8


def _any(table: Mapping[str, str]) -> str:
    return "|".join(table.values())


_FOR_ME_ONLY_IN = re.compile(_any(_FOR_ME_ONLY))
_IS_COMING_IN = re.compile(_any(_IS_COMING))
_TOLD_IN = re.compile(rf"\b(?:{_any(_TELL)}) (\S+ .{{3,}}|\S{{6,}})", re.IGNORECASE | re.DOTALL)
_IS_ASTRAY_IN = re.compile(rf"\b(?:{_COURIER})\b.*(?:{_any(_ASTRAY)})")
_IS_NAMED_IN = re.compile(_any(_NAMED))
_ASKS_A_NAME_IN = re.compile(_ASKS_A_NAME)
_IS_OUT_OF_ORDER_IN = re.compile(rf"\b(?:{_OUT_OF_ORDER})(?!\w)")
_NO_BELL_IN = re.compile(_any(_NO_BELL), re.IGNORECASE)
_PHONE_IN = re.compile(rf"(?<![\w#])(?:{_PHONE})(?!\w)")


def for_me_only(text: str) -> bool:
    """Whether a message wants a parcel in nobody else's hands: "not with the neighbours", "nur an mich".

    It sounds like a wish for the very thing that it rules out.
    """
    return _FOR_ME_ONLY_IN.search(plain(text)) is not None


def is_coming(text: str) -> bool:
    """Whether somebody is on their way to the door and wants to be waited for: "5 min, can he wait"."""
    return _IS_COMING_IN.search(plain(text)) is not None


def is_astray(text: str) -> bool:
    """Whether the courier is said to look in the wrong place: "the driver is at the wrong house"."""
    return _IS_ASTRAY_IN.search(plain(text)) is not None


def names_somebody(text: str) -> bool:
    """Whether a message says what somebody else is called: "il s'appelle M. Roy"."""
    words = plain(text)
    return _IS_NAMED_IN.search(words) is not None and not _ASKS_A_NAME_IN.search(words)


def for_the_courier(text: str) -> bool:
    """Whether a message of a few words can only be meant for the courier: a phone, a code, a name."""
    tokens = [plain(match[0]) for match in _TOKEN.finditer(text)]
    if _PHONE_IN.fullmatch(text.strip()) or (names_somebody(text) and len(tokens) <= _FEW):
        return True
    named = any(token in OWN[RequestKind.access_note] for token in tokens)
    coded = _IS_OUT_OF_ORDER_IN.search(plain(text)) or any(
        any(c.isdigit() for c in token) and len(token) > 2 for token in tokens
    )
    return named and bool(coded) and len(tokens) <= _FEW


def tells_phone(text: str) -> bool:
    """Whether a telephone number stands in a message."""
    return _PHONE_IN.search(text) is not None


def dont_ring(text: str) -> str | None:
    """The words that ask for no bell and no knock: "don't ring", "ohne zu klingeln"; else None."""
    found = _NO_BELL_IN.search(text)
    return found[0] if found else None


def message_to_courier(text: str) -> str | None:
    """What is to be told: "speak slowly", of "tell him to speak slowly"."""
    found = _TOLD_IN.search(text)
    return " ".join(found[1].split()) if found else None
