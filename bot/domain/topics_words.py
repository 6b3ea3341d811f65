"""The words by which a comment is about something; `*` stands for any ending."""

WORDS = {
    "late": {
        "en": "late|later than|delay*|slow*|wait*|on time|in time|punctual*|quick*|fast|faster|speed*"
        "|early|days after|hours after|took ages|took (?:too )?long|took forever|missed (?:the|my) slot"
        "|time slot|prompt*|never (?:came|arrived|showed)|next day|same day|hours",
        "fr": "retard*|en avance|tard|tardi*|lent*|attend*|attente|a l'heure|ponctu*|rapid*|vite|delai*"
        "|creneau*|horaire*|dans les temps|trop long*|tot",
        "es": "tarde|tard[oóa]*|retras*|demor*|lent[oa]*|esper[eéaá]*|a tiempo|puntual*|rapid*|veloz"
        "|antes de lo|plazo*|franja*|horari*",
        "de": "spat|spater|verspat*|langsam*|wart*|gewartet|punktlich*|schnell*|zugig*|dauer*|gedauert"
        "|lieferzeit*|rechtzeitig|zeitfenster|uhrzeit|fruher",
        "pt": "atras*|demor*|tarde|lent[oa]*|esper[eao]*|no prazo|prazo*|pontual*|rapid*|veloz|antes do"
        "|agil*|horario*",
        "it": "ritard*|tardi|lent[oai]*|aspett*|attes[aeo]|in tempo|puntual*|veloc*|rapid*|in anticipo"
        "|tempi|tempistich*|orari*|fascia",
        "hi": "देर*|देरी*|लेट|इंतज़ार|इंतजार|जल्दी|समय पर|टाइम पर|धीम*|तेज़|तेज|फास्ट|विलंब",
        "hi-Latn": "deri|der se|der hui|der ho|der laga|bahut der|late|intezaar|intezar|intzar|jaldi|time pe|time par|samay par"
        "|dheere|dheema|tez",
    },
    "courier": {
        "en": "courier*|driver*|delivery (?:man|guy|boy|woman|person|lady)|deliveryman|delivery driver"
        "|mail ?man|postman|postie|rider|he (?:was|threw|left|rang|knocked|didn'?t)"
        "|she (?:was|threw|left|rang|knocked|didn'?t)|the (?:guy|man|lady|bloke)|rang|knock*|doorbell"
        "|threw|thrown|rude*",
        "fr": "livreu*|chauffeur*|facteur*|coursier*|transporteur*|sonn*|frapp*|impoli*|malpoli*|jete*"
        "|interphone",
        "es": "repartidor*|mensajer[oa]*|conductor*|cartero*|transportista*|chofer|timbre|maleducad*"
        "|tiro|tiraron|llamo a la puerta",
        "de": "fahrer*|bote|boten|botin|paketbot*|zustell*|postbot*|kurier*|lieferant*|brieftrager*"
        "|geklingelt|klingel*|unhoflich*|geworfen|lieferjunge",
        "pt": "entregador*|motorista*|carteiro*|motoboy|estafeta*|campainha|grosseir*|mal[- ]?educad*"
        "|jogou|atirou|tocou",
        "it": "corrier*|fattorin*|autist*|postin*|suonat*|citofon*|campanell*|maleducat*|lanciat*|bussat*",
        "hi": "कूरियर|कुरियर|डिलीवरी बॉय|डिलीवरी वाल*|डिलिवरी बॉय|ड्राइवर|डाकिय*|घंटी|लड़क*|भैया|बदतमीज*|फेंक*",
        "hi-Latn": "courier|delivery (?:boy|wal[aei]|bhaiya|guy)|driver|dakiya|ghanti|bell|ladk[ae]"
        "|bhaiya|badtameez*|phenk*|fek",
    },
    "packaging": {
        "en": "pack(?:ag(?:ing|ed)|ed|ing)?|box|boxes|carton|cardboard|wrap*|crush*|damag*|broken|dented"
        "|torn|tape|bubble|squash*|soaked|wet|smashed|parcel was open*",
        "fr": "emball*|carton*|colis (?:ouvert|abime|ecrase|dechire)\\w*|abim*|ecras*|casse|cassee|dechir*"
        "|mouille*|boite*|scotch|endommag*|protege*",
        "es": "embal*|caja*|empaqu*|envolt*|rot[oa]s?|aplastad*|danad*|mojad*|golpead*|abierto|abierta"
        "|carton",
        "de": "verpack*|karton*|schachtel*|beschadigt*|kaputt*|zerdruckt*|eingedruckt*|zerrissen*|nass"
        "|aufgerissen*|verbeult*|paket (?:war )?(?:offen|auf)",
        "pt": "embal*|caixa*|amassad*|rasgad*|quebrad*|danificad*|molhad*|papelao|pacote (?:aberto|rasgado)"
        "|violad*",
        "it": "imball*|scatol*|confezion*|pacco (?:rotto|aperto)|schiacciat*|rott[oa]|danneggiat*|strappat*"
        "|bagnat*|cartone|ammaccat*",
        "hi": "पैकिंग|पैकेजिंग|पैक|डिब्ब*|बॉक्स|टूट*|फट*|गील*|दब गया",
        "hi-Latn": "packing|packaging|pack|dabb[ae]|box|toot[aie]|tuta|phat[aie]|fata|geela|dab gaya",
    },
    "app": {
        "en": "app|apps|website*|site|web ?page|page|track(?:ing|er)|notification*|login|log(?:ging|ged)? ?in"
        "|logging me out|link|links|chat ?bot|bot|messages?|texts|updates?|map|online|software|crash*",
        "fr": "appli|applis|application*|site|suivi*|notif*|lien|liens|page|sms|messages?|bot|chatbot"
        "|connexion|bug|bugs|bugg*|carte en ligne|mise a jour",
        "es": "app|aplicacion*|web|pagina|seguimiento|notificaci*|enlace*|mensajes?|bot|sitio|rastreo",
        "de": "app|apps|webseite*|website*|seite|sendungsverfolgung|tracking|benachrichtig*|link|links"
        "|nachricht|nachrichten|bot|chatbot|live[- ]?karte|online",
        "pt": "app|aplicativo*|aplicacao|site|rastrei*|rastreamento|rastreio|notificac*|link|links"
        "|mensagem|mensagens|bot|pagina",
        "it": "app|applicazion*|sito|tracciam*|tracking|notific*|link|messaggi*|bot|pagina|aggiornament*",
        "hi": "ऐप|एप|ऐप्प|वेबसाइट|साइट|ट्रैकिंग|नोटिफिकेशन|लिंक|मैसेज|अपडेट",
        "hi-Latn": "app|website|site|tracking|notification*|link|message|update",
    },
    "price": {
        "en": "pric*|expensive|cost*|cheap*|fee|fees|overpriced|money|charge[ds]?|pay|paid|too much for"
        "|shipping is a|rip[- ]?off|free (?:shipping|delivery)|value for",
        "fr": "prix|cher|chere|chers|cout*|frais|tarif*|euros|payer|paye|payee|gratuit*|argent",
        "es": "precio*|car[oa]s?|carisim*|cost[eoóa]*|cuest*|tarifa*|euros|pagar|pago|pague|gratis|barat*"
        "|dinero|gastos",
        "de": "preis*|teuer*|kosten*|kostet|versandkosten|porto|gebuhr*|geld|euro|bezahl*|gunstig*|gratis"
        "|kostenlos*",
        "pt": "preco*|car[oa]s?|carissim*|custos?|custou|custa|custam|taxa*|frete*|pagar|paguei|reais|gratis|barat*"
        "|dinheiro",
        "it": "prezz*|car[oaie]|carissim*|cost[aoi]|costos*|spese|tariff*|euro|pagar*|pagato|gratis"
        "|gratuit*|economic*|soldi",
        "hi": "महंग*|महँग*|सस्त*|कीमत|दाम|चार्ज|पैस*|रुपये|फीस|शुल्क|मुफ़्त|मुफ्त",
        "hi-Latn": "mehng*|mahang*|sast[aie]|keemat|kimat|daam|charge|charges|paisa|paise|rupaye|fees"
        "|free",
    },
}
