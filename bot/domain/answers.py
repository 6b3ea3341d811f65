"""Yes, no, forget it, back: said in the ways people say them, in every served language.

At a yes-or-no question the first word counts for more than any reader's opinion: "oui merci" is
read as thanks, "sure, go ahead" as anything.
"""

import re
import unicodedata
from collections.abc import Mapping

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
    r"|^cancel(?: that| this)?$|changed my mind$",
    "fr": r"laisse[sz]? (?:tomber|beton)|oublie[sz]?(?: ca)?|tant pis|change d['\s]?avis$|^annule[rz]?$|on annule",
    "es": r"olvid[aeo](?:lo)?|dejalo|dejelo|da igual|cambiado de (?:idea|opinion)$|^cancela(?:r|lo)?$",
    "de": r"vergiss(?: es|'?s)?|vergessen sie(?: es)?|lass(?:en sie)?(?: es|'?s)?(?: gut sein)?$"
    r"|schon gut|anders uberlegt$|^abbrechen$|egal jetzt",
    "pt": r"esquec[ea](?: isso)?|mudei de ideia$|deixa (?:pra la|para la|estar|quieto)|^cancela(?:r)?$",
    "it": r"lascia(?:mo)? (?:perdere|stare)|lasci (?:perdere|stare)|cambiato idea$|non importa|fa niente|^annulla$",
    "hi": r"rehne do|rahne do|chhodo|chodo|jane do|jaane do|(?:irada|mann?) badal (?:gaya|diya)$|रहने दो|छोड़ो|जाने दो",
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
_FEW = 7
_BUT = {
    "en": "but|instead|not yet|rather|actually|except",
    "fr": "mais|plutot|pas encore|en fait|sauf",
    "es": "pero|mejor|todavia no|en realidad|sino",
    "de": "aber|sondern|lieber|noch nicht|eigentlich|doch nicht",
    "pt": "mas|melhor|ainda nao|na verdade",
    "it": "ma|pero|invece|non ancora|piuttosto",
    "hi": "lekin|par|magar|abhi nahi|लेकिन|पर|मगर",
}
_KEEP = {
    "en": "(?:leave|keep) (?:it|that|everything|things|all)(?: (?:like that|as (?:it|that|they) (?:is|was|are)|the same))?|stay as (?:it|they) (?:is|are)",
    "fr": "laisse[sz]? (?:tout )?comme (?:ca|c'est)|garde[sz]? comme ca|ne chang(?:ez|e) rien",
    "es": "dej(?:alo|elo|a|e|ad)(?: todo)? (?:asi|como esta)",
    "de": "(?:alles )?(?:so|dabei) (?:lassen|belassen|bleiben)|lass(?:en sie)? (?:es|alles|das) so|bleibt so",
    "pt": "deix[ae](?: tudo)? (?:assim|como esta)",
    "it": "lasci(?:a|amo|ate)?(?: tutto)? (?:cosi|com'e)",
    "hi": "(?:aise|waise) hi rehne do|ऐसे ही रहने दो",
}
_ABSENT = {
    "en": "(?:won'?t|wont|not going to|not gonna|will not) be (?:in|home|at home|there|here|around)|(?:i'?m|im|am) not (?:in|home|at home|there|around)|(?:nobody|no one|noone)(?:'?s| is|'ll be| will be| be)? (?:in|home|there|at home)",
    "fr": "(?:serai|suis|sera) (?:pas|absente?|jamais)(?: l)?a?|pas (?:la|chez moi|dispo|disponible|a la maison)|absente?",
    "es": "no (?:voy a estar|estare|estaria|estamos|estaremos|estoy)|nadie en casa|no hay nadie",
    "de": "nicht (?:da|zu ?hause|daheim)|niemand (?:da|zu ?hause)|bin (?:weg|unterwegs|verreist)",
    "pt": "nao (?:vou )?(?:estar|estarei|estamos|estou|to|tou)|ninguem em casa",
    "it": "non ci (?:sono|saro|saremo)|non (?:sono|saro|saremo) (?:a|in) casa|nessuno in casa",
    "hi": "nahi (?:hoon|hun|hu|rahunga|rahungi|milunga|milungi)|ghar (?:pe|par) nahi|नहीं (?:हूं|हूँ|रहूँगा|रहूंगी)",
}
_PRESENT = {
    "en": "(?:i|we)(?: was|'?ve been| have been| were| been)(?: \\w+){0,2} (?:in|home|at home|there|here|inside)|(?:i|we) (?:did not|didn'?t|never|haven'?t) (?:leave|left|go out|gone out)",
    "fr": "(?:j')?etais(?: \\w+){0,2} (?:la|chez moi|a la maison|present\\w*)|on etait(?: \\w+){0,2} (?:la|a la maison)|pas bouge",
    "es": "(?:estaba|estuve|estabamos|he estado)(?: \\w+){0,3} (?:en casa|aqui|ahi|alli)|no (?:he salido|sali|me movi)",
    "de": "(?:war|waren)(?: \\w+){0,4} (?:da|zu ?hause|daheim|hier)|nicht (?:weg|raus)gegangen",
    "pt": "(?:estava|estive|tava)(?: \\w+){0,3} (?:em casa|aqui|la)|nao sai de casa",
    "it": "(?:ero|eravamo|sono stat[oa])(?: \\w+){0,3} (?:a|in) casa|non mi sono moss[oa]",
    "hi": "ghar (?:pe|par|mein)(?: hi)? th[aie]|घर (?:पर|में)(?: ही)? थ[ाीे]",
}
_WAS_NOT = "not|wasn'?t|weren'?t|n'etais|n'etait|pas (?:la|chez)|absente?|no (?:estaba|estuve|estabamos)|nicht|nadie|niemand|nao (?:estava|tava)|non (?:ero|eravamo)|nahi|नहीं"
POLITE = (
    "please|pls|plz|thanks?(?: you)?|ta|cheers|svp|stp|merci|s'il vous plait|gracias|por favor"
    "|bitte|danke|obrigad[oa]|grazie|per favore|ji|shukriya|dhanyavaad|कृपया|धन्यवाद"
)


def any_of(table: Mapping[str, str]) -> str:
    """A pattern for any of the words of a table by language, folded as `plain` folds."""
    return "|".join(plain(words) for words in table.values())


def plain(text: str) -> str:
    """Lower case, straight apostrophes, no accents on Latin letters."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return unicodedata.normalize("NFC", "".join(c for c in folded if not "\u0300" <= c <= "\u036f"))


EDGE = r"(?![\w\u0900-\u097f])"
_SAYS_YES = re.compile(rf"^\W*(?:{any_of(_YES)}|👍+|✅|👌)\W*?(?:{EDGE}|$)")
_SAYS_NO = re.compile(rf"^\W*(?:{any_of(_NO)}|👎|❌){EDGE}")
_GIVES_UP = re.compile(
    "|".join(
        part if part.startswith("^") else rf"(?<![\w]){part}{'' if part.endswith('$') else EDGE}"
        for table in _GIVE_UP.values()
        for part in re.split(r"\|(?![^(]*\))", plain(table))
    )
)
_IS_ABSENT = re.compile(rf"(?<!\w)(?:{any_of(_ABSENT)}){EDGE}")
_IS_PRESENT = re.compile(rf"(?<!\w)(?:{any_of(_PRESENT)}){EDGE}")
_IS_NOT = re.compile(rf"(?<!\w)(?:{plain(_WAS_NOT)}){EDGE}")
_KEEPS = re.compile(rf"(?<![\w])(?:{any_of(_KEEP)}){EDGE}")
_GOES_BACK = re.compile(rf"^\W*(?:{any_of(_BACK)})(?: (?:{plain(POLITE)}))?\W*$")
_HAS_BUT = re.compile(rf"(?<![\w\u0900-\u097f])(?:{any_of(_BUT)}){EDGE}|\?")


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


def gives_up(text: str) -> bool:
    """Whether a message wants to leave everything as it is ("forget it", "laisse tomber")."""
    return _GIVES_UP.search(plain(text).strip(" .,!?;:")) is not None


def goes_back(text: str) -> bool:
    """Whether a message, as a whole, asks for the step before."""
    return _GOES_BACK.match(plain(text)) is not None


def keeps(text: str) -> bool:
    """Whether a message is content with how things are ("leave it like that", "alles so lassen")."""
    return _KEEPS.search(plain(text)) is not None


def thinks_again(text: str) -> bool:
    """Whether a message of a few words only takes back what was said ("wait, changed my mind")."""
    return len(text.split()) <= _FEW and gives_up(text)


def is_absent(text: str) -> bool:
    """Whether somebody says that nobody is in: "no estaré", "won't be home"."""
    return _IS_ABSENT.search(plain(text)) is not None


def was_in(text: str) -> bool:
    """Whether somebody says that they were there: "I was home all day", "ich war den ganzen Tag da"."""
    words = plain(text)
    return _IS_PRESENT.search(words) is not None and not _IS_NOT.search(words)
