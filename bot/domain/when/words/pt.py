"""Portuguese words of days and hours."""

from bot.domain.when.language import Language

PORTUGUESE = Language(
    code="pt",
    weekdays=(
        "segunda feira, segunda-feira, 2a feira, segundas, segundafeira",
        "terça, terça-feira, 3a feira, terças, terçafeira",
        "quarta feira, quarta-feira, 4a feira, quartas, quartafeira",
        "quinta feira, quinta-feira, 5a feira, quintas, quintafeira",
        "sexta, sexta-feira, 6a feira, sextas, sextafeira, sextou",
        "sábado, sábados",
        "domingo, domingos",
    ),
    weak_weekdays=("segunda", "", "quarta", "quinta", "", "", ""),
    short_weekdays=("seg, 2a", "ter, 3a", "qua, 4a", "qui, 5a", "sex, 6a", "sab", "dom"),
    months=(
        "janeiro",
        "fevereiro, fev",
        "março",
        "abril, abr",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro, out",
        "novembro, nov",
        "dezembro, dez",
    ),
    short_months=("jan", "", "mar", "", "mai", "jun", "jul", "ago", "set", "", "", ""),
    days={
        -2: "anteontem, antes de ontem",
        -1: "ontem",
        0: "hoje, hj, oje, no dia de hoje, ainda hoje, hoje mesmo",
        1: "amanhã, amanha, amanhan, amnh, amnha, amanhã mesmo",
        2: "depois de amanhã, dps de amanhã, depois d amanhã, dpois de amanhã, depois de amnh",
        15: "em quinze dias, daqui a quinze dias, daqui a 15 dias",
        7: "de hoje a oito, daqui a oito dias, de hoje a uma semana",
        8: "de amanhã a oito",
    },
    day_parts={
        (
            0,
            "evening",
        ): "esta noite, hoje à noite, hj à noite, logo à noite, hj a noite, hoje de noite, essa noite",
        (0, "morning"): "esta manhã, hoje de manhã, hj de manhã, hoje cedo, hj cedo",
        (
            0,
            "afternoon",
        ): "esta tarde, hoje à tarde, hj à tarde, logo à tarde, hoje de tarde, hj a tarde, essa tarde",
        (1, "morning"): "amanhã cedo, amanhã de manhã, amanhã pela manhã, amanhã logo cedo",
        (-1, "evening"): "ontem à noite, ontem a noite, noite passada",
    },
    parts={
        "morning": (
            "de manhã, da manhã, manhã, pela manhã, manhãs, à manhã, na parte da manhã, na manhã, cedo, cedinho,"
            " logo cedo, de manhãzinha, parte da manhã, logo de manhã, bem cedo, no período da manhã, a manhã,"
            " período da manhã, durante a manhã, na primeira hora, primeira hora, d manhã, de manha cedo, matinal,"
            " da madrugada, meio da manhã, cedo pela manhã"
        ),
        "late_morning": "no fim da manhã, fim da manhã, final da manhã, no final da manhã",
        "noon": "meio dia, do meio dia, meio-dia",
        "lunch": (
            "hora do almoço, na hora do almoço, horário de almoço, no horário de almoço, almoço, hora de almoço,"
            " à hora do almoço, horário do almoço, à hora de almoço, no almoço, pausa do almoço, no horário do almoço"
        ),
        "afternoon": (
            "à tarde, da tarde, tarde, de tarde, na parte da tarde, pela tarde, na tarde, tardes, a tarde, tardinha,"
            " parte da tarde, no período da tarde, período da tarde, durante a tarde,"
            " de tardinha, meio da tarde, no meio da tarde"
        ),
        "early_afternoon": "início da tarde, no início da tarde, começo da tarde, no começo da tarde",
        "late_afternoon": "fim da tarde, final da tarde, ao fim da tarde, no fim da tarde, no final da tarde,"
        " ao final da tarde, fim de tarde, finalzinho da tarde",
        "evening": (
            "à noite, da noite, noite, de noite, pela noite, na parte da noite, noites, a noite, depois do trabalho,"
            " jantar, o jantar, fim do dia, no fim do dia, ao fim do dia, final do dia, noitinha, no período da noite, após o trabalho,"
            " período da noite, início da noite, no início da noite, ao final do dia, no final do dia, anoitecer,"
            " no começo da noite, depois do expediente, após o expediente, dps do trabalho"
        ),
        "whole_day": (
            "o dia todo, dia todo, o dia inteiro, todo o dia, qualquer hora, a qualquer hora, qualquer horário,"
            " em qualquer horário, durante o dia, o dia tdo, dia inteiro, durante todo o dia, a qualquer horário,"
            " ao longo do dia"
        ),
    },
    numbers={
        2: "dois, duas",
        3: "três",
        4: "quatro",
        5: "cinco",
        6: "seis",
        7: "sete",
        8: "oito",
        9: "nove",
        10: "dez",
        11: "onze",
        12: "doze",
        13: "treze",
        14: "catorze, quatorze",
        15: "quinze",
        16: "dezesseis, dezasseis",
        17: "dezessete, dezassete",
        18: "dezoito",
        19: "dezenove, dezanove",
        20: "vinte",
        30: "trinta",
        40: "quarenta",
        45: "quarenta e cinco",
        50: "cinquenta",
        21: "vinte e um, vinte e uma",
        31: "trinta e um",
    },
    ordinals={1: "primeiro"},
    units={1: "dia, dias", 7: "semana, semanas, sem", 30: "mês, meses"},
    shifts={
        1: (
            "no dia seguinte, dia seguinte, o dia seguinte, um dia depois, um dia mais tarde, no outro dia,"
            " o dia depois, dia depois, um dia a mais, no próximo dia, no dia depois, um dia após"
        ),
        -1: "um dia antes, no dia anterior, o dia anterior, dia anterior, na véspera, véspera, o dia antes,"
        " um dia mais cedo, no dia antes",
    },
    before_hour={
        -15: "quinze para as, quinze para às, um quarto para as, 15 para as, um quarto para às",
        -10: "dez para as, 10 para as",
        -5: "cinco para as, 5 para as",
        -20: "vinte para as, 20 para as",
    },
    after_hour={
        30: "e meia, i meia",
        15: "e um quarto, e quarto",
        -15: "menos um quarto, menos quarto",
    },
    marks={
        "after": (
            "depois de, depois das, após, após as, apos as, a partir de, a partir das, a partir da, desde, desde as,"
            " depois da, não antes de, não antes das, dps das, só depois das, a partir do, passadas as,"
            " mais tarde que, dps de, apartir das, apartir de, depois do, depois, logo após as, só a partir das,"
            " das, só depois de, não antes da, não antes do, após às, após a, depois d, nunca antes das, partir das"
        ),
        "dated": "a partir do, depois do, antes do, até o, até ao, não antes do",
        "within": "nos próximos, nas próximas, dentro dos próximos",
        "before": (
            "antes de, antes das, até, até as, até às, ate as, antes da, até à, antes do, no máximo até,"
            " não depois de, não depois das, o mais tardar às, até o, até ao, no máximo às, no máximo, só até as,"
            " ate, só até, até no máximo, ate a, antes d, até umas, mais cedo que, só antes das, até por volta das"
        ),
        "from": "de, das, da, desde, desde as, do, entre, d",
        "from_the": "do",
        "to_the": "ao",
        "to": "a, às, as, até, até as, até às, ao, à, ate, ate as, para, pra, até a",
        "between": "entre, entre as, entre a, entre às",
        "and": "e, e as, e às, e a",
        "or": "ou, ou então, ou senão, senão, se não",
        "at": (
            "às, as, à, ao, por volta das, por volta de, lá pelas, pelas, cerca das, por volta da, pela,"
            " la pelas, perto das, umas, em torno das, por volta, ali pelas, tipo, na faixa das, a partir"
        ),
        "at_weak": "a",
        "one": "um, uma",
        "about": "cerca de, mais ou menos, aproximadamente, aprox, por volta, perto de, tipo, quase, lá pras, pras",
        "ish": "mais ou menos, aproximadamente, em ponto, e pouco, e tal, por aí, +-",
        "the": "o, dia, no dia",
        "of_the": "do, do dia",
        "art": "a, os, as, uma",
        "on": "na, no, o, em, dia, no dia, para, pra, pro, nesta, neste, para o, de, nos, nas, para a",
        "of": "de, do, da, d, na, pela, no, dos, à",
        "this": "esta, este, essa, esse, nesta, neste, nessa, nesse, desta, deste, dessa, desse",
        "next": "próximo, próxima, prox, seguinte, próx",
        "next_post": "próximo, próxima, que vem, seguinte, prox, q vem, que entra, k vem",
        "week_after": "da outra semana",
        "last": "passado, passada, último, última",
        "last_post": "passado, passada, último, última, retrasada, retrasado",
        "ahead": "em, daqui a, dentro de, daqui, daki a, após",
        "ago_pre": "há, faz, ha",
        "ago_post": "atrás",
        "later_post": "depois, mais tarde, após, a mais",
        "earlier_post": "antes, mais cedo",
        "hour_unit": "hora, horas",
        "minute_unit": "minutos, minuto, min",
        "hour_mark": "h, hs, horas, hrs, hora, em ponto",
        "minus": "menos",
        "plus_minutes": "e",
        "onwards": "em diante, pra frente, para frente, ou mais tarde, adiante, para a frente",
        "at_latest": "no máximo, o mais tardar, no maximo, máximo",
        "from_then": "depois disso, a partir daí, depois dessa hora, após isso",
        "midnight": "meia noite",
        "meal": "o almoço, almoço, almoçar, do almoço",
        "not": (
            "não, nao, n, menos, exceto, não posso, não estou, não estarei, não vou estar, ninguém, não dá,"
            " não tem ninguém, não pode ser, não no, impossível, não consigo, não vai dar, não me dá jeito,"
            " não serve, não funciona, não na, não estou em casa, não estarei em casa, nunca, ñ, salvo, tirando,"
            " não há ninguém, não dá para mim, não dá pra mim, não vou estar em casa, não haverá ninguém, nem,"
            " não estaremos, não poderei, não estou disponível, fora, não fica bem, não é bom, mas não, não pode"
        ),
        "instead_of": "em vez de, ao invés de, no lugar de, em vez da, ao invés da, em lugar de, em vez do",
        "busy": (
            "trabalho, trabalhando, estou a trabalhar, estou trabalhando, em reunião, reunião, numa reunião,"
            " ocupado, ocupada, fora, no trabalho, estou fora, tenho consulta, consulta, no escritório, em aula,"
            " viajando, de viagem, de férias, na escola, na faculdade, tenho aula, em uma reunião, no serviço,"
            " no médico, de plantão, trabalhamos, indisponível, no dentista, a trabalhar"
        ),
        "leave": (
            "saio, vou sair, tenho que sair, tenho de sair, preciso sair, vou embora, saio de casa, preciso ir,"
            " saímos, tenho que ir, vou ter que sair, sairei"
        ),
        "back": (
            "acaba, termina, volto, chego, chego em casa, saio do trabalho, termino, regresso, chego a casa, acabo, retorno,"
            " saio do serviço, estou de volta, estarei em casa às, largo, saio do escritório, volto pra casa,"
            " estou em casa às, largo do trabalho, saio da reunião, saio da escola, saio da aula, voltarei, chegarei"
        ),
        "good": (
            "dá, pode ser, é melhor, seria melhor, fica bem, serve, está bom, seria bom, está ótimo, posso, sim,"
            " é bom, funciona, me serve, seria ótimo, melhor, está bem, dá jeito, estou em casa, estarei em casa,"
            " dá para mim, dá pra mim, consigo, é ótimo, fica melhor, tá bom, tudo bem, tá ótimo, seria ideal"
        ),
        "correct": (
            "quero dizer, quer dizer, aliás, digo, desculpa, melhor, não espera, espera, na verdade, perdão,"
            " desculpe, ou melhor, minto, corrigindo, não melhor, melhor dizendo, não desculpa, opa, pensando bem,"
            " queria dizer, espere, não não, correção, me enganei, enganei-me, errei, afinal, mentira"
        ),
        "no": "não, nao, naum",
        "break": "mas, porque, pq, então, pois, porém, senão, portanto, já que, entao, só que, por isso, se",
        "move": (
            "mudar, mover, passar, adiar, trocar, remarcar, alterar, antecipar, mudem, passem, reagendar, muda,"
            " transferir, passa, troca, mude, remarcar, remarquem, troquem"
        ),
        "sooner": "antecipar, adiantar, antecipem",
        "week_of": "semana do dia",
        "weekend": "fim de semana, fds, final de semana, finde, fim-de-semana, fins de semana, fim d semana",
        "weekdays": "dia útil, dias úteis, dia de semana, durante a semana, dias de semana",
        "edge_begin": "início, começo, no início, no começo, princípio, inicio",
        "edge_mid": "meio, meados, no meio, em meados",
        "edge_end": "fim, final, no fim, no final, finais, ao fim",
        "any_day": (
            "qualquer dia, todos os dias, cada dia, qualquer data, tanto faz o dia, todo dia"
        ),
        # Names no day: it is asked for.
        "another_day": ("outro dia, qualquer outro dia, outra data, algum outro dia"),
        "few": "alguns, uns, algumas, umas, vários, poucos",
        "couple": "um par de, uns dois, dois ou três, 2 ou 3",
        "later_week": "mais para o fim da semana, mais tarde esta semana",
        "told": (
            "comprei, pedi, disseram, disse, era, estava, devia, deveria, veio, vieram, chegou, esperei, estive,"
            " tinha, tinham, prometeram, paguei, encomendei, foi, ia, vinha, deviam"
        ),
        "neutral": (
            "por que não, porque não, ainda não, mais tarde, boa tarde, boa noite, bom dia, não chegou, muito tarde,"
            " não recebi, sem problema, mais cedo possível, quanto antes, tarde demais, assim que possível,"
            " não tem problema, é tarde, agora mesmo, chega tarde, o mar, home office, teletrabalho, meia hora,"
            " não importa, não veio, não sei, logo que possível, até logo, bom fim de semana, boa semana,"
            " que dia, no dia a dia, a tempo, pelo menos, não há problema, não se preocupe, trabalho de casa,"
            " trabalho em casa, por enquanto, segunda via, em segunda mão, não faz mal, às vezes, tanto faz"
        ),
        "thing": (
            "pacotes, pacote, encomendas, encomenda, pedidos, pedido, caixas, caixa, itens, item, andar, piso, euros,"
            " reais, quilos, kg, pessoas, vezes, vez, porta, estrelas, pontos, tentativas, tentativa, rua, volumes,"
            " volume, via, entrega, entregas, classe, cães, cachorros, gatos, anos, ano, metros, km, coisas, coisa,"
            " mão, esquerdo, direito, esq, dto, produtos, etapa, parte, opção, travessa"
        ),
        "street": "rua, avenida, av, praça, travessa",
        "label": (
            "código, número, num, apartamento, apto, ap, pedido, encomenda, bloco, porta, andar, rua, avenida,"
            " av, praça, referência, ref, tel, telefone, linha, tamanho, nota, escala, casa, cep, rastreio, sala,"
            " quadra, lote, torre, r., travessa, celular, edifício, interfone, loja, opção, passo, lt, qd, senha"
        ),
        "noise": (
            "por favor, pf, pfv, ok, obrigado, obrigada, talvez, se possível, só, exatamente, de preferência, horas de,"
            " se der, apenas, mesmo, aí, lá, já, também, seja, horário, uns, preferencialmente, se puder, é, seria,"
            " faixa, janela, idealmente, bem, ainda"
        ),
        "now": "agora, já, o quanto antes, imediatamente",
    },
    phrases={
        "easter:-47": "terça de carnaval, terça feira de carnaval",
        "easter:-2": "sexta feira santa, sexta santa",
        "easter:0": "páscoa, domingo de páscoa",
        "easter:60": "corpus christi",
        "vague_day": "depois das festas, no feriado, depois do feriado",
        "at num:1": "à uma, à uma hora, à 1, a uma da tarde, uma da tarde",
        "after num:1": "depois da uma, a partir da uma, após a uma",
        "before num:1": "antes da uma, até a uma, até à uma",
        "num:24 month:12": "véspera de natal",
        "num:25 month:12": "natal, dia de natal",
        "num:31 month:12": "véspera de ano novo, réveillon",
        "num:1 month:1": "ano novo",
        "any_day not": "qualquer dia menos, todos os dias menos, qualquer dia exceto, qualquer dia que não seja,"
        " todos os dias exceto, qualquer dia fora",
    },
    common=(
        "eu, o, a, os, um, uma, de, em, meu, minha, me, que, quando, onde, como, é, está, são, pode, podem, poderia,"
        " quero, preciso, gostaria, pacote, encomenda, entrega, entregar, entregador, olá, oi, obrigado, obrigada,"
        " por, para, pra, com, se, sim, e, ou, não, nao, estou, estarei, casa, favor, melhor, chega, trazer, você,"
        " vocês, ninguém, alguém, tem, no, na, do, da, ser, seria, posso, minhas, meus, manhas, amanda, semanal,"
        " sem, sexto, quinto, quarto, tenho, deixar, deixa, vizinho, isso, mas, muito, só, já, vou, vai, tarda"
    ),
    countries=("PT", "BR", "AO", "MZ"),
)
