"""Spanish words of days and hours."""

from bot.domain.when.language import Language

SPANISH = Language(
    code="es",
    weekdays=(
        "lunes",
        "martes",
        "miércoles, mierc, miercole",
        "jueves, juevez, juebes, juev",
        "viernes, vier, biernes",
        "sábado, sábados, sabad",
        "domingo, domingos, domngo",
    ),
    short_weekdays=("lun", "mar", "mie, mier", "jue", "vie", "sab", "dom"),
    months=(
        "enero",
        "febrero, feb",
        "marzo",
        "abril, abr",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre, setiembre, sept",
        "octubre, oct",
        "noviembre, nov",
        "diciembre, dic",
    ),
    short_months=("ene", "", "mar", "", "may", "jun", "jul", "ago", "sep, set", "", "", ""),
    days={
        -2: "anteayer, antes de ayer, antier",
        -1: "ayer",
        0: "hoy, hoy mismo, oy, el día de hoy",
        1: "mañana, manana, mñn, mnn, mañna, mñana, mana, mañn, el día de mañana",
        2: "pasado mañana, pasado manana, pasadomañana, pasado mñn",
        8: "de mañana en ocho, mañana en ocho",
        7: "de hoy en ocho, hoy en ocho",
        15: "en quince días, dentro de quince días",
    },
    day_parts={
        (0, "morning"): "esta mañana, hoy en la mañana, hoy por la mañana",
        (0, "afternoon"): "esta tarde",
        (0, "evening"): "esta noche, a la noche",
        (-1, "evening"): "anoche, ayer noche, ayer por la noche",
        (0, "noon"): "este mediodía",
        (1, "morning"): "mañana temprano, mañana a primera hora, mañana mañana, mañana x la mañana",
    },
    parts={
        "morning": (
            "por la mañana, de la mañana, en la mañana, a la mañana, la mañana, mañanas, mañanita,"
            " por la manana, temprano, a primera hora, primera hora, a primera hora de la mañana, x la mañana,"
            " por las mañanas, de mañana, durante la mañana, a media mañana, media mañana, x la manana,"
            " muy temprano, a primera, mañana temprano por, las mañanas, de madrugada, de la madrugada,"
            " tempranito, turno de mañana, horario de mañana, tempranas horas"
        ),
        "late_morning": "a última hora de la mañana, última hora de la mañana, al final de la mañana",
        "noon": "mediodía, del mediodía, medio día",
        "lunch": (
            "hora de comer, la hora de comer, hora de la comida, a la hora de comer, hora del almuerzo,"
            " a la hora de la comida, a la hora del almuerzo, la comida, el almuerzo, hora de almorzar,"
            " a la hora de almorzar, hora comida"
        ),
        "afternoon": (
            "por la tarde, de la tarde, en la tarde, a la tarde, la tarde, tarde, tardes, x la tarde,"
            " por las tardes, tardecita, sobremesa, a media tarde, media tarde, durante la tarde,"
            " turno de tarde,"
            " horario de tarde, las tardes, de tarde"
        ),
        "early_afternoon": "a primera hora de la tarde, primera hora de la tarde, al principio de la tarde",
        "late_afternoon": "a última hora de la tarde, última hora de la tarde, al final de la tarde",
        "evening": (
            "por la noche, de la noche, en la noche, la noche, noche, noches, x la noche, tarde noche,"
            " al final del día, a última hora, última hora, después del trabajo, al salir del trabajo,"
            " a última hora del día, por las noches, tarde-noche, al anochecer, de noche, final del día,"
            " cenar, la cena, la hora de cenar, después del trabajar, después del curro, nochecita, después de la oficina, anochecer"
        ),
        "whole_day": (
            "todo el día, el día entero, cualquier hora, a cualquier hora, todo el santo día, todo el dia,"
            " a lo largo del día, durante todo el día, durante el día, a la hora que sea, en cualquier momento"
            " del día, en todo el día"
        ),
    },
    numbers={
        2: "dos",
        3: "tres",
        4: "cuatro",
        5: "cinco",
        6: "seis",
        7: "siete",
        8: "ocho",
        9: "nueve",
        10: "diez",
        11: "once",
        12: "doce",
        13: "trece",
        14: "catorce",
        15: "quince",
        16: "dieciséis, diez y seis",
        17: "diecisiete",
        18: "dieciocho",
        19: "diecinueve",
        20: "veinte",
        21: "veintiuno, veintiún, veintiuna",
        22: "veintidós",
        23: "veintitrés",
        24: "veinticuatro",
        25: "veinticinco",
        26: "veintiséis",
        27: "veintisiete",
        28: "veintiocho",
        29: "veintinueve",
        30: "treinta",
        31: "treinta y uno, treinta y un",
        40: "cuarenta",
        45: "cuarenta y cinco",
        50: "cincuenta",
    },
    ordinals={1: "primero, primer"},
    units={1: "día, días, dia, dias", 7: "semana, semanas, sem", 30: "mes, meses"},
    shifts={
        1: (
            "al día siguiente, el día siguiente, día siguiente, el día después, un día después,"
            " un día más tarde, el siguiente día, al otro día, el día de después, un día más"
        ),
        -1: (
            "el día anterior, un día antes, el día antes, el día de antes, día anterior, la víspera,"
            " un día más temprano, un día más pronto"
        ),
    },
    before_hour={
        15: "un cuarto pasadas las",
        -15: "cuarto para las, un cuarto para las, cuarto para la, un cuarto para la, faltando cuarto para las",
    },
    after_hour={
        30: "y media, i media",
        15: "y cuarto, y quarto, i cuarto",
        -15: "menos cuarto, menos un cuarto",
    },
    marks={
        "after": (
            "después de, despues d, despues d las, después de las, despues de la, a partir de, a partir de las, a partir de la, desde,"
            " desde las, desde la, desde el, pasadas, pasadas las, pasada la, no antes de, no antes de las, no antes del, tras,"
            " no antes de la, luego de, luego de las, más tarde de, más tarde de las, dsp de, a partir del,"
            " desp de, de las, después del, después, dsps de las, nunca antes de, solo después de,"
            " pasando las, después de la, depsues de, no más temprano de, posterior a las, más allá de las"
        ),
        "before": (
            "antes de, antes de las, antes de la, hasta, hasta las, hasta la, antes del, de aquí al, de aquí a el, entre hoy y el, como muy tarde a,"
            " no después de, no después de las, no más tarde de, no más tarde de las, como tarde, previo a,"
            " no mas tarde de, hasta el, asta las, asta, a más tardar a, a más tardar a las, máximo,"
            " como mucho, como máximo, como muy tarde a las, solo hasta, como tarde a las, antes d"
        ),
        "dated": "a partir del, después del, despues del, antes del, hasta el, no antes del, desde el, de aquí al",
        "from": "de, de las, desde, desde las, del, de la, entre, d, desde la",
        "from_the": "del",
        "to_the": "al",
        "to": "a, a las, hasta, hasta las, al, a la, asta las, asta, hasta la, para el, ha",
        "between": "entre, entre las, entre la",
        "and": "y, y las, y la, e, i",
        "or": "o, ó, u, o bien, o si no, o sino, si no, y si no, o también, o quizás, o tal vez",
        "at": (
            "a las, a la, alas, sobre las, hacia las, para las, a eso de las, tipo, a eso de la,"
            " sobre la, las, como a las, cerca de las, alrededor de las, x las, por las, para la, hacia la,"
            " por ahí de las, como a la, a las como, a partir como de las"
        ),
        "at_weak": "a",
        "one": "un, una",
        "about": "sobre, hacia, aproximadamente, aprox, más o menos, alrededor de, cerca de, como, tipo, casi",
        "ish": "más o menos, aprox, aproximadamente, o así, en punto, y pico, o por ahí, masomenos",
        "the": "el, dia, día",
        "of_the": "del, del día",
        "art": "la, los, las, lo, una",
        "on": "el, este, para el, pal, al, del, los, x el, por el",
        "of": "de, del, de la, d, por la, en la, por el, en el, para la",
        "this": "este, esta, esté",
        "coming": "este próximo",
        "next": "próximo, próxima, prox, siguiente, entrante",
        "next_post": "próximo, próxima, que viene, siguiente, prox, entrante, q viene, que entra, k viene",
        "week_after": "de la otra semana, en ocho",
        "last": "pasado, pasada, último",
        "last_post": "pasado, pasada, último, anterior",
        "next_week": "la semana después, la semana de después, la semana siguiente",
        "within": "en los próximos, en las próximas, los próximos, las próximas",
        "ahead": "en, dentro de, de aquí a, después de, en unos, dentro d",
        "ago_pre": "hace, hace ya, hace como",
        "ago_post": "atrás",
        "later_post": "después, más tarde, más, luego",
        "earlier_post": "antes, más temprano, más pronto",
        "hour_unit": "hora, horas",
        "minute_unit": "minutos, minuto, min",
        "hour_mark": "h, hs, horas, hrs, hora, en punto",
        "am": "am",
        "pm": "pm",
        "minus": "menos",
        "plus_minutes": "y, con",
        "onwards": "en adelante, para adelante, en delante, o más tarde, como pronto",
        "at_latest": "como muy tarde, como tarde, a más tardar, máximo, como máximo, como mucho",
        "from_then": "después de eso, a partir de ahí, a partir de entonces, después de esa hora, luego de eso",
        "midnight": "medianoche, media noche, la medianoche",
        "meal": "comer, la comida, el almuerzo, almorzar",
        "not": (
            "no, menos, excepto, salvo, no puedo, no estoy, no estaré, no voy a estar, nadie, no hay nadie,"
            " no el, no puede ser, no me viene bien, no me va bien, no me conviene, imposible, no va,"
            " no es posible, nunca, no hay nadie en casa, no estoy en casa, no estaré en casa, excluyendo,"
            " no habrá nadie, no vengan, no vengáis, no me sirve, no puedo el, no podré, no podre, quitando,"
            " no me funciona, no me queda bien, no estamos, no estaremos, no me va, no me vale, no habrá,"
            " no estar, no vaya a ser, tampoco, ni, no esté, no voy a poder, pero no, no antes"
        ),
        "instead_of": "en vez de, en lugar de, en vez del, en lugar del, y no el, no para el",
        "busy": (
            "trabajo, trabajando, estoy trabajando, en una reunión, reunión, ocupado, ocupada, fuera,"
            " en el trabajo, en la oficina, estoy fuera, tengo cita, tengo una reunión, curro, currando,"
            " de viaje, en clase, tengo clase, de vacaciones, estaré trabajando, estaré fuera, en junta,"
            " tengo médico, tengo turno, no disponible, estudiando, en el médico, trabajamos, en el curro,"
            " en la universidad, en la uni, laburo, laburando, en consulta, de guardia, en una junta"
        ),
        "leave": (
            "me voy, tengo que salir, tengo que irme, me tengo que ir, salgo de casa, nos vamos, salgo,"
            " debo salir, me marcho, tengo que marcharme, salimos, voy a salir, salgo a"
        ),
        "back": (
            "termina, acaba, mi turno termina, vuelvo, llego a casa, regreso, salgo de trabajar, salgo del trabajo, termino, llego, acabo,"
            " estaré en casa a, salgo del curro, termino de trabajar, volveré, llegaré, salgo de la oficina,"
            " ya estoy en casa a, salgo de la reunión, estoy de vuelta, estoy de regreso, salgo de clase,"
            " libre a, me desocupo, salgo de currar, salgo del laburo, acabo de trabajar, estoy de vuelta"
        ),
        "good": (
            "me viene bien, me va bien, mejor, está bien, va bien, estaría bien, perfecto, sí, si puedo,"
            " me conviene, sería mejor, me sirve, me queda bien, es mejor, puedo, sería ideal, funciona,"
            " estoy en casa, sí estoy, genial, sí puedo, si estoy, estaré en casa, sí que puedo, va mejor,"
            " me viene mejor, me va mejor, sería perfecto, por favor mejor"
        ),
        "correct": (
            "quiero decir, quise decir, digo, perdón, perdona, mejor, mejor dicho, no espera, espera,"
            " en realidad, no perdón, o mejor, bueno no, ay no, corrijo, rectifico, no mejor, perdone,"
            " mejor aún, pensándolo bien, disculpa, disculpe, no perdona, me equivoqué, no no, esperen,"
            " más bien, bueno mejor, qué digo, al final, mejor que sea, miento, no mentira, mentira"
        ),
        "no": "no, nop, nel",
        "break": "pero, sino, porque, pq, así que, entonces, pues, ya que, aunque, si, xq, por lo que, asi q",
        "move": (
            "cambiar, mover, pasar, posponer, aplazar, retrasar, adelantar, cambiarlo, moverlo, pasarlo,"
            " cambien, cambie, reprogramar, cambio, muevan, pasen, pasarla, cambiarla, moverla, cambia, aplazarlo, aplazarla, retrasarlo, retrasarla, posponerlo, aplácenlo, retrasen"
        ),
        "sooner": "adelantar, adelantarlo, adelantarla, adelanten, adelanta",
        "week_of": "semana del, la semana del",
        "weekend": "fin de semana, finde, findes, weekend, fin de, fines de semana, el finde, fds",
        "weekdays": "entre semana, día laborable, días laborables, día hábil, días hábiles, día de semana,"
        " días de semana",
        "edge_begin": "principios, comienzos, inicios, a principios, a comienzos, principio, inicio,"
        " comienzo, a principios de, primeros",
        "edge_mid": "mediados, a mediados, mitad, a mitad, a mediados de",
        "edge_end": "finales, fines, a finales, a fines, final, a finales de, al final, el final",
        "any_day": (
            "cualquier día, todos los días, cada día, el día que sea, un día cualquiera,"
            " cualquier fecha"
        ),
        # Names no day: it is asked for.
        "another_day": ("cualquier otro día, otro día, otra fecha, otro momento"),
        "few": "unos, algunos, unos cuantos, unas, varias, varios, pocos",
        "couple": "un par de, par de, unos dos, dos o tres, 2 o 3",
        "later_week": "más adelante esta semana, más tarde esta semana",
        "told": (
            "pedí, compré, dijeron, dijo, tenía, tenían, era, estaba, debía, debían, iba, vino, vinieron,"
            " llegó, esperé, estuve, pagué, prometieron, habían, decía, iban, esperando, encargué, debió"
        ),
        "neutral": (
            "por qué no, cómo no, no pasa nada, todavía no, aún no, no ha llegado, más tarde,"
            " es tarde, llega tarde, muy tarde, demasiado tarde, llegó tarde, buenas tardes, buenas noches,"
            " buen día, buenos días, el mar, del mar, lo antes posible, cuanto antes, antes posible,"
            " no importa, no hay problema, no recibí, no he recibido, ahora mismo, por fin, teletrabajo,"
            " por si acaso, no me llegó, trabajo desde casa, de parte de, a tiempo, tan tarde, tan pronto,"
            " si no le importa, como siempre, la una de, tarde o temprano, lo más tarde, no se preocupe,"
            " feliz día, hasta luego, hasta pronto, un rato, en cuanto, no sé, de momento, por lo menos,"
            " al menos, más o menos bien, no urge, no corre prisa, algo más tarde, llegará tarde"
        ),
        "thing": (
            "paquetes, paquete, pedidos, pedido, cajas, caja, artículos, artículo, piso, planta, euros, euro,"
            " pesos, kilos, kg, personas, veces, vez, puerta, estrellas, puntos, intentos, intento, calle,"
            " niños, bultos, bulto, llamadas, mensajes, gatos, perros, perro, años, año, metros, km, cosas,"
            " cosa, entrega, entregas, unidades, número, productos, bolsas, bis, izquierda, derecha, izq, dcha"
        ),
        "street": "calle, avenida, av, avda, plaza, paseo",
        "label": (
            "código, número, num, piso, planta, puerta, apartamento, apto, depto, pedido, portal,"
            " referencia, ref, calle, avenida, av, avda, plaza, paseo, edificio, bloque, escalera, tel,"
            " teléfono, móvil, línea, bus, talla, nota, escala, casa, c/, cp, seguimiento, habitación,"
            " interior, oficina, local, llave, timbre, opción, paso, marcar, marca, celular, departamento"
        ),
        "noise": (
            "por favor, porfa, porfi, xfa, xfavor, ok, gracias, tal vez, quizás, quizá, justo, solo, sólo,"
            " si es posible, a ser posible, puede ser, vale, exactamente, unas, unos, sea, bueno, pls, ya,"
            " preferiblemente, preferentemente, horario, horas de, así, también, franja, es, sería, aun"
        ),
        "now": "ahora, ya mismo, lo antes posible, cuanto antes, ahorita",
    },
    phrases={
        "easter:-3": "jueves santo",
        "easter:-2": "viernes santo",
        "easter:0": "domingo de pascua, domingo de resurrección",
        "easter:1": "lunes de pascua",
        "vague_day": "después de las fiestas, después de fiestas, después de reyes, el puente, en el puente, semana santa",
        "at num:1": "a la una, la una, a la 1, la 1",
        "after num:1": "a partir de la una, después de la una, desde la una, pasada la una",
        "before num:1": "antes de la una, hasta la una",
        "between num:1": "entre la una",
        "and num:1": "y la una",
        "num:24 month:12": "nochebuena",
        "num:25 month:12": "navidad, día de navidad",
        "num:31 month:12": "nochevieja, fin de año",
        "num:1 month:1": "año nuevo, día de año nuevo",
        "num:6 month:1": "reyes, día de reyes",
        "any_day not": (
            "cualquier día menos, todos los días menos, cualquier día excepto, cualquier día salvo,"
            " cuando sea menos, todos los días excepto, cualquier día que no sea, todos los días salvo"
        ),
    },
    common=(
        "yo, el, la, los, las, un, una, de, en, mi, su, me, se, que, qué, cuándo, dónde, cómo, es, está, son,"
        " puede, pueden, podría, podrían, quiero, quisiera, necesito, paquete, pedido, entrega, entregar,"
        " repartidor, hola, gracias, por, para, con, si, sí, y, o, lo, estoy, estaré, casa, favor, mejor,"
        " llega, llegar, traer, traigan, venir, vengan, vienes, vienen, nadie, alguien, hay, al, del, puedo,"
        " manzana, semanal, nochebuena, domicilio, juegos, lunas, hotel, vernos, viene, ser, sería, tengo,"
        " marta, sabe, sabado's, vecino, voy, vivo, tarjeta, tardar, tardan, tarda, también, entregarlo,"
        " mandar, manera, mensaje, mientras, muchas, número, nuevo, nuestro, hacer, dejar, dejarlo"
    ),
    countries=("ES", "MX", "AR", "CO", "CL", "PE", "UY", "EC", "VE"),
)
