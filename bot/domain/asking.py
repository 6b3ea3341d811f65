"""What a message asks that no intent of the reader tells: why not, until when, may my sister sign."""

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
# Who may take a parcel in place of the one it is for.
_SOMEONE = {
    "en": "some ?(?:one|body) else|any ?(?:one|body) else|my (?:mum|mom|mother|dad|father|brother|sister|husband|wife|son|daughter|kids?|partner|flat ?mate|room ?mate|house ?mate|boyfriend|girlfriend|nan|cleaner|friend)",
    "fr": "quelqu'un d'autre|une autre personne|(?:ma|mon|mes) (?:mere|pere|frere|s\u0153ur|soeur|mari|femme|fils|fille|enfants?|copain|copine|conjointe?|coloc\\w*|compagn\\w+|amie?)",
    "es": "otra persona|alguien mas|mi (?:madre|padre|hermano|hermana|marido|mujer|esposo|esposa|hijo|hija|pareja|novio|novia|companer[oa]|amig[oa])",
    "de": "jemand ander(?:e[snr]?|s)|wer ander(?:e[snr]?|s)|meine? (?:mutter|vater|mama|papa|bruder|schwester|mann|frau|sohn|tochter|kinder|mitbewohner\\w*|freund\\w*|partner\\w*|oma)",
    "pt": "outra pessoa|mais alguem|(?:minha|meu) (?:mae|pai|irma|irmao|marido|esposa|filh[oa]|namorad[oa]|amig[oa])",
    "it": "qualcun altro|un'?altra persona|(?:mia|mio) (?:madre|padre|sorella|fratello|marito|moglie|figli[oa]|ragazz[oa]|amic[oa]|coinquilin[oa])",
    "hi": "koi aur|(?:mera|meri|mere) (?:bhai|behen|mummy|papa|pati|patni|beta|beti|dost)|कोई और|मेर[ाीे] (?:भाई|बहन|माँ|पिता|पति|पत्नी|बेटा|बेटी)",
}
_TAKES_IN = {
    "en": "sign|accept|receive|take (?:it|the parcel|delivery)|get it|collect it|pick it up|answer the door",
    "fr": "signer|recevoir|receptionner|recuperer|prendre|accepter|ouvrir",
    "es": "firmar|recibir(?:lo|la)?|recoger(?:lo|la)?|coger(?:lo|la)?|aceptar(?:lo|la)?|abrir",
    "de": "unterschreiben|annehmen|entgegen ?nehmen|in empfang nehmen|aufmachen|abholen",
    "pt": "assinar|receber|pegar|aceitar|levantar",
    "it": "firmare|ricever\\w+|ritirar\\w+|prender\\w+|accettar\\w+|aprire",
    "hi": "sign|le (?:sakt\\w+|leg[aei]|lega)|receive|ले सकत\\w*",
}
_SHOP = r"\b(?:shops?|stores?|pick-?up point|lockers?|relais|tienda|punto|paketshop|packstation|filiale|negozio|loja)\b"
_PARCEL = {
    "en": "parcels?|packages?|orders?|delivery",
    "fr": "colis|paquets?|commandes?|livraison",
    "es": "paquetes?|pedidos?|envio|entrega",
    "de": "pakete?s?|sendung|bestellung|lieferung",
    "pt": "pacotes?|encomendas?|pedidos?|entrega",
    "it": "pacc(?:o|hi)|ordin[ei]|consegna|spedizione",
    "hi": "parcel|order|पार्सल|ऑर्डर",
}
_SOONER = {
    "en": "(?:any )?(?:earlier|sooner|quicker)",
    "fr": "plus tot|plus vite|avant",
    "es": "antes|mas (?:pronto|temprano)",
    "de": "fruher|eher|schneller",
    "pt": "antes|mais cedo",
    "it": "prima|piu presto",
    "hi": "jaldi|pehle|जल्दी|पहले",
}
# The shop's business, and none of a delivery's.
_OF_THE_SHOP = {
    "en": "refund\\w*|money back|reimburs\\w+|compensat\\w+|invoice|receipt|voucher|discount|warranty|exchange it",
    "fr": "rembours\\w*|dedommag\\w*|facture|bon d'achat|code promo|reduction|garantie|un geste commercial|echanger",
    "es": "reembols\\w*|devu[ea]l\\w+ (?:el|mi) dinero|mi dinero|compensacion|factura|descuento|garantia",
    "de": "geld zuruck|erstatt\\w*|ruckerstatt\\w*|entschadigung|rechnung|gutschein|rabatt|garantie|umtausch\\w*",
    "pt": "reembols\\w*|dinheiro de volta|nota fiscal|fatura|desconto|garantia",
    "it": "rimbors\\w*|soldi indietro|fattura|sconto|garanzia|risarciment\\w*",
    "hi": "refund|paise? (?:wapas|vapas)|bill|invoice|रिफंड|पैसे वापस",
}

_ASKS_WHY = re.compile(rf"(?<!\w)(?:{any_of(_WHY)}){EDGE}")
_ASKS_HOURS = re.compile(rf"(?<!\w)(?:{any_of(_HOURS)}){EDGE}")
_ASKS_HOW_LONG_KEPT = re.compile(rf"(?<!\w)(?:{any_of(_KEPT)})")
_ASKS_OF_THE_THING = re.compile(rf"(?<!\w)(?:{any_of(_THING)})")
_ASKS_SOMEONE_ELSE = re.compile(
    rf"(?<!\w)(?:{any_of(_SOMEONE)}){EDGE}.{{0,40}}(?<!\w)(?:{any_of(_TAKES_IN)})"
    rf"|(?<!\w)(?:{any_of(_TAKES_IN)}){EDGE}.{{0,25}}(?<!\w)(?:{any_of(_SOMEONE)}){EDGE}"
)
_AT_A_SHOP = re.compile(_SHOP)
_SPEAKS_OF_PARCEL = re.compile(rf"(?<!\w)(?:{any_of(_PARCEL)}){EDGE}")
_ASKS_SOONER = re.compile(rf"(?<!\w)(?:{any_of(_SOONER)})\W*$")
_ASKS_THE_SHOP = re.compile(rf"(?<!\w)(?:{any_of(_OF_THE_SHOP)}){EDGE}")


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


def asks_for_someone_else(text: str) -> bool:
    """Whether somebody else may take the parcel in: "can my brother sign for it"."""
    words = plain(text)
    return _ASKS_SOMEONE_ELSE.search(words) is not None and not _AT_A_SHOP.search(words)


def speaks_of_parcel(text: str) -> bool:
    """Whether a message names a parcel, an order or a delivery."""
    return _SPEAKS_OF_PARCEL.search(plain(text)) is not None


def asks_sooner(text: str) -> bool:
    """Whether a message asks for an earlier time without naming one: "can't it come sooner?"."""
    return _ASKS_SOONER.search(plain(text)) is not None


def asks_the_shop(text: str) -> bool:
    """Whether a message is about the shop's own business: a refund, an invoice."""
    return _ASKS_THE_SHOP.search(plain(text)) is not None
