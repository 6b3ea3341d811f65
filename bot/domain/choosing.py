"""Which of several things a message means, or that none of them will do.

By its place ("the second one"), any ("whenever"), all ("both"), or others than those offered.
"""

import re

from bot.domain.answers import EDGE, POLITE, any_of, plain

_ANY = {
    "en": "any(?:time| time| of them| one)?|whenever|whichever|doesn'?t matter|don'?t (?:mind|care)|either"
    "|you choose|up to you|(?:the )?(?:nearest|closest|earliest|soonest)",
    "fr": "n'importe(?: quand| lequel| laquelle)?|peu importe|au choix|comme vous voulez|m'est egal"
    "|(?:le |la )?plus (?:proche|pres|tot)(?: possible)?",
    "es": "cualquiera|(?:me )?da igual|como quieras|cuando quieras|(?:el |la )?mas (?:cercano|cercana|pronto)"
    "|cuanto antes",
    "de": "egal(?: wann| welche[rs]?)?|irgendwann|irgendeine[rs]?|suchen sie (?:eine )?aus"
    "|(?:die |der |das |am )?nachste[nrs]?(?:gelegene)?|(?:die |der |das )?fruheste",
    "pt": "qualquer(?: um| uma)?|tanto faz|(?:o |a )?mais (?:proximo|proxima|cedo)",
    "it": "qualsiasi|e uguale|fa lo stesso|indifferente|(?:il |la )?piu (?:vicino|vicina|presto)",
    "hi": "koi bhi|kabhi bhi|sabse (?:paas|jaldi)(?: wala)?|कोई भी|कभी भी|सबसे पास(?: वाला)?",
}
# What is asked for besides what was offered: other times or places, or another day.
_OTHERS = {
    "en": "(?:any|what|which|some|got|have|see|show|give|are there) (?:.{0,12} )?(?:others|more|else)"
    "|any other|when else|(?:the|what|which) others|(?:any|some)(?:thing)? (?:later|earlier|sooner)|none (?:of (?:them|those|these)|works?)|neither(?: works?)?|(?:can'?t|cannot) (?:do|make) (?:any|either) of|other (?:ones|times?|slots?|options?)"
    "|(?:another|different) (?:time|slot|option|one)",
    "fr": "(?:d'|les |quels |une? )?autres? (?:creneaux?|horaires?|heures?|choix|possibilites?|options?|points?|propositions?)"
    "|d'autres|(?:quand sinon|sinon,? quand)|autre chose|aucun(?:e)? (?:ne me|des (?:deux|trois)|de ceux|de ces)|rien de plus (?:tot|tard)|(?:rien|aucun) ne (?:me )?(?:va|convient)",
    "es": "otr[oa]s? (?:horas?|horarios?|opcion(?:es)?|franjas?|huecos?|alternativas?|puntos?)|otra cosa|hay mas|que mas|cuando (?:si no|mas)"
    "|ningun[oa] (?:me|de)|me (?:va|vale|viene bien|sirve|cuadra|conviene) ningun[oa]|algo mas (?:tarde|temprano|pronto)",
    "de": "andere[rns]? (?:zeit(?:en)?|uhrzeit(?:en)?|termine?|zeitfenster|moglichkeit(?:en)?|optionen?|stellen?)"
    "|(?:noch )?(?:was|etwas) anderes|wann (?:denn )?(?:sonst|noch)|sonst noch|kein(?:er|e|e?s) (?:davon|passt)|passt (?:mir )?(?:alles )?nicht|passt (?:mir )?(?:leider )?keine?s?|nichts (?:spateres|fruheres)"
    "|(?:noch )?(?:was|etwas) (?:spateres|fruheres)",
    "pt": "outr[oa]s? (?:horarios?|horas?|opc(?:ao|oes)|pontos?)|mais opcoes|nenhuma? (?:me|dess|dest)|(?:me serve|serve) nenhuma?",
    "it": "altr[oaie] (?:orari[oe]?|fasc[ei]a?|opzion[ei]|scelt[ae]|punt[oi])|qualcos'altro|nessun[oa] di|mi va bene nessun[oa]",
    "hi": "(?:aur|koi aur|dusra|doosra) (?:time|slot|option|samay)|aur kya hai|aur koi|और (?:कोई|समय)",
}
_OTHER_DAYS = {
    "en": "(?:any|an|some|what|which|the|a|no|on)? ?(?:other|another|different) (?:days?|dates?)",
    "fr": "autres? (?:jours?|journees?|dates?)",
    "es": "otr[oa]s? (?:dias?|fechas?)",
    "de": "andere[rnms]? (?:tage?|datum|daten)",
    "pt": "outr[oa]s? (?:dias?|datas?)",
    "it": "altr[oaie] (?:giorn[oi]|dat[ae])",
    "hi": "(?:aur koi|koi aur|dusra|doosra|kisi aur|aur) din|दूसरा दिन|किसी और दिन",
}
# Before what is chosen in place of something else: "no wait, the last one".
_TAKING_BACK = (
    "no|nope|non|nee?|nein|nao|nahi|wait|hang on|hold on|sorry|oops|actually|attende[zs]|pardon|finalement"
    "|en fait|plutot|esper[ae]|perdona|mejor|warte|moment|doch|eigentlich|scusa|aspetta|anzi|ruko"
    "|make (?:it|that)|rather|instead|mettez|mets|pon|nimm|nehmen sie"
)
_BOTH = {
    "en": "both|all (?:of (?:them|it|my)|my|the|two|three|2|3)(?: parcels| packages| orders)?|each of them|everything",
    "fr": "(?:les|mes|tous les|toutes les) (?:deux|trois)|tous (?:mes|les) colis|tous|toutes",
    "es": "amb[oa]s|(?:l[oa]s|mis) (?:dos|tres)|tod[oa]s(?: mis paquetes)?",
    "de": "beide[ns]?|alle (?:pakete|drei|beide)|(?:die|meine) (?:zwei|drei) pakete",
    "pt": "amb[oa]s|(?:os|as) (?:dois|duas|tres)|tod[oa]s",
    "it": "entramb[ie]|tutt[ie] e due|tutt[ie]",
    "hi": "dono|donon|dono ko|saare|sab|दोनों|सारे",
}
_MINE = {
    "en": "(?:my|the) (?:parcels|packages|orders|deliveries|things)",
    "fr": "(?:mes|les) (?:colis|paquets|commandes)",
    "es": "(?:mis|los) (?:paquetes|pedidos|envios)",
    "de": "(?:meine|die) (?:pakete|sendungen|bestellungen)",
    "pt": "(?:meus|minhas|os|as) (?:pacotes|encomendas|pedidos)",
    "it": "(?:i )?miei (?:pacchi|ordini)|i pacchi",
    "hi": "mere (?:saare )?parcels?|मेरे पार्सल",
}
# The places in a list, the last of all as -1.
_PLACES = {
    0: "first|1st (?:one|option)|premiere?|1ere|primer[oa]?|erste[nrs]?|primeir[oa]|prim[oa]|pehl[aei]|पहल[ािेी]",
    1: "second|2nd (?:one|option)|deuxieme|seconde?|2e(?:me)?|segund[oa]|zweite[nrs]?|second[oa]|dusr[aei]|doosr[aei]|दूसर[ािेी]",
    2: "third|3rd (?:one|option)|troisieme|3e(?:me)?|tercer[oa]?|dritte[nrs]?|terceir[oa]|terz[oa]|tisr[aei]|teesr[aei]|तीसर[ािेी]",
    -1: "last|dernier|derniere|ultim[oa]|letzte[nrs]?|aakhri|akhri|आखिरी",
}
_AROUND = (
    "ok|okay|oui|yes|si|ja|sim|haan?|alors|then|dann|the|le|la|les|el|los|der|die|das|den|dem|o|a|il|lo"
    "|i'?ll take|i take|take|je prends|prends|plutot|rather|lieber|mejor|me quedo con|ich nehme|nehme"
    "|one|option|wala|wali|वाला"
)
# "The 2nd" and "le 2" are days of the month: a bare number needs a word that says it is none.
_NUMBER_OF = "la|option|choice|choix|opcion|opcao|opzione|number|numero|nummer|n°|#|ok|okay|i'?ll take|je prends"

_PLACE = {
    place: re.compile(
        rf"^\W*(?:(?:{plain(_AROUND)})\W+)*(?:{plain(words)})(?:\W+(?:{plain(_AROUND)}|{plain(POLITE)}))*\W*$"
    )
    for place, words in _PLACES.items()
}
_TAKES_ANY = re.compile(
    rf"^\W*(?:(?:{plain(_AROUND)}|is|ist|est|es|e|mir|me|ca|it|that|which|welche[rs]?|one|what(?:'?s)?|was|quel(?:le)?|cual|c'est|your|you can do)\W+)*(?:{any_of(_ANY)})"
    rf"(?:\W+(?:{plain(_AROUND)}|{plain(POLITE)}|is|ist|est|nearest|closest|best|fine|good|hai"
    r"|to me|to us|to my place|by me|near me|de (?:chez )?moi|de mi(?: casa)?|von mir|zu mir|da me))*\W*$"
)
_MEANS_BOTH = re.compile(rf"(?<!\w)(?:{any_of(_BOTH)}){EDGE}")
_MEANS_ALL = re.compile(rf"(?<!\w)(?:{any_of(_BOTH)}|{any_of(_MINE)}){EDGE}")
_ASKS_OTHERS = re.compile(rf"(?<!\w)(?:{any_of(_OTHERS)})(?!\w)")
_ASKS_OTHER_DAYS = re.compile(rf"(?<!\w)(?:{any_of(_OTHER_DAYS)})(?!\w)")
_TAKES_BACK = re.compile(rf"^\W*(?:(?:{_TAKING_BACK})(?!\w)\W*)+")
_NUMBERED = re.compile(
    rf"^\W*(?:(?:{plain(_NUMBER_OF)})\W*)+(\d{{1,2}})(?:\W+(?:{plain(POLITE)}))*\W*$"
)


def named_place(text: str, many: int) -> int | None:
    """Which of `many` things a message means by its place: "the second one", "option 2"."""
    words = plain(text)
    numbered = _NUMBERED.match(words)
    if numbered is not None:
        place = int(numbered[1]) - 1
        return place if 0 <= place < many else None
    found = next((place for place, form in _PLACE.items() if form.match(words)), None)
    if found is None or found >= many:
        return None
    return found % many


def chosen_instead(text: str, many: int) -> int | None:
    """Which of `many` things that were offered before is wanted after all: "no wait, the last"."""
    return named_place(_TAKES_BACK.sub("", plain(text)), many)


def asks_others(text: str) -> bool:
    """Whether a message asks for what was not offered yet: "what are the other times?"."""
    return _ASKS_OTHERS.search(plain(text)) is not None or asks_other_days(text)


def asks_other_days(text: str) -> bool:
    """Whether it is another day that is asked for: "any other day?"."""
    return _ASKS_OTHER_DAYS.search(plain(text)) is not None


def means_both(text: str) -> bool:
    """Whether a message speaks of all there are: "both of them", "les deux"."""
    return _MEANS_BOTH.search(plain(text)) is not None


def means_all(text: str) -> bool:
    """Whether a message asks about all parcels at once: "where are my parcels", "all of them"."""
    return _MEANS_ALL.search(plain(text)) is not None


def takes_any(text: str) -> bool:
    """Whether a message leaves the choice to us: "whenever", "egal wann", "le plus proche"."""
    return _TAKES_ANY.match(plain(text)) is not None
