"""Italian words of days and hours."""

from bot.domain.when.language import Language

_TENS = {20: "vent", 30: "trent", 40: "quarant", 50: "cinquant"}
_ENDS = {20: "i", 30: "a", 40: "a", 50: "a"}
_UNITS = {2: "due", 3: "tre", 4: "quattro", 5: "cinque", 6: "sei", 7: "sette", 9: "nove"}
_COMPOUNDS = {
    **{
        ten + unit: f"{stem}{_ENDS[ten]}{ones}"
        for ten, stem in _TENS.items()
        for unit, ones in _UNITS.items()
    },
    **{ten + 1: f"{stem}uno" for ten, stem in _TENS.items()},
    **{ten + 8: f"{stem}otto" for ten, stem in _TENS.items()},
}

ITALIAN = Language(
    code="it",
    weekdays=(
        "lunedì, lunedi",
        "martedì, martedi",
        "mercoledì, mercoledi, merc",
        "giovedì, giovedi",
        "venerdì, venerdi",
        "sabato, sabati, sabbato",
        "domenica, domeniche",
    ),
    short_weekdays=("lun", "mar", "mer", "gio, giov", "ven", "sab", "dom"),
    months=(
        "gennaio, genn",
        "febbraio, feb, febbr",
        "marzo",
        "aprile, apr",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre, sett",
        "ottobre, ott",
        "novembre, nov",
        "dicembre, dic",
    ),
    short_months=("gen", "", "mar", "", "mag", "giu", "lug", "ago", "set", "", "", ""),
    days={
        -2: "l'altro ieri, altro ieri, ieri l'altro, avantieri, l'altroieri",
        -1: "ieri",
        0: "oggi, ogi, in giornata, in data odierna, oggi stesso, quest'oggi",
        1: "domani, domni, dmani, doma, domai",
        2: "dopodomani, dopo domani, dopodmani, posdomani",
        7: "oggi a otto",
        8: "domani a otto",
        15: "tra quindici giorni, fra quindici giorni, tra 15 giorni, fra 15 giorni",
    },
    day_parts={
        (0, "evening"): "stasera, questa sera, stanotte, sta sera, questa notte, staserà",
        (0, "morning"): "stamattina, stamani, questa mattina, stamane, sta mattina",
        (0, "afternoon"): "oggi pomeriggio, questo pomeriggio, sto pomeriggio",
        (1, "morning"): "domattina, domani mattina, domani presto, doman mattina",
        (-1, "evening"): "ieri sera, ieri notte, la notte scorsa",
    },
    parts={
        "morning": (
            "mattina, mattino, di mattina, al mattino, la mattina, del mattino, della mattina, mattinata, in mattinata,"
            " nella mattinata, nella mattina, presto, prima mattina, di primo mattino, mattine, di buon'ora, mattinate,"
            " in prima mattinata, alla mattina, mattinaa, durante la mattinata, metà mattina, a metà mattina, sul presto,"
            " di prima mattina, durante la mattina, nel corso della mattinata, di buon mattino"
        ),
        "late_morning": "tarda mattinata, in tarda mattinata, tarda mattina, fine mattinata, a fine mattinata",
        "noon": "mezzogiorno, mezzodì, di mezzogiorno, mezzo giorno",
        "lunch": (
            "ora di pranzo, all'ora di pranzo, pausa pranzo, in pausa pranzo, pranzo, a pranzo, per pranzo, ora pranzo,"
            " per l'ora di pranzo, verso l'ora di pranzo, orario di pranzo, durante la pausa pranzo, verso pranzo"
        ),
        "afternoon": (
            "pomeriggio, di pomeriggio, del pomeriggio, al pomeriggio, nel pomeriggio, il pomeriggio, pome, pomeriggi,"
            " pom, nel corso del pomeriggio, durante il pomeriggio, pomerig, pomeriggo, pomerigio,"
            " metà pomeriggio, a metà pomeriggio"
        ),
        "early_afternoon": "primo pomeriggio, nel primo pomeriggio, inizio pomeriggio",
        "late_afternoon": "tardo pomeriggio, nel tardo pomeriggio, fine pomeriggio, a fine pomeriggio",
        "evening": (
            "sera, di sera, della sera, alla sera, serata, in serata, la sera, notte, di notte, la notte, dopo il lavoro,"
            " fine giornata, a fine giornata, sere, nella serata, prima serata, in prima serata, dopo lavoro, verso sera,"
            " tarda serata, in tarda serata, cena, per cena, all'ora di cena, ora di cena, dopo l'ufficio, per sera"
        ),
        "whole_day": (
            "tutto il giorno, tutta la giornata, l'intera giornata, qualsiasi ora, a qualsiasi ora, giornata intera,"
            " a tutte le ore, durante il giorno, qualunque ora, a qualunque ora, tutto il di, durante la giornata,"
            " nell'arco della giornata, nel corso della giornata, in qualsiasi orario, a qualsiasi orario"
        ),
    },
    numbers={
        2: "due",
        3: "tre",
        4: "quattro",
        5: "cinque",
        6: "sei",
        7: "sette",
        8: "otto",
        9: "nove",
        10: "dieci",
        11: "undici",
        12: "dodici",
        13: "tredici",
        14: "quattordici",
        15: "quindici",
        16: "sedici",
        17: "diciassette",
        18: "diciotto",
        19: "diciannove",
        20: "venti",
        30: "trenta",
        40: "quaranta",
        50: "cinquanta",
        **_COMPOUNDS,
    },
    ordinals={1: "primo"},
    units={
        1: "giorno, giorni, gg, giornata, giornate",
        7: "settimana, settimane, sett",
        30: "mese, mesi",
    },
    shifts={
        1: (
            "il giorno dopo, giorno dopo, il giorno seguente, giorno seguente, un giorno dopo, un giorno più tardi,"
            " l'indomani, indomani, il giorno successivo, giorno successivo, il dì dopo, un giorno in più"
        ),
        -1: (
            "il giorno prima, giorno prima, un giorno prima, il giorno precedente, giorno precedente, la vigilia,"
            " un giorno in anticipo"
        ),
    },
    before_hour={},
    after_hour={
        30: "e mezza, e mezzo, e mezz",
        15: "e un quarto, e quarto",
        -15: "meno un quarto, meno quarto",
        45: "e tre quarti",
    },
    marks={
        "after": (
            "dopo le, dopo, a partire dalle, dalle, dall', dopo l', non prima delle, non prima di, non prima del, a partire da, passate le,"
            " da dopo le, non prima dell', in poi dalle, più tardi delle, solo dopo le, dopo delle, dp le, dpo le,"
            " a partire dall', dopo il, dopo la, dopo di, dal, a partire dal, da, partire dalle, successivamente alle"
        ),
        "before": (
            "prima delle, prima di, entro le, fino alle, prima dell', entro, fino a, fino all', non dopo le, non oltre le,"
            " entro l', sino alle, prima del, al massimo alle, fino, non più tardi delle, entro il, fino al, al più tardi alle,"
            " massimo alle, non dopo, prima della, entro e non oltre le, solo prima delle, solo fino alle, max alle"
        ),
        "dated": "dal, dopo il, entro il, a partire dal, prima del, fino al, non prima del",
        "from": "dalle, da, dall', tra, fra, dal, dalla",
        "from_the": "dal",
        "to_the": "al",
        "to": "alle, a, all', fino alle, fino a, fino all', al, e le, sino alle, fino al, alla",
        "between": "tra le, fra le, tra, fra, tra l', fra l', tra il, compreso tra le, in un orario tra le",
        "and": "e, e le, e l', ed, e il, ed il",
        "or": "o, oppure, o le, ovvero, altrimenti, o se no, o magari, sennò, o in alternativa, o anche",
        "at": (
            "alle, verso le, per le, ore, intorno alle, attorno alle, all', le, alle ore, circa alle, verso l', per l',"
            " sulle, alle circa, attorno all', intorno all', h, verso, diciamo alle, dalle parti delle"
        ),
        "at_weak": "a, per",
        "one": "un, una, uno",
        "about": "circa, verso, più o meno, intorno, attorno, ca, quasi, pressappoco, tipo, verso le",
        "ish": "circa, più o meno, in punto, precise, spaccate, ca",
        "the": "il, giorno",
        "of_the": "del, dell', del giorno",
        "art": "la, lo, l', gli, i, una",
        "on": "il, di, per, per il, nel, al, nella, di questo, del, lo, in, per la, sul",
        "of": "di, del, della, nella, al, dell', nel, alla, in",
        "this": "questo, questa, sto, sta, quest'",
        "next": "prossimo, prossima, prox, successivo, successiva, entrante",
        "next_post": "prossimo, prossima, che viene, prox, successivo, successiva, seguente, entrante, prossimi,"
        " ke viene",
        "week_after": "a otto, in otto",
        "last": "scorso, scorsa, ultimo, ultima",
        "last_post": "scorso, scorsa, passato, passata",
        "next_week": "la settimana dopo, settimana dopo, la settimana successiva",
        "ahead": "tra, fra, in, dopo",
        "within": "entro, nel giro di, nei prossimi, nelle prossime, entro i prossimi",
        "ago_post": "fa, orsono, addietro",
        "later_post": "dopo, più tardi, successivi",
        "earlier_post": "prima, in anticipo",
        "hour_unit": "ora, ore, oretta, orette",
        "minute_unit": "minuti, minuto, min",
        "hour_mark": "h, ore, in punto",
        "minus": "meno",
        "plus_minutes": "e",
        "onwards": "in poi, in avanti, o più tardi, in su, e oltre",
        "at_latest": "al massimo, al più tardi, massimo, max",
        "from_then": "dopo di che, da quel momento, dopo quell'ora, da lì in poi",
        "midnight": "mezzanotte",
        "meal": "pranzo, il pranzo, ora di pranzo, pranzare, l'ora di pranzo",
        "not": (
            "non, tranne, eccetto, non il, non posso, non ci sono, non ci sarò, nessuno, non sono a casa, non c'è nessuno,"
            " non va bene, impossibile, mai, non riesco, escluso, esclusa, non sarò a casa, non mi va bene, a parte, nn,"
            " salvo, non ci siamo, non sono in casa, non ci saremo, non è possibile, non sono disponibile, ma non,"
            " non ci sarà nessuno, non mi è comodo, non potrò, non sarò in casa, neanche, nemmeno, non venite, fuorché,"
            " non funziona, non fa per me, non ce la faccio, nn ci sono, nn posso, nn va bene, non può andare"
        ),
        "instead_of": "invece di, al posto di, anziché, invece che, piuttosto che, al posto del, invece del, invece della",
        "busy": (
            "lavoro, al lavoro, sto lavorando, in riunione, riunione, occupato, occupata, fuori, sono fuori, impegnato,"
            " impegnata, in ufficio, ho un appuntamento, ho una riunione, in viaggio, in ferie, via, a scuola, in classe,"
            " a lezione, sono via, dal medico, di turno, lavoriamo, in vacanza, all'università, dal dentista, in call,"
            " assente, non disponibile, lavorando, impegni, appuntamento"
        ),
        "leave": (
            "esco, devo uscire, vado via, parto, devo andare, esco di casa, usciamo, vado al lavoro, devo partire,"
            " dobbiamo uscire, me ne vado, devo scappare, uscirò, partiamo"
        ),
        "back": (
            "finisce, termina, torno, rientro, finisco, esco dal lavoro, torno a casa, arrivo a casa, stacco, esco dall'ufficio, smonto,"
            " finisco di lavorare, sono di ritorno, sono a casa per le, rincaso, tornerò, rientrerò, finisco il turno,"
            " esco da lavoro, esco da scuola, esco dalla riunione, torniamo, rientriamo, sono di nuovo a casa"
        ),
        "good": (
            "va bene, va benissimo, è meglio, andrebbe bene, sarebbe meglio, meglio, posso, mi va bene, ci sono, sì,"
            " sarebbe perfetto, è perfetto, ok, sarebbe ideale, sono a casa, sono libero, sono libera, ci sarò, preferirei,"
            " va meglio, sarebbe ottimo, sono in casa, è ok, andrebbe meglio, sarò a casa"
        ),
        "correct": (
            "anzi, volevo dire, meglio, no aspetta, aspetta, scusa, scusate, cioè, in realtà, voglio dire, no scusa, macché,"
            " no anzi, scusi, intendevo, piuttosto, no meglio, no scusate, ripensandoci, mi sono sbagliato, correggo, ops,"
            " no aspetti, mi correggo, mi sbaglio, facciamo, no no, aspettate, pardon, o meglio, mi sono sbagliata"
        ),
        "no": "no, nono",
        "break": "ma, perché, quindi, però, allora, bensì, poiché, xke, xché, dato che, siccome, visto che, se, così",
        "move": (
            "spostare, cambiare, rimandare, posticipare, anticipare, spostate, spostarlo, passare, spostarla, cambiate,"
            " rinviare, riprogrammare, sposta, spostiamo, cambio, rimandate, sposti"
        ),
        "sooner": "anticipare, anticipate, anticiparlo",
        "week_of": "settimana del",
        "weekend": "fine settimana, weekend, week end, finesettimana, wk, finesett",
        "weekdays": "giorno feriale, giorni feriali, giorno lavorativo, giorni lavorativi, infrasettimanale,"
        " durante la settimana, giorni infrasettimanali",
        "edge_begin": "inizio, inizi, a inizio, all'inizio, ai primi, inizio della",
        "edge_mid": "metà, a metà, verso metà",
        "edge_end": "fine, alla fine, a fine, verso fine, verso la fine",
        "any_day": (
            "qualsiasi giorno, tutti i giorni, ogni giorno, qualunque giorno, in qualsiasi giorno"
        ),
        # Names no day: it is asked for.
        "another_day": (
            "un altro giorno, altro giorno, un'altra data, qualsiasi altro giorno,"
            " qualunque altro giorno, altra data"
        ),
        "few": "qualche, alcuni, pochi, diversi",
        "couple": "un paio di, paio di, due o tre, 2 o 3, due tre, un paio",
        "later_week": "più avanti questa settimana, più avanti in settimana",
        "told": (
            "ordinato, doveva, dovevate, era, ero, detto, venuto, arrivato, aspettato, comprato, avevate, aveva, passato,"
            " promesso, dovevano, prevista, previsto, pagato, stato, ricevuto, veniva, arrivava, stavo"
        ),
        "neutral": (
            "perché no, non ancora, non è arrivato, nessun problema, buongiorno, buonasera, buona giornata, come mai,"
            " buona serata, prima possibile, il prima possibile, buon pomeriggio, al più presto, buona notte, di nuovo,"
            " non importa, non ho ricevuto, non fa niente, a presto, lavoro da casa, smart working, smartworking, mezz'ora,"
            " il mar, quanto prima, non so, non c'è problema, non c'è fretta, buon fine settimana, buon weekend, in tempo,"
            " ora che, troppo tardi, più presto, non è urgente, mi sa che, buonanotte, buondì, buona sera, a dopo, un po,"
            " da me, da voi, da parte, da casa, per ora, nessuna fretta, da solo, da ieri, un'ora, per favore, per me"
        ),
        "thing": (
            "pacchi, pacco, ordini, ordine, scatole, scatola, articoli, piano, euro, chili, kg, persone, volte, volta,"
            " stelle, punti, tentativi, tentativo, via, colli, collo, porta, prodotti, gatti, cani, cane, anni, anno, metri,"
            " km, cose, cosa, piani, consegna, consegne, bambini, pezzi, buste, campanelli"
        ),
        "street": "via, viale, piazza, corso, vicolo",
        "label": (
            "codice, numero, num, n°, nr, interno, int, piano, ordine, scala, via, viale, piazza, corso, appartamento,"
            " palazzina, riferimento, rif, tel, telefono, cellulare, linea, taglia, voto, cap, civico, stanza, edificio, lotto,"
            " citofono, campanello, camera, autobus, porta, pin, passo, opzione, vicolo, tracking, spedizione"
        ),
        "noise": (
            "per favore, perfavore, ok, grazie, forse, magari, se possibile, solo, esattamente, preferibilmente, se riuscite,"
            " possibilmente, anche, pf, plz, già, soltanto, diciamo, ancora, idealmente, sia, fascia, fascia oraria, è,"
            " sarebbe, orario, dell'orario, se riesce, pure, appena, tardi, direttamente"
        ),
        "now": "adesso, subito, il prima possibile, quanto prima, immediatamente",
    },
    phrases={
        "easter:-2": "venerdì santo",
        "easter:0": "pasqua, domenica di pasqua",
        "easter:1": "pasquetta, lunedì di pasqua, lunedì dell'angelo",
        "vague_day": "dopo le feste, durante le feste, dopo le festività",
        "at num:1": "all'una, l'una, verso l'una, alla una, per l'una",
        "after num:1": "dopo l'una, dall'una, a partire dall'una, non prima dell'una",
        "before num:1": "prima dell'una, entro l'una, fino all'una",
        "and num:1": "e l'una",
        "num:24 month:12": "vigilia di natale",
        "num:25 month:12": "natale, giorno di natale",
        "num:26 month:12": "santo stefano",
        "num:31 month:12": "san silvestro, ultimo dell'anno",
        "num:1 month:1": "capodanno",
        "any_day not": "qualsiasi giorno tranne, tutti i giorni tranne, qualsiasi giorno eccetto, qualunque giorno tranne,"
        " tutti i giorni eccetto, ogni giorno tranne, qualsiasi giorno ma non",
    },
    common=(
        "io, il, la, lo, gli, un, una, di, in, mio, mia, mi, si, che, quando, dove, come, è, sono, può, potete, potrebbe,"
        " vorrei, voglio, pacco, consegna, consegnare, corriere, ciao, salve, grazie, per, con, se, sì, e, o, non, casa,"
        " favore, meglio, arriva, portare, nessuno, qualcuno, c'è, ho, ci, del, della, al, posso, possibile, essere, fare,"
        " dove's, dominio, domande, domanda, sabbia, marta, martini, venire, venite, mercato, mercatino, vicino, lasciare,"
        " lasciatelo, ma, più, anche, questo, solo, va, bene, avete, siete, sei, nostra, nostro, potreste, consegnate"
    ),
    countries=("IT", "SM"),
)
