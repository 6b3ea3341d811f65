"""What a message asks that no intent of the reader tells: why not, until when, how heavy."""

import re

from bot.domain.answers import EDGE, any_of, plain

_WHY = {
    "en": "why|how come|what for",
    "fr": "pourquoi|comment ca se fait",
    "es": "por que|porque no|como es que",
    "de": "warum|wieso|weshalb|wie kommt",
    "pt": "por que|porque nao",
    "it": "perche|come mai",
    "hi": "kyu|kyun|kyon|क्यों",
}
_HOURS = {
    "en": "open|opens|opening|close|closes|closing|closed|hours|till when|until when",
    "fr": "ouvert|ouverte|ouvre|ouverture|ferme|fermeture|horaires?",
    "es": "abre|abren|abierto|cierra|cierran|horario",
    "de": "offen|geoffnet|offnet|offnungszeiten|schliesst|schließt|macht zu|macht auf|zu",
    "pt": "abre|aberto|fecha|horario",
    "it": "apre|aperto|chiude|orari|orario",
    "hi": "khulta|khula|band|khulega|खुलता|बंद",
}
_KEPT = {
    "en": "(?:how long|how many days|till when|until when|what date).{0,30}(?:keep|kept|hold|held|store|stay)|keep it (?:for )?how long",
    "fr": "(?:combien de (?:temps|jours)|jusqu'a quand).{0,30}(?:gard|conserv|rest)|(?:gard|conserv)\\w+.{0,20}(?:combien de|jusqu'a quand)",
    "es": "(?:cuanto tiempo|cuantos dias|hasta cuando).{0,30}(?:guard|conserv|tienen|queda)",
    "de": "(?:wie lange|wie viele tage|bis wann).{0,40}(?:aufbewahr|liegen|liegt|bleibt|lager|aufgehoben)",
    "pt": "(?:quanto tempo|quantos dias|ate quando).{0,30}(?:guard|fica)",
    "it": "(?:quanto tempo|quanti giorni|fino a quando|per quanto).{0,30}(?:ten|conserv|rest|giacenza)",
    "hi": "(?:kitne din|kab tak).{0,30}(?:rakh|rahega)|(?:कितने दिन|कब तक).{0,30}(?:रख|रहेगा)",
}
# What a carrier tells nobody: how big it is, who carries it up, what has to be shown.
_THING = {
    "en": "how (?:big|heavy|large|much does it weigh)|(?:big|large|heavy|small) (?:box|parcel|package|one)|what size|weigh\\w*|fit (?:in|through)|carry it|upstairs|(?:need|bring|show) (?:an? |my |any |some )?(?:id|ids|passport|ident\\w+)\\b",
    "fr": "quelle taille|c'est (?:gros|lourd|grand)|combien (?:il|elle|ca) pese|quel poids|pese\\b|monter (?:a l'etage|le colis|les)|piece d'identite|carte d'identite",
    "es": "que tamano|es (?:grande|pesado)|cuanto pesa|subirlo|suben a|(?:llevar|ensenar|mostrar) (?:el |mi |un )?(?:dni|documento|pasaporte)",
    "de": "wie (?:gross|schwer)|was wiegt|hochtragen|hoch tragen|in den \\d\\. stock tragen|(?:ausweis|perso) (?:mit|zeigen|vor)\\w*|brauche ich (?:einen |den )?(?:ausweis|perso)",
    "pt": "que tamanho|e (?:grande|pesad[oa])|quanto pesa|subir com|(?:levar|mostrar) (?:o |um )?(?:documento|rg|cc)\\b",
    "it": "quanto e (?:grande|pesante)|quanto pesa|portarlo su|portano al piano|(?:portare|serve|mostrare) (?:un |il |la )?(?:documento|carta d'identita)",
    "hi": "kitna (?:bada|bhari|wazan)|upar tak la\\w*|id (?:chahiye|lana|dikhani)|कितना (?:बड़ा|भारी)",
}

_ASKS_WHY = re.compile(rf"(?<!\w)(?:{any_of(_WHY)}){EDGE}")
_ASKS_HOURS = re.compile(rf"(?<!\w)(?:{any_of(_HOURS)}){EDGE}")
_ASKS_HOW_LONG_KEPT = re.compile(rf"(?<!\w)(?:{any_of(_KEPT)})")
_ASKS_OF_THE_THING = re.compile(rf"(?<!\w)(?:{any_of(_THING)})")


def asks_why(text: str) -> bool:
    """Whether a message asks for the reason ("why not?", "warum geht das nicht")."""
    return _ASKS_WHY.search(plain(text)) is not None


def asks_opening_hours(text: str) -> bool:
    """Whether a message about a shop asks when it is open: "what time does it close?"."""
    return _ASKS_HOURS.search(plain(text)) is not None


def asks_how_long_kept(text: str) -> bool:
    """Whether a message about a shop asks until when it can be fetched: "how long do they keep it?"."""
    return _ASKS_HOW_LONG_KEPT.search(plain(text)) is not None


def asks_of_the_thing(text: str) -> bool:
    """Whether a message asks what nobody tells us of a parcel: its size, who carries it, an ID."""
    return _ASKS_OF_THE_THING.search(plain(text)) is not None
