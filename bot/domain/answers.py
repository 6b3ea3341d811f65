"""Yes, no, forget it, back: said in the ways people say them, in every served language.

At a yes-or-no question the first word counts for more than any reader's opinion: "oui merci" is
read as thanks, "sure, go ahead" as anything.
"""

import re
import unicodedata

_YES = {
    "en": "yes|yep|yeah|yea|yup|yess+|ya|ye|y|ok|oki|okay|k|sure|perfect|great|please do|go ahead"
    "|go for it|do it|sounds good|deal|that'?s (?:fine|right|good|correct)|fine|confirm(?:ed)?"
    "|correct|absolutely|of course|definitely|alright|all right|works for me|why not|right",
    "fr": "oui|ouais|ouep|oué|o|d'?accord|dac|dacc?|parfait|vas[- ]?y|allez[- ]?y|volontiers"
    "|bien sur|ca marche|ca me va|ca me convient|c'?est bon|c'?est parfait|c'?est ca|nickel"
    "|entendu|je confirme|confirme[rz]?|avec plaisir|top|tout a fait|exact|super",
    "es": "si|sii+|vale|claro|de acuerdo|perfecto|por supuesto|dale|confirmo|correcto|adelante"
    "|esta bien|hecho|genial|venga|eso es|exacto",
    "de": "ja|jo|jap|jep|jawohl|gerne?|klar|in ordnung|passt|genau|einverstanden|machen sie das"
    "|mach das|stimmt|bestatigt?|bitte|richtig|auf jeden fall|natürlich|naturlich|jup",
    "pt": "sim|s|claro|com certeza|pode ser|pode|isso|isso mesmo|beleza|blz|perfeito|confirmo"
    "|certo|ta bom|esta bem|de acordo|combinado|bora|por favor",
    "it": "si|certo|va bene|va benissimo|d'?accordo|perfetto|confermo|ok va bene|esatto|certamente"
    "|procedi|proceda|volentieri|giusto",
    "hi": "haan?|ha ji|haan? ji|ji haan?|ji|theek hai|thik hai|thik h|theek|bilkul|sahi hai|kar do"
    "|kar dijiye|kardo|chalega|ho jaye|acha|accha"
    "|हां|हाँ|जी|जी हां|ठीक है|बिल्कुल|कर दो|कर दीजिए|सही है",
}
_NO = {
    "en": "no|nope|nah|not now|rather not|don'?t|do not|never",
    "fr": "non|nan|pas maintenant|surtout pas|ne .* pas",
    "es": "no|nop|para nada|mejor no",
    "de": "nein|nee|ne|noe|lieber nicht|nicht",
    "pt": "nao|n|melhor nao",
    "it": "no|meglio di no|non",
    "hi": "nahi|nahin|nai|nhi|mat|नहीं|मत|ना",
}
_GIVE_UP = {
    "en": r"never ?mind|nvm|forget (?:about )?(?:it|that|everything)|drop it|leave it(?: as it is)?$"
    r"|^cancel(?: that| this)?$",
    "fr": r"laisse[sz]? (?:tomber|beton)|oublie[sz]?(?: ca)?|tant pis|^annule[rz]?$|on annule",
    "es": r"olvid[aeo](?:lo)?|dejalo|dejelo|da igual|^cancela(?:r|lo)?$",
    "de": r"vergiss(?: es|'?s)?|vergessen sie(?: es)?|lass(?:en sie)?(?: es|'?s)?(?: gut sein)?$"
    r"|schon gut|^abbrechen$|egal jetzt",
    "pt": r"esquec[ea](?: isso)?|deixa (?:pra la|para la|estar|quieto)|^cancela(?:r)?$",
    "it": r"lascia(?:mo)? (?:perdere|stare)|lasci (?:perdere|stare)|non importa|fa niente|^annulla$",
    "hi": r"rehne do|rahne do|chhodo|chodo|jane do|jaane do|रहने दो|छोड़ो|जाने दो",
}
_BACK = {
    "en": "back|go back|step back|previous|one step back",
    "fr": "retour|revenir|en arriere|retour en arriere|precedent|revenir en arriere",
    "es": "atras|volver|vuelve|volver atras|anterior|regresar",
    "de": "zuruck|einen schritt zuruck|vorherige",
    "pt": "voltar|volta|atras|anterior",
    "it": "indietro|torna indietro|tornare indietro|precedente",
    "hi": "wapas|vapas|peeche|pichhe|wapas jao|peeche jao|वापस|पीछे",
}
_BUT = {
    "en": "but|instead|not yet|rather|actually|except",
    "fr": "mais|plutot|pas encore|en fait|sauf",
    "es": "pero|mejor|todavia no|en realidad|sino",
    "de": "aber|sondern|lieber|noch nicht|eigentlich|doch nicht",
    "pt": "mas|melhor|ainda nao|na verdade",
    "it": "ma|pero|invece|non ancora|piuttosto",
    "hi": "lekin|par|magar|abhi nahi|लेकिन|पर|मगर",
}
_ANY = {
    "en": "any(?:time| time| of them| one)?|whenever|whichever|doesn'?t matter|don'?t (?:mind|care)|either"
    "|you choose|up to you|(?:the )?(?:nearest|closest|earliest|soonest)",
    "fr": "n'importe(?: quand| lequel| laquelle)?|peu importe|au choix|comme vous voulez|m'est egal"
    "|(?:le |la )?plus (?:proche|pres|tot)(?: possible)?",
    "es": "cualquiera|(?:me )?da igual|como quieras|cuando quieras|(?:el |la )?mas (?:cercano|cercana|pronto)"
    "|cuanto antes",
    "de": "egal(?: wann| welche[rs]?)?|irgendwann|irgendeine[rs]?|suchen sie (?:eine )?aus"
    "|(?:die |der |das )?nachste(?:gelegene)?|(?:die |der |das )?fruheste",
    "pt": "qualquer(?: um| uma)?|tanto faz|(?:o |a )?mais (?:proximo|proxima|cedo)",
    "it": "qualsiasi|e uguale|fa lo stesso|indifferente|(?:il |la )?piu (?:vicino|vicina|presto)",
    "hi": "koi bhi|kabhi bhi|sabse (?:paas|jaldi)(?: wala)?|कोई भी|कभी भी|सबसे पास(?: वाला)?",
}
# What is asked for besides what was offered: other times or places, or another day.
_OTHERS = {
    "en": "(?:any|what|which|some|got|have|see|show|give|are there) (?:.{0,12} )?(?:others|more|else)"
    "|any other|(?:the|what|which) others|(?:any|some)(?:thing)? (?:later|earlier|sooner)|none of (?:them|those|these)|other (?:ones|times?|slots?|options?)"
    "|(?:another|different) (?:time|slot|option|one)",
    "fr": "(?:d'|les |quels |une? )?autres? (?:creneaux?|horaires?|heures?|choix|possibilites?|options?|points?|propositions?)"
    "|d'autres|autre chose|aucun(?:e)? (?:ne me|des (?:deux|trois)|de ceux|de ces)|rien de plus (?:tot|tard)",
    "es": "otr[oa]s? (?:horas?|horarios?|opcion(?:es)?|franjas?|huecos?|alternativas?|puntos?)|otra cosa|hay mas|que mas"
    "|ningun[oa] (?:me|de)|algo mas (?:tarde|temprano|pronto)",
    "de": "andere[rns]? (?:zeit(?:en)?|uhrzeit(?:en)?|termine?|zeitfenster|moglichkeit(?:en)?|optionen?|stellen?)"
    "|(?:noch )?(?:was|etwas) anderes|sonst noch|kein(?:er|e|es) (?:davon|passt)|nichts (?:spateres|fruheres)"
    "|(?:noch )?(?:was|etwas) (?:spateres|fruheres)",
    "pt": "outr[oa]s? (?:horarios?|horas?|opc(?:ao|oes)|pontos?)|mais opcoes|nenhum(?:a)? (?:me|dess|dest)",
    "it": "altr[oaie] (?:orari[oe]?|fasc[ei]a?|opzion[ei]|scelt[ae]|punt[oi])|qualcos'altro|nessun[oa] di",
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
# The places in a list, the last of all as -1.
_PLACES = {
    0: "first|premiere?|1ere|primer[oa]?|erste[nrs]?|primeir[oa]|prim[oa]|pehl[aei]|पहल[ािेी]",
    1: "second|deuxieme|seconde?|2e(?:me)?|segund[oa]|zweite[nrs]?|second[oa]|dusr[aei]|doosr[aei]|दूसर[ािेी]",
    2: "third|troisieme|3e(?:me)?|tercer[oa]?|dritte[nrs]?|terceir[oa]|terz[oa]|tisr[aei]|teesr[aei]|तीसर[ािेी]",
    -1: "last|dernier|derniere|ultim[oa]|letzte[nrs]?|aakhri|akhri|आखिरी",
}
_AROUND = (
    "ok|okay|oui|yes|si|ja|sim|haan?|alors|then|dann|the|le|la|les|el|los|der|die|das|den|dem|o|a|il|lo"
    "|i'?ll take|i take|take|je prends|prends|plutot|rather|lieber|mejor|me quedo con|ich nehme|nehme"
    "|one|option|wala|wali|वाला"
)
# "The 2nd" and "le 2" are days of the month: a bare number needs a word that says it is none.
_NUMBER_OF = "la|option|choice|choix|opcion|opcao|opzione|number|numero|nummer|n°|#|ok|okay|i'?ll take|je prends"
_POLITE = (
    "please|pls|plz|thanks?(?: you)?|ta|cheers|svp|stp|merci|s'il vous plait|gracias|por favor"
    "|bitte|danke|obrigad[oa]|grazie|per favore|ji|shukriya|dhanyavaad|कृपया|धन्यवाद"
)


def _any(table: dict[str, str]) -> str:
    return "|".join(plain(words) for words in table.values())


def plain(text: str) -> str:
    """Lower case, straight apostrophes, no accents on Latin letters."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return unicodedata.normalize("NFC", "".join(c for c in folded if not "\u0300" <= c <= "\u036f"))


_PLACE = {
    place: re.compile(
        rf"^\W*(?:(?:{plain(_AROUND)})\W+)*(?:{plain(words)})(?:\W+(?:{plain(_AROUND)}|{plain(_POLITE)}))*\W*$"
    )
    for place, words in _PLACES.items()
}
_TAKES_ANY = re.compile(
    rf"^\W*(?:(?:{plain(_AROUND)}|is|ist|est|es|e|mir|me|ca|it|that|which|one)\W+)*(?:{_any(_ANY)})"
    rf"(?:\W+(?:{plain(_AROUND)}|{plain(_POLITE)}|is|ist|est|nearest|closest|best|fine|good|hai))*\W*$"
)
_ASKS_OTHERS = re.compile(rf"(?<!\w)(?:{_any(_OTHERS)})(?!\w)")
_ASKS_OTHER_DAYS = re.compile(rf"(?<!\w)(?:{_any(_OTHER_DAYS)})(?!\w)")
_TAKES_BACK = re.compile(rf"^\W*(?:(?:{_TAKING_BACK})(?!\w)\W*)+")
_NUMBERED = re.compile(
    rf"^\W*(?:(?:{plain(_NUMBER_OF)})\W*)+(\d{{1,2}})(?:\W+(?:{plain(_POLITE)}))*\W*$"
)
_EDGE = r"(?![\w\u0900-\u097f])"
_SAYS_YES = re.compile(rf"^\W*(?:{_any(_YES)}|👍+|✅|👌)\W*?(?:{_EDGE}|$)")
_SAYS_NO = re.compile(rf"^\W*(?:{_any(_NO)}|👎|❌){_EDGE}")
_GIVES_UP = re.compile(
    "|".join(
        part if part.startswith("^") else rf"(?<![\w]){part}{'' if part.endswith('$') else _EDGE}"
        for table in _GIVE_UP.values()
        for part in re.split(r"\|(?![^(]*\))", plain(table))
    )
)
_GOES_BACK = re.compile(rf"^\W*(?:{_any(_BACK)})(?: (?:{plain(_POLITE)}))?\W*$")
_HAS_BUT = re.compile(rf"(?<![\w\u0900-\u097f])(?:{_any(_BUT)}){_EDGE}|\?")


def says_yes(text: str) -> bool:
    """Whether a message begins with a yes and takes nothing of it back."""
    words = plain(text)
    return _SAYS_YES.match(words) is not None and not has_but(words)


def says_no(text: str) -> bool:
    """Whether a message begins with a no."""
    return _SAYS_NO.match(plain(text)) is not None


def has_but(text: str) -> bool:
    """Whether a message qualifies what it says: "yes but", "instead", or a question."""
    return _HAS_BUT.search(plain(text)) is not None


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


def takes_any(text: str) -> bool:
    """Whether a message leaves the choice to us: "whenever", "egal wann", "le plus proche"."""
    return _TAKES_ANY.match(plain(text)) is not None


def gives_up(text: str) -> bool:
    """Whether a message wants to leave everything as it is ("forget it", "laisse tomber")."""
    return _GIVES_UP.search(plain(text).strip(" .,!?;:")) is not None


def goes_back(text: str) -> bool:
    """Whether a message, as a whole, asks for the step before."""
    return _GOES_BACK.match(plain(text)) is not None
