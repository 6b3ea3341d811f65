"""French words of days and hours."""

from bot.domain.when.language import Language

_TOMORROW = ("demain", "dem1", "2main", "2m1", "demin", "dmain", "demains", "dmn")
_AFTER = ("après", "ap", "apr", "apre")

FRENCH = Language(
    code="fr",
    weekdays=(
        "lundi, lundis",
        "mardi, mardis",
        "mercredi, mercredis, mercr, mercrdi",
        "jeudi, jeudis, jedi",
        "vendredi, vendredis, vendr, vendre di",
        "samedi, samedis, same di",
        "dimanche, dimanches",
    ),
    short_weekdays=("lun", "mar", "mer", "jeu", "ven, vend", "sam", "dim"),
    months=(
        "janvier, janv",
        "fevrier, fevr",
        "",
        "avril, avr",
        "",
        "juin",
        "juillet, juil",
        "aout",
        "septembre, sept",
        "octobre, oct",
        "novembre, nov",
        "decembre",
    ),
    short_months=("jan", "fev", "mars", "", "mai", "", "", "", "sep", "", "", "dec"),
    days={
        -2: "avant hier, avanthier",
        -1: "hier",
        0: (
            "aujourd'hui, aujourdhui, ajd, auj, aujourd hui, aujd, aujourdui, ojd, ojourd'hui,"
            " ce jour, aujourd'ui, en journée aujourd'hui, dans la journée d'aujourd'hui"
        ),
        1: ", ".join(_TOMORROW),
        2: "apresdemain, surlendemain, "
        + ", ".join(f"{after} {word}" for after in _AFTER for word in _TOMORROW),
        7: "dans huit jours, aujourd'hui en huit, dans 8 jours",
        8: "demain en huit",
        14: "dans quinze jours, dans une quinzaine, dans 15 jours",
    },
    day_parts={
        (
            0,
            "evening",
        ): "ce soir, c'soir, ce soire, cette nuit, cette soirée, ce soir même, c soir, à soir",
        (0, "morning"): "ce matin, cette matinée, c'matin",
        (0, "noon"): "ce midi",
        (-1, "evening"): "hier soir, la nuit dernière, hier au soir",
    },
    parts={
        "morning": (
            "matin, matins, matinée, le matin, du matin, au matin, dans la matinée, en matinée, mat,"
            " début de matinée, tôt le matin, de bon matin, à la première heure, première heure, 1ere heure, à la 1ere heure,"
            " au petit matin, en début de matinée, tôt dans la matinée, dès le matin, mtn matin"
        ),
        "late_morning": "fin de matinée, en fin de matinée, tard dans la matinée",
        "noon": "",
        "lunch": (
            "entre midi et deux, entre midi et 2, midi deux, heure du déjeuner, pause déjeuner,"
            " pause dej, l'heure du déjeuner, heure de midi, pause de midi, entre midi et quatorze heures,"
            " entre 12 et 14, heure du repas, pendant le déjeuner, entre midi et 14h, entre 12h et 2,"
            " pause midi, heure du midi, temps de midi, au déjeuner, le temps du midi"
        ),
        "afternoon": (
            "après midi, après-midi, aprem, aprèm, apresmidi, après m, de l'après-midi, ap midi, aprm,"
            " l'après midi, en après midi, dans l'après midi, dans l'aprem, aprés midi, apm, ap-midi,"
            " apres mid, l'aprem, daprem, apres midis, de l'aprem, milieu d'après midi"
        ),
        "early_afternoon": "début d'après midi, en début d'après midi, début d'aprem, debut aprem,"
        " début de l'après midi, début après midi",
        "late_afternoon": "fin d'après midi, en fin d'après midi, fin d'aprem, en fin d'aprem, fin aprem, fin daprem, en fin daprem, fin dapres midi, fin après midi,"
        " fin de l'après midi",
        "evening": (
            "soir, soirs, soirée, le soir, du soir, au soir, en soirée, dans la soirée, nuit, la nuit,"
            " fin de journée, en fin de journée, après le travail, après le boulot, après le taf,"
            " début de soirée, en début de soirée, après ma journée, sortie du boulot, après mon travail,"
            " après mon boulot, fin journée, dîner, souper, sortie du travail, à la sortie du travail"
        ),
        "whole_day": (
            "toute la journée, la journée entière, toute la journee, journée entière, dans la journée,"
            " à n'importe quelle heure, n'importe quelle heure, en journée, tte la journée,"
            " dans le courant de la journée, n'importe quand dans la journée, peu importe l'heure"
        ),
    },
    numbers={
        2: "deux",
        3: "trois",
        4: "quatre",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf",
        10: "dix",
        11: "onze",
        12: "douze",
        13: "treize",
        14: "quatorze",
        15: "quinze",
        16: "seize",
        17: "dix sept",
        18: "dix huit",
        19: "dix neuf",
        20: "vingt",
        21: "vingt et un, vingt et une",
        30: "trente",
        31: "trente et un, trente et une",
        40: "quarante",
        45: "quarante cinq",
        50: "cinquante",
    },
    ordinals={
        1: "premier, première",
        2: "deuxième, second, seconde",
        3: "troisième",
        4: "quatrième",
        5: "cinquième",
    },
    units={
        1: "jour, jours, j, jrs, journées",
        7: "semaine, semaines, sem",
        30: "mois",
    },
    shifts={
        1: (
            "le lendemain, lendemain, le jour d'après, jour d'après, le jour suivant, jour suivant,"
            " un jour plus tard, un jour après, le jour après, un jour de plus, une journée plus tard"
        ),
        -1: (
            "la veille, le jour d'avant, jour d'avant, un jour plus tôt, un jour avant,"
            " le jour précédent, un jour en avance, une journée plus tôt, veille"
        ),
    },
    after_hour={
        30: "et demi, et demie, et d'mi",
        15: "et quart, et un quart, un quart",
        -15: "moins le quart, moins quart, moins un quart",
    },
    marks={
        "after": (
            "après, apres, à partir de, a partir de, à partir d', dès, des, passé, pas avant, à compter de,"
            " à partir du, à compter du, plus tard que, depuis, a partire de, qu'après, qu'à partir de,"
            " pas plus tôt que, apd, àpd, jamais avant, que après, ap, seulement après, après les,"
            " au plus tôt à, au plus tôt, pas disponible avant, pas avant les, minimum, des que, à parti de"
        ),
        "before": (
            "avant, jusqu'à, jusque, jusqu'au, jusqua, au plus tard à, au plus tard, pas après, d'ici,"
            " pas plus tard que, jusqu'en, avant les, jusqu'a, d'ici à, jusk, max, maximum, jusqu a,"
            " seulement avant, d'ici au, plus tôt que, jusqu'aux"
        ),
        "dated": "à partir du, a partir du, à compter du, d'ici au, jusqu'au",
        "from": "de, du, d', depuis, à partir de, dès, entre, des",
        "from_the": "du",
        "to_the": "au",
        "to": "à, a, jusqu'à, jusqua, au, jusque, jusqu a, et jusqu'à",
        "between": "entre, comprise entre, compris entre, ent",
        "and": "et, &",
        "or": "ni, ou, ou bien, sinon, ou alors, ou sinon, soit, à défaut, ou encore",
        "at": "vers les, sur les, aux environs de, pour, aux alentours de, autour de, vers, pr,"
        " sur le coup de, aux alentours des",
        "at_weak": "à, a",
        "about": "vers, environ, aux environs de, aux alentours de, à peu près, autour de, genre, env,"
        " plutôt vers, plus ou moins, vrs, grosso modo",
        "ish": "environ, à peu près, pile, précises, tapantes",
        "the": "le, l'",
        "of_the": "du, du jour du",
        "art": "la, les, une, un",
        "on": "le, ce, pour le, pr le, au, pour",
        "of": "de, du, de la, d', de l', dans la, en, des, dans le",
        "this": "ce, cette, cet, ct",
        "coming": "ce prochain, le prochain",
        "next": "prochain, prochaine, prochains",
        "next_week": "la semaine d'après, semaine d'après, la semaine suivante",
        "next_post": "pro, prochain, prochaine, qui vient, suivant, suivante, à venir, proch, qui arrive",
        "week_after": "en huit, d'en huit, en 8",
        "fortnight_after": "en quinze, en 15",
        "last_post": "dernier, dernière, passé, passée, derniere",
        "last": "dernier, dernière",
        "ahead": "dans, ds, d'ici, après, au bout de",
        "within": "sous, dans les, d'ici les, dans les prochains, dans les prochaines, ces prochains",
        "calendar_week": "semaine numéro, semaine n°",
        "ago_pre": "il y a, ya, y a, ça fait, voilà",
        "ago_post": "passés",
        "later_post": "plus tard, après, de plus, suivants",
        "earlier_post": "plus tôt, avant, en avance",
        "one": "un, une",
        "one_hour": "une",
        "hour_unit": "heure, heures",
        "minute_unit": "minutes, minute, min, mn",
        "hour_mark": "h, heure, heures, hrs, hre, hres",
        "minus": "moins",
        "plus_minutes": "et",
        "onwards": "et plus, et au delà, ou plus tard, minimum, au plus tôt",
        "at_latest": "au plus tard, maximum, max, dernier délai, grand max, ou plus tôt",
        "clock": "midi",
        "noon": "midi, le midi, midis",
        "from_then": "après ça, après cela, ensuite, à partir de là, après cette heure",
        "midnight": "minuit",
        "meal": "le déjeuner, déjeuner, le repas, manger, le repas de midi",
        "not": (
            "pas, sauf, hormis, excepté, pas le, pas là, pas la, pas dispo, pas disponible, absent, absente,"
            " jamais, personne, pas libre, impossible, surtout pas, ne peux pas, peux pas, peut pas,"
            " pourrai pas, ne pourrai pas, serai pas là, suis pas là, pas chez moi, marche pas, va pas,"
            " convient pas, ne convient pas, arrange pas, m'arrange pas, ça va pas, pas possible,"
            " à part, indisponible, pas à la maison, serai pas la, suis pas la, pas présent, pas présente,"
            " pas être là, suis pas dispo, serai pas dispo, suis pas chez moi, serai pas chez moi, aucun,"
            " peux pas le, pas bon, pas avant ni, non disponible, y aura personne, il n'y a personne,"
            " n'y aura personne, pas de livraison, pas rentré, pas rentrée, en dehors de, mais pas, c'est mort, c mort,"
            " cest mort, mort, je peux plus, je ne peux plus, peux plus, pourrai plus"
        ),
        "instead_of": "au lieu de, au lieu du, à la place de, à la place du, plutôt que, au lieu d'",
        "busy": (
            "au travail, je travaille, je bosse, en réunion, réunion, absent, absente, absents, absentes, occupés, sortis, occupé, occupée,"
            " au boulot, au bureau, en déplacement, pas joignable, rdv, rendez vous, un rdv, bosse,"
            " en cours, de garde, en congés ailleurs, travaille, sorti, sortie, en formation, au taf,"
            " en vacances, pris, prise, à l'école, à la fac, on travaille, chez le médecin,"
            " je suis de sortie, de service, indisponible, indispo, chez le dentiste, à l'hôpital,"
            " je suis prise, je suis pris, pas dispo, en voyage"
        ),
        "leave": (
            "je pars, dois partir, je m'en vais, je dois partir, on part, je décolle, pars, je sors,"
            " je file, faut que je parte, je quitte la maison, je vais partir, je repars, je m'absente,"
            " on s'en va, je serai parti, je serai partie, je me sauve"
        ),
        "back": (
            "je rentre, je finis, rentre, finit, je termine, de retour, je reviens, chez moi à, chez moi vers, je sors"
            " du travail, je sors du boulot, rentré, rentrée, je débauche, on rentre, retour, je suis rentré,"
            " je serai rentré, je serai rentrée, finis, termine, je sors du taf, je quitte le bureau, je quitte le travail,"
            " je quitte le boulot, je suis là à, fin du travail, fini, je serai de retour"
        ),
        "good": (
            "ça va, c'est bon, me convient, convient, m'arrange, ce serait bien, serait bien, serait mieux,"
            " ce serait mieux, c'est mieux, est mieux, je suis dispo, je suis là, serait parfait, ok,"
            " serait top, est ok, m'irait, irait, si possible, je peux, je serai là, c'est parfait,"
            " marche, ira, sera mieux, m'ira, serait idéal, ça me va, est parfait, est bien, c'est ok, oui"
        ),
        "correct": (
            "je veux dire, enfin, plutôt, pardon, non pardon, euh non, je voulais dire, en fait,"
            " non attends, attends, finalement, désolé, désolée, ou plutôt, oups, correction, nan,"
            " non finalement, je me trompe, erreur, non attendez, attendez, au final, mettons, à la réflexion,"
            " je rectifie, disons, non non, mince, mieux vaut, en réalité, tout compte fait"
        ),
        "no": "non, nan, nn",
        "break": "mais, donc, parce que, car, du coup, alors, puisque, comme, pcq, pask, par contre, si",
        "move": (
            "déplacer, décaler, reporter, changer, change, échanger, passer, repousser, avancer, décalez, déplacez,"
            " reportez, changez, reprogrammer, bouger, décale, repoussez, avancez, décalé, modifier"
        ),
        "sooner": "avancer, avancez, avance",
        "week_of": "semaine du, la semaine du",
        "weekend": "week end, weekend, we, wk, wkd, fin de semaine prochaine we, week ends, le we, ce we",
        "weekdays": "en semaine, jour ouvré, jours ouvrés, jour de semaine, jours de semaine, jour ouvrable,"
        " jours ouvrables",
        "edge_begin": "début, en début, au début, début de, en début de, au début de",
        "edge_mid": "milieu, mi, en milieu, au milieu, courant, milieu de, en milieu de, au milieu de",
        "edge_end": "fin, en fin, à la fin, la fin, fin de, en fin de, à la fin de",
        "any_day": (
            "n'importe quel jour, tous les jours, chaque jour, un jour quelconque,"
            " peu importe le jour, n'importe quelle date, tout jour, tlj"
        ),
        # Names no day: it is asked for.
        "another_day": (
            "n'importe quel autre jour, un autre jour, autre jour, une autre date,"
            " tous les autres jours, un autre moment"
        ),
        "few": "quelques, plusieurs, qlq, qq",
        "couple": "deux ou trois, 2 ou 3, 2 3, deux trois",
        "later_week": "plus tard dans la semaine, plus tard cette semaine",
        "told": (
            "commandé, devait, était, dit, reçu, venu, passé, étais, attendu, prévu, avait, deviez,"
            " aviez, livré, promis, annoncé, avez, ai attendu, commande du, acheté, payé, appelé"
        ),
        "neutral": (
            "pourquoi pas, pas encore, pas reçu, pas de problème, pas de souci, pas arrivé, tout de suite,"
            " pas vu, pas eu, télétravail, il y a, mal passé, en passant, bonne journée, bonne soirée,"
            " bonjour, bonsoir, bon après midi, bonne nuit, bon week end, bonne semaine, bon we,"
            " de la part de, pas sûr, pas sure, en bas, du tout, au tel, la mer, de mer, par la mer,"
            " pas pressé, n'importe, pas urgent, pas grave, peut être, à bientôt, pas loin, trop tard,"
            " plus tôt possible, au plus vite, dès que possible, de suite, journée de repos, pas trop tard,"
            " en retard, un peu, sur place, quart d'heure, demi heure, une demi heure, en main, par mois,"
            " mon mari, bon matin, nous sommes, on est là, et puis, pas compris, pas merci, si possible"
        ),
        "thing": (
            "colis, paquets, paquet, articles, article, commandes, commande, étage, étages, ème, fois,"
            " euros, euro, kilos, kg, rue, avenue, bd, boulevard, place, allée, chemin, impasse, route,"
            " personnes, enfants, étoiles, points, cartons, carton, produits, tentatives, tentative, pièces,"
            " appels, messages, mails, sonnettes, portes, porte, chats, chiens, chien, quai, bis, ter,"
            " passage, bâtiment, mètres, km, ans, an, années, chose, choses, main, livraison,"
            " livraisons, square, villa, lotissement, résidence, arrondissement, côté, clé, clef"
        ),
        "street": "rue, avenue, bd, boulevard, place, allée, chemin, impasse, route, quai",
        "label": (
            "code, numéro, num, n°, no, appartement, appt, apt, bâtiment, bat, étage, commande, porte,"
            " réf, référence, suivi, interphone, digicode, digicode est le, escalier, lot, boîte, bus,"
            " ligne, chambre, note, taille, échelle, tel, téléphone, portable, cp, colis, hall, cage,"
            " tapez, taper, sonnez, sonner, bloc, immeuble, casier, option, étape, bp, le code, cedex"
        ),
        "noise": (
            "svp, stp, s'il vous plaît, s'il te plaît, ok, merci, peut être, environ, juste, si possible,"
            " exactement, pile, genre, voire, idéalement, de préférence, préférence, seulement, du coup,"
            " là, encore, bien, éventuellement, plage, plage horaire, créneau, heures comprises, tranche,"
            " par exemple, au mieux, est, horaire, aussi, sera, serait, matinale, directement, hein"
        ),
        "now": "maintenant, tout de suite, immédiatement, dès que possible, asap, au plus vite, au plus tôt",
    },
    phrases={
        "easter:-2": "vendredi saint",
        "easter:0": "pâques, dimanche de pâques",
        "easter:1": "lundi de pâques",
        "easter:39": "ascension, jeudi de l'ascension",
        "easter:49": "pentecôte, dimanche de pentecôte",
        "easter:50": "lundi de pentecôte",
        "vague_day": "après les fêtes, entre les fêtes, entre noël et nouvel an, entre noël et le nouvel an",
        "num:24 month:12": "réveillon de noël, veille de noël",
        "num:25 month:12": "noël, jour de noël, à noël",
        "num:31 month:12": "saint sylvestre, réveillon du nouvel an",
        "num:1 month:1": "jour de l'an, nouvel an",
        "any_day not": (
            "n'importe quel jour sauf, tous les jours sauf, n'importe quand sauf, n'importe quel jour mais pas,"
            " tous les jours à part, quand vous voulez sauf, n'importe quel jour à part, tous les jours mais pas"
        ),
    },
    common=(
        "je, tu, il, elle, on, nous, vous, ils, mon, ma, mes, votre, le, la, les, un, une, des, du, de, est,"
        " suis, sera, serai, sont, pouvez, peux, peut, colis, livraison, livrer, livreur, merci, bonjour,"
        " bonsoir, svp, stp, et, ou, pour, avec, chez, moi, ce, cette, ça, ca, c'est, j'ai, pas, ne, que, qui,"
        " quand, où, comment, si, veux, voudrais, aimerais, possible, plutôt, bien, très, non, oui, dans, en,"
        " martin, marie, demande, demander, mercis, marche, marches, vendre, vendeur, matelas, martine, soit,"
        " recevoir, passer, venir, rappeler, quelqu'un, personne, maison, bureau, dispo, disponible, commande,"
        " heureux, jeune, jeunes, lundi's, madame, merciii, janine, soirees, demeure, domaine, deviez, toi"
    ),
    countries=("FR", "BE", "LU", "MC", "CH"),
)
