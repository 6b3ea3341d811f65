"""German words of days and hours."""

from bot.domain.when.language import Language

_UNITS = {1: "ein", 2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben",
          8: "acht", 9: "neun"}  # fmt: skip
_TENS = {20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig"}
_COMPOUNDS = {
    ten + unit: f"{ones}und{tens}" for ten, tens in _TENS.items() for unit, ones in _UNITS.items()
}
_STEMS = {
    4: "vier", 5: "fünf", 6: "sechs", 8: "ach", 9: "neun", 10: "zehn", 11: "elf", 12: "zwölf",
    13: "dreizehn", 14: "vierzehn", 15: "fünfzehn", 16: "sechzehn", 17: "siebzehn",
    18: "achtzehn", 19: "neunzehn",
}  # fmt: skip
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_ENDINGS = {
    "morning": ("morgen", "vormittag", "früh", "morgens", "vormittags"),
    "noon": ("mittag",),
    "afternoon": ("nachmittag", "nachmittags"),
    "evening": ("abend", "nacht", "abends"),
}


def _ordinal(stem: str) -> str:
    return ", ".join(f"{stem}{ending}" for ending in ("te", "ten", "ter", "tes"))


GERMAN = Language(
    code="de",
    weekdays=tuple(
        f"{day}, {day}s, {more}"
        for day, more in zip(
            _WEEKDAYS,
            (
                "mond tag",
                "dinstag, dienstach",
                "mittwochs, mitwoch, miwo",
                "donerstag, donnerstach, donnertag",
                "freitach, fraitag",
                "sonnabend, sonnabends, samstach",
                "sontag, sonntach",
            ),
            strict=True,
        )
    ),
    short_weekdays=("mo", "di", "mi", "do", "fr, fre", "sa", "so"),
    months=(
        "januar, jänner",
        "februar, feber, feb",
        "märz, maerz",
        "april, apr",
        "",
        "juni",
        "juli",
        "august",
        "september, sept",
        "oktober, okt",
        "november, nov",
        "dezember, dez",
    ),
    short_months=("jan", "", "mrz", "", "mai", "jun", "jul", "aug", "sep", "", "", ""),
    days={
        -2: "vorgestern",
        -1: "gestern",
        0: "heute, heut, hoite, noch heute, am heutigen tag, heutigen tag",
        1: "morgen, morgn, mrgn, moren, mogen, morgen schon, morje, am morgigen tag, morgigen tag",
        2: "übermorgen, über morgen, uebermorgen, übermorgn, übermrgn",
        3: "überübermorgen, über über morgen",
        7: "heute in einer woche, heute in acht tagen, heute in 8 tagen, in acht tagen",
        8: "morgen in einer woche",
        14: "in vierzehn tagen, in 14 tagen",
    },
    day_parts={
        (0, "evening"): "heute abend, heut abend, heute nacht, heutabend, heute abends",
        (0, "morning"): "heute morgen, heute früh, heute vormittag, heut früh, heut morgen",
        (0, "noon"): "heute mittag",
        (0, "afternoon"): "heute nachmittag, heut nachmittag, heute nachmittags",
        (
            1,
            "morning",
        ): "morgen früh, morgen vormittag, morgen morgen, moin früh, morgen in der früh",
        (-1, "evening"): "gestern abend, letzte nacht, gestern nacht",
    },
    parts={
        "morning": (
            "morgen, morgens, am morgen, vormittag, vormittags, früh, in der früh, am vormittag, frühmorgens,"
            " in der frühe, am frühen morgen, den vormittag, vorm, früh am morgen, gleich in der früh,"
            " gleich morgens, vormittagszeit, des morgens, frühs, als erstes, am frühen vormittag, vormittach,"
            " früher vormittag, früh morgens, im laufe des vormittags"
        ),
        "late_morning": "am späten vormittag, später vormittag, späten vormittag",
        "noon": "mittag, mittags, am mittag, zu mittag, um die mittagszeit herum",
        "lunch": (
            "mittagszeit, mittagspause, zur mittagszeit, in der mittagspause, um die mittagszeit,"
            " in der mittagszeit, über mittag, mittagessen, zum mittagessen"
        ),
        "afternoon": (
            "nachmittag, nachmittags, am nachmittag, nachm, den nachmittag, namittag, nachmittach,"
            " nachmitag, im laufe des nachmittags, mittleren nachmittag"
        ),
        "early_afternoon": "am frühen nachmittag, früher nachmittag, frühen nachmittag",
        "late_afternoon": "am späten nachmittag, später nachmittag, späten nachmittag, spätnachmittag,"
        " spätnachmittags",
        "evening": (
            "abend, abends, am abend, nacht, nachts, in der nacht, nach der arbeit, nach feierabend,"
            " am frühen abend, feierabend, abendessen, dem abendessen, den abend, früher abend, am späten abend, zum abend, frühen abend,"
            " gegen abend, ab feierabend, spät abends, am ende des tages, abens, zum feierabend"
        ),
        "whole_day": (
            "den ganzen tag, ganzen tag, ganztägig, ganztags, den ganzen tag über, jederzeit, tagsüber,"
            " den kompletten tag, egal wann am tag, uhrzeit egal, egal um wieviel uhr, zu jeder uhrzeit"
        ),
    },
    numbers={
        2: "zwei, zwo",
        3: "drei",
        4: "vier",
        5: "fünf",
        6: "sechs",
        7: "sieben",
        8: "acht",
        9: "neun",
        10: "zehn",
        11: "elf",
        12: "zwölf",
        13: "dreizehn",
        14: "vierzehn",
        15: "fünfzehn",
        16: "sechzehn",
        17: "siebzehn",
        18: "achtzehn",
        19: "neunzehn",
        **_TENS,
        **_COMPOUNDS,
    },
    ordinals={
        1: _ordinal("ers"),
        2: _ordinal("zwei"),
        3: _ordinal("drit"),
        7: _ordinal("sieb"),
        **{number: _ordinal(stem) for number, stem in _STEMS.items()},
        20: _ordinal("zwanzigs"),
        30: _ordinal("dreißigs"),
        **{number: _ordinal(f"{word}s") for number, word in _COMPOUNDS.items() if number < 32},
    },
    units={
        1: "tag, tage, tagen, tages, täg",
        7: "woche, wochen, wo",
        30: "monat, monate, monaten, monats",
    },
    shifts={
        1: (
            "am tag danach, tag danach, am nächsten tag, nächsten tag, am folgetag, folgetag, einen tag später,"
            " ein tag später, am darauffolgenden tag, den tag danach, am tag darauf, tag darauf,"
            " tags darauf, den tag darauf, am tag nach, den tag nach, der tag nach, tag nach, nen tag später, der tag danach, einen tag danach"
        ),
        -1: (
            "am tag davor, tag davor, am tag vor, den tag vor, der tag vor, tag vor, einen tag früher, ein tag früher, einen tag vorher, am vortag, vortag,"
            " den tag davor, tag vorher, am tag zuvor, tag zuvor, nen tag früher, einen tag eher, tags zuvor"
        ),
    },
    before_hour={
        -30: "halb, halbe, um halb, gegen halb",
        15: "viertel nach, viertl nach",
        -15: "viertel vor, dreiviertel, drei viertel, viertl vor, dreivirtel",
        -45: "viertel",
    },
    marks={
        "after": (
            "nach, ab, nicht vor, frühestens um, frühestens, frühestens ab, erst ab, erst ab dem, erst nach, erst um, seit,"
            " von an, nicht vor dem, nicht früher als, von, ab so, später als, erst gegen, ab ca, ab etwa,"
            " ab dem, ab circa, nach dem, jederzeit nach, jederzeit ab, erst wieder ab, nicht bis"
        ),
        "before": (
            "vor, bis, spätestens um, spätestens, bis um, nicht nach, bis spätestens, bis zum, vor dem,"
            " nicht später als, bis max, bis ca, bis gegen, bis etwa, nur bis, nur vor, maximal bis, bis höchstens,"
            " bis maximal, noch vor, früher als, jederzeit vor, bis circa"
        ),
        "dated": "ab dem, nach dem, vor dem, bis zum, nicht vor dem, erst ab dem",
        "from": "von, vom, ab, zwischen",
        "from_the": "vom",
        "to_the": "zum, bis zum",
        "to": "bis, bis um, bis zum, auf, bis ca",
        "between": "zwischen, irgendwann zwischen, zw, zwischn",
        "and": "und, u",
        "or": "oder, od, od., ansonsten, sonst, bzw, beziehungsweise, notfalls, alternativ, oder auch, wahlweise",
        "at": "um, gegen, so um, so gegen, um ca, um circa, um etwa, um die, für, ungefähr um, pünktlich um",
        "about": "gegen, ca, circa, etwa, ungefähr, so, zirka, rund, kurz nach, kurz, so um, um die, rum, grob",
        "ish": "rum, herum, ungefähr, circa, etwa, punkt, pünktlich",
        "the": "der, den, dem, am, zum, vom",
        "of_the": "des, vom",
        "art": "die, das, des, eine, ein",
        "on": "am, den, an, für den, auf, zum, für, im, kommenden am",
        "of": "der, des, in der, vom, in, von, im, in den, dieses, diesen, am, an",
        "this": "diesen, diese, dieser, dieses, diesem, dies",
        "coming": "kommenden, kommender, kommende, kommendes, komenden",
        "next": "nächsten, nächste, nächster, nächstes, kommende, kommenden, kommender, nächst, folgende,"
        " folgenden, folgender, nexte, nexten, nä, näxten, näxte, näste, nästen, kommendem, nächstem",
        "next_week": "die woche darauf, woche darauf, die woche danach, woche danach",
        "next_next": "übernächste, übernächsten, übernächster, übernächstes",
        "week_after": "in acht tagen",
        "fortnight_after": "in vierzehn tagen, in 14 tagen",
        "last": "letzten, letzte, letzter, letztes, vergangenen, vergangene, vergangener, vorigen, vorige,"
        " letztem",
        "ahead": "in, nach",
        "within": "binnen, innerhalb von, innerhalb, in den nächsten, die nächsten, in der nächsten",
        "calendar_week": "kw, kalenderwoche, woche nr",
        "ago_pre": "vor, seit",
        "ago_post": "her",
        "later_post": "später, danach, darauf",
        "earlier_post": "früher, davor, vorher, eher, zuvor",
        "one": "ein, eine, einen, einem, einer, nem, ner, ne, nen",
        "one_hour": "eins, ein",
        "hour_unit": "stunde, stunden, std",
        "minute_unit": "minuten, minute, min",
        "hour_mark": "uhr, h, ur, uhrn, uhrzeit",
        "past_minutes": "nach, minuten nach",
        "to_minutes": "vor, minuten vor",
        "plus_minutes": "",
        "onwards": "aufwärts, oder später, und später, an, frühestens",
        "at_latest": "spätestens, oder früher, maximal, max",
        "clock": "mittag, mittags",
        "from_then": "danach, ab da, ab dann, anschließend, hinterher",
        "midnight": "mitternacht",
        "meal": "mittagessen, dem mittagessen, dem essen, essen, der mittagspause",
        "not": (
            "nicht, kein, keine, keinen, niemand, außer, ausser, bis auf, nicht am, bin nicht da, nicht da,"
            " nicht zuhause, nicht zu hause, nicht daheim, keiner da, keiner, passt nicht, geht nicht,"
            " kann nicht, kann ich nicht, nicht möglich, unmöglich, passt mir nicht, geht bei mir nicht,"
            " nicht verfügbar, nicht anwesend, niemand da, keiner zuhause, niemand zuhause, nie, ausgenommen,"
            " klappt nicht, bin ich nicht da, bin ich nicht zuhause, kann ned, ned, nix, net, passt es nicht,"
            " bloß nicht, auf keinen fall, geht gar nicht, passt leider nicht, geht leider nicht, aber nicht,"
            " kann leider nicht, kann ich leider nicht, passt gar nicht, passt nich, geht nich, nich, schlecht,"
            " bin ich leider nicht da, niemand zu hause, keiner zu hause, ist schlecht, bin nicht zuhause"
        ),
        "than": "als, besser als, lieber als, eher als",
        "instead_of": "statt, anstatt, anstelle von, statt am, anstatt am, nicht wie geplant",
        "busy": (
            "arbeite, arbeiten, arbeite ich, bei der arbeit, auf der arbeit, auf arbeit, im büro, im meeting,"
            " meeting, besprechung, in einer besprechung, unterwegs, weg, bin weg, verreist, beschäftigt,"
            " termin, im urlaub, beim arzt, außer haus, ausser haus, im termin, habe schule, in der schule,"
            " in der uni, arbeitet, dienst, habe dienst, schicht, bin unterwegs, bin arbeiten, im dienst,"
            " im homeoffice nicht, vorlesung, nicht erreichbar, muss arbeiten, bin ich weg, auf schicht,"
            " bin ich unterwegs, bin ich arbeiten, verhindert, beim zahnarzt, in einem meeting, besetzt, arbeit"
        ),
        "leave": (
            "muss weg, muss los, weg, los, gehe, gehe weg, fahre weg, muss gehen, bin dann weg, fahre los, verlasse,"
            " breche auf, muss ich weg, muss ich los, gehe ich, fahre ich, bin ich weg, muss ich gehen,"
            " gehe aus dem haus, gehe ich aus dem haus, fahren wir, gehen wir, müssen wir los, haue ab,"
            " verlasse das haus, verlasse ich das haus, fahre ich weg, gehe ich weg, dann weg, muss dann weg"
        ),
        "back": (
            "endet, endet um, zu ende, aus ist, zurück, komme heim, komme nach hause, feierabend um, feierabend, habe feierabend, heim, bin daheim um,"
            " wieder da, wieder zuhause, habe ich feierabend, fertig, komme ich heim, komme ich nach hause,"
            " wieder zu hause, mache feierabend, schluss, habe schluss, komme von der arbeit, nach hause,"
            " wieder daheim, arbeitsschluss, komme ich von der arbeit, bin ich zurück, komme zurück"
        ),
        "good": (
            "passt, geht, passt mir, wäre gut, wäre besser, ist gut, ist besser, ginge, wäre super, wäre ok,"
            " klappt, kann ich, bin ich da, bin da, wäre perfekt, besser, passt besser, ist ok, geht klar,"
            " bin zuhause, bin ich zuhause, wäre toll, wäre mir lieber, wäre schön, würde passen, würde gehen,"
            " ist super, ist perfekt, gut, bin ich daheim, bin daheim, bin zu hause, bin ich zu hause,"
            " wäre ideal, wäre prima, wenn möglich, super, gerne, passt gut, ja"
        ),
        "correct": (
            "ich meine, meine, nein warte, warte, quatsch, sorry, besser, lieber, doch, beziehungsweise,"
            " moment, nee, ne, ich meinte, vielmehr, sondern, entschuldigung, äh, eigentlich, doch lieber,"
            " doch besser, nein doch, korrektur, meinte, nein sorry, ach nein, genauer gesagt, pardon, ups,"
            " ach ne, nein quatsch, oder besser, oder lieber, tschuldigung, stattdessen, verbessere, doch eher"
        ),
        "no": "nein, nee, nö, ne, na",
        "break": "aber, sondern, weil, denn, also, dann, da, jedoch, deshalb, deswegen, daher, dafür, wenn",
        "move": (
            "verschieben, verlegen, ändern, verschiebt, verschiebe, umlegen, umbuchen, verschoben, legen,"
            " verlegt, umstellen, wechseln, vorziehen, verschieb, umändern, verlege, verlegung, änderung, vorverlegen"
        ),
        "sooner": "vorziehen, vorverlegen",
        "week_of": "woche vom, woche ab dem, woche ab",
        "weekend": "wochenende, woende, we, wochenend, weekend, wochenenden",
        "weekdays": "werktag, werktags, werktage, wochentag, wochentags, wochentage, unter der woche,"
        " werktagen, arbeitstag, arbeitstage, arbeitstagen",
        "edge_begin": "anfang, anfangs, am anfang, zu beginn, beginn",
        "edge_mid": "mitte, in der mitte",
        "edge_end": "ende, am ende, gegen ende, zum ende",
        "any_day": (
            "jeden tag, irgendwann, egal welcher tag, jeder tag, an jedem tag, egal wann,"
            " alle tage, irgendein tag, irgendeinen tag, täglich"
        ),
        # Names no day: it is asked for.
        "another_day": (
            "ein anderer tag, einen anderen tag, an einem anderen tag, anderer tag,"
            " jeder andere tag, anderen tag, an jedem anderen tag, anderes datum"
        ),
        "few": "paar, ein paar, einige, einigen, wenige, wenigen, mehrere, mehreren",
        "couple": "zwei bis drei, 2 bis 3, zwei drei, 2 3",
        "later_week": "später in der woche, später diese woche, im laufe der woche",
        "told": (
            "bestellt, sollte, war, hatte, hieß, kam, gesagt, wollte, wollten, waren, angekündigt, gekauft,"
            " versprochen, gewartet, hätte, sollten, bestellte, wurde, worden, geliefert, bezahlt"
        ),
        "neutral": (
            "warum nicht, noch nicht, kein problem, nicht angekommen, nicht schlimm, nicht erhalten, so dass,"
            " guten morgen, guten abend, guten tag, schönen tag, schönen abend, gute nacht, homeoffice,"
            " home office, wieso nicht, schon lange nicht, nicht gekommen, um die ecke, so schnell wie möglich,"
            " sofort, schnellstmöglich, um so, umso, nicht eilig, hallo, schönes wochenende, noch ein,"
            " schöne woche, moin, moin moin, guten, schöner tag, keine ahnung, kein ding, mein paket,"
            " nicht so schlimm, nicht sicher, keine eile, über den, so bald wie möglich, so früh wie möglich,"
            " na ja, nach wie vor, vor ort, von mir aus, nach unten, nach oben, auf jeden fall, vor der tür,"
            " vor die tür, vor der haustür, vor die haustür, vor allem, den tag, so lange, ab und zu, in ordnung,"
            " von mir, von ihnen, von der, bei mir, nach münchen, so einen, so ein, so viel, ein bisschen"
        ),
        "thing": (
            "pakete, paket, sendungen, sendung, päckchen, stock, etage, euro, kilo, kg, mal, artikel, kisten,"
            " kartons, karton, sterne, punkte, leute, personen, kinder, stufen, klingeln, versuch, versuche,"
            " zustellversuch, og, ug, obergeschoss, hunde, hund, katzen, jahre, jahren, jahr, meter, km, ding,"
            " stück, bestellungen, bestellung, wohnung, haus, teile, teil, zimmer, lieferung, nachrichten"
        ),
        "label": (
            "code, nummer, nr, hausnummer, wohnung, whg, bestellung, bestellnummer, straße, str, strasse, weg,"
            " platz, allee, gasse, stock, etage, plz, tel, telefon, handy, linie, bus, größe, skala, note, türcode,"
            " sendungsnummer, ref, referenz, zimmer, haus, aufgang, klingel, gebäude, block, top, stiege, eingang,"
            " postfach, packstation, kundennummer, auftrag, tür, raum, drücken, tor, pin, option, schritt"
        ),
        "noise": (
            "bitte, gerne, gern, ok, danke, vielleicht, wenn möglich, genau, nur, schon, eher, am besten, idealerweise,"
            " möglichst, mal, noch, einfach, ja, eventuell, evtl, es, zeit, zeitfenster, uhrzeit, ist, wäre, wieder,"
            " gleich, auch, irgendwann, dann, jeweils, bevorzugt, erst, spät, also, halt, ganz, zeitraum"
        ),
        "now": "jetzt, sofort, asap, so schnell wie möglich, schnellstmöglich",
    },
    phrases={
        **{
            f"weekday:{number} part:{part}": ", ".join(f"{day}{end}" for end in ends)
            for number, day in enumerate((*_WEEKDAYS,))
            for part, ends in _ENDINGS.items()
        },
        "num:14 unit:1": "vierzehn tagen, 14 tagen, zwei wochen",
        "num:24 month:12": "heiligabend, heilig abend, weihnachten",
        "num:25 month:12": "erster weihnachtstag, ersten weihnachtstag, 1. weihnachtstag, christtag, weihnachtstag",
        "num:26 month:12": (
            "zweiter weihnachtstag, zweiten weihnachtstag, 2. weihnachtstag, stephanstag, stefanitag"
        ),
        "num:31 month:12": "silvester",
        "num:1 month:1": "neujahr",
        "easter:-3": "gründonnerstag",
        "easter:-2": "karfreitag",
        "easter:0": "ostern, ostersonntag",
        "easter:1": "ostermontag",
        "easter:39": "christi himmelfahrt, himmelfahrt, vatertag",
        "easter:49": "pfingsten, pfingstsonntag",
        "easter:50": "pfingstmontag",
        "easter:60": "fronleichnam",
        "vague_day": "nach den feiertagen, über die feiertage, zwischen den jahren, nach den ferien, zwischen den feiertagen",
        "any_time not": "alles außer, immer außer, jederzeit außer, immer nur nicht, alles bis auf",
        "any_day not": "jeden tag außer, jeder tag außer, alle tage außer, irgendwann außer, jeden tag nur nicht,"
        " jeden tag bis auf, an jedem tag außer, alle tage bis auf",
    },
    common=(
        "ich, du, er, sie, wir, ihr, es, mein, meine, der, die, das, den, dem, ein, eine, ist, bin, sind, und,"
        " oder, nicht, kann, können, könnten, bitte, danke, hallo, paket, lieferung, liefern, bringen, zusteller,"
        " wann, wo, wie, was, mit, für, auf, zu, zuhause, hause, habe, haben, möchte, will, wäre, geht, ja, nein,"
        " wird, kommt, kommen, jemand, auch, noch, nur, aber, gerne, mir, mich, im, am, um, montage, morgan,"
        " freitags, sonntags, mitte, dienst, dienste, bringt, bringe, liefert, nachbar, nachbarn, mittel, möge,"
        " machen, mögen, müssen, muss, hätte, hätten, vorher, sondern, sonst, sonne, freie, freitext, heißt"
    ),
    sounds=(("ae", "a"), ("oe", "o"), ("ue", "u")),
    countries=("DE", "AT", "CH", "LI"),
)
