"""Romanised Hindi words of days and hours, as mixed with English; every spelling is somebody's."""

from bot.domain.when.language import Language
from bot.domain.when.words.en import ENGLISH

# It comes after what it denies.
_NOT = (
    "nahi, nhi, nai, mat, na, nahin, nahee, nhin, nah, nai hoga, nahi chalega, nahi hoga, nahi ho payega, mt, naa,"
    " koi nahi, koi nahi hoga, nahi hoon, nahi hu, nahi rahunga, nahi rahungi, ko chhod kar, chhod kar, chhod ke, ko chhodke, chhodke, chodke, chod ke, chhodkar, ko chodkar, ke alawa, ke siva, ke sivay,"
    " nahi hun, ghar pe nahi, ghar par nahi, ghar nahi, available nahi, nahi milunga, nhi rahunga, nhi hoga, nhi chalega,"
    " ke alava, ke siva, ke ilawa, ke alawa, nahi aana, mat aana, mat lana, mat bhejna, nahi rahega, nahi honge, nahi aao,"
    " ghar pe nahi hoon, ghar pe nahi hu, ghar pe nahi rahunga, ghar pe nahi rahungi, ghar par nahi hoon, ghar pe koi nahi,"
    " nahi ho paega, possible nahi, nahi kar sakta, nahi chahiye, mana hai, mushkil hai, nhi hu, nhi hun, busy hu, busy hoon"
)
# Tomorrow or yesterday, as the verb has it.
_KAL = "kal, kl, kall, kaal, kal hi, aane wale kal, aanewale kal, kal ke din, kaal hi"
_PARSO = "parso, parson, parsu, parsoon, parasho, parsun, parsoo, prso, parsho, paraso, parso hi"

HINGLISH = Language(
    code="hinglish",
    weekdays=(
        "somvar, somwar, somvaar, somvar ko, sombar, sombaar",
        "mangalvar, mangalwar, mangal, mangalvaar, mangalbar",
        "budhvar, budhwar, budh, budhvaar, budhbar, budvar",
        "guruvar, brihaspativar, veervar, virvar, brihaspati, veerwar, jumerat, vrihaspativar, bihafe",
        "shukravar, shukrawar, shukra, shukrvar, jumma, juma, shukarvar, sukravar, sukrawar, shukrwar, shukkar",
        "shanivar, shaniwar, shani, sanivar, saniwar, shanivaar, shanichar, sanichar, shanichara",
        "ravivar, raviwar, itvar, itwar, etvar, etwar, ravivaar, raivar, rabibar, itavar",
    ),
    months=(
        "",
        "farvari",
        "",
        "aprail",
        "",
        "",
        "julai",
        "agast",
        "sitambar",
        "aktubar",
        "navambar",
        "disambar",
    ),
    days={
        0: "aaj, aj, aaj hi, ajj, aaaj, aaj ke din",
        1: _KAL,
        2: _PARSO,
        3: "tarso, narso, tarson, narson",
    },
    day_parts={(0, "evening"): "aaj raat, aj raat, aaj shaam, aj shaam, aaj rat, aaj sham"},
    parts={
        "morning": (
            "subah, subha, suba, subeh, sabah, subh, sbh, savere, sawere, subah subah, sube, subhe, savera, swere,"
            " subah ke time, subah ke samay, sabere, saverey, subah mein, morning mein, din chadhe"
        ),
        "noon": "theek dopahar, bhari dopahar",
        "lunch": "lunch ke time, khane ke time, lunch time pe, lunch mein, lunch ke samay",
        "afternoon": (
            "dopahar, dopehar, dupahar, dophar, dopaher, dopeher, dupehar, dophr, dopahr, dopahar mein, dopher, duphar,"
            " din mein, din me, afternoon mein, dopaharko, dopahr me, din ke time, din ke samay, dopeher me"
        ),
        "evening": (
            "shaam, sham, shyam, shaam ko, saam, sam ko, saanjh, raat, rat ko, raath, raat ko, rat, rat mein, ratko,"
            " office ke baad, kaam ke baad, evening mein, shamko, sanjh, shaam ke time, shaam ke samay, raat mein,"
            " duty ke baad, shaam mein, shm ko"
        ),
        "whole_day": (
            "pura din, poora din, poore din, pure din, sara din, saara din, din bhar, dinbhar, sare din, kisi bhi time,"
            " kabhi bhi din mein, pure din mein, kisi bhi waqt, kisi bhi samay, saare din, kabhi bhi, poora dinn"
        ),
    },
    numbers={
        2: "do, dou",
        3: "teen, tin",
        4: "char, chaar, chaar",
        5: "paanch, panch, pach, paach",
        6: "chhe, chhah, chhai, cheh, chah, chh",
        7: "saat, sat",
        8: "aath, ath, aat",
        9: "nau",
        10: "das, dus, dass",
        11: "gyarah, gyara, giyarah, gyarha",
        12: "barah, bara, baara, baarah",
        13: "terah",
        14: "chaudah, choda, chauda",
        15: "pandrah, pandra",
        16: "solah, sola",
        17: "satrah, satra",
        18: "atharah, athara, atharaa",
        19: "unnis",
        20: "bees",
        21: "ikkis, ikis",
        22: "bais, baees",
        23: "teis, tees is",
        24: "chaubis, chobis",
        25: "pachis, pachchis, pacchis",
        26: "chhabbis, chabis, chhabis",
        27: "sattais, satais",
        28: "atthais, athais, atthaees",
        29: "untis, unatis",
        30: "tees, tis",
        31: "ikatis, iktis, ikattis",
        45: "paintalis, pentalis",
    },
    units={
        1: "din, dino, dinon, roz, dinn, dinno",
        7: "hafte, hafta, hafton, haftey, saptah, hafto, haphte, week, weeks",
        30: "mahine, mahina, mahino, maheene",
    },
    shifts={
        1: "agle din, uske agle din, uske baad wale din, ek din baad, uske next day, agla din, us ke agle din, uske doosre din,"
        " dusre din, doosre din, uske baad ka din, usse agle din, ek din late, uske ek din baad, 1 din baad, ek din aur",
        -1: "ek din pehle, uske pehle wale din, usse pehle din, ek din pahle, ek din phle, uske ek din pehle, 1 din pehle,"
        " usse ek din pehle, pichle wale din",
    },
    before_hour={
        30: "sadhe, saadhe, sade, saade, sarhe, saarhe",
        15: "sava, sawa, savaa, swa",
        -15: "paune, pone, paun, pauney",
    },
    marks={
        "looks_back": f"{_KAL}, {_PARSO}",
        "after": "",
        "after_post": (
            "ke baad, k baad, ke bad, k bad, baad, bad, ke baadh, ke baad hi, bd, ke baad se, se baad, ke bd, ke bada,"
            " ke baad kabhi bhi, k bd, ki baad, ke uparant, se pehle nahi, se pehle mat, se pehle nhi, se pahle nahi,"
            " k baad hi, ke pehle nahi, ke pehle mat, se phle nhi, se pehle na, tak busy hoon, ke after, ke badd,"
            "  ke baad kabhi, se pehle mt, ke pehle nhi,"
            " se pehle nahin, ke pehle na, se pahle mat, se pahle nhi, se aage"
        ),
        "before_post": (
            "se pehle, se pahle, se phle, pehle, pahle, phle, se pehley, k pehle, ke pehle, se pehle pehle, ke andar,"
            " tak hi, ke pahle, ke baad nahi, ke baad mat, ke bad nahi, ke baad nhi, se pehle hi, ke before, ke bad mat,"
            "  ke baad na, ke bad nhi, se phele, se pehla,"
            " k baad nahi, k baad mat, ke baad nahin, ke baad mt, se pele"
        ),
        "until_post": "tak, tk, takk, tak ke liye, tak mein",
        "from_post": "se, say, se lekar, se leke, se start",
        "between_post": "ke beech, k beech, ke bich, beech, bich, ke beech mein, ke bichh, beech mein, bich me, ke darmiyan, k bich,"
        " ke beech me, ke between, ke beach, beech me, bich mein",
        "to": "se, to",
        "from": "",
        "between": "between",
        "and": "aur, or, and, va, evam, aor, n",
        "or": "ya, ya fir, ya phir, athva, nahi to, warna, varna, ya to, nahin to, nahi toh, nhi to",
        "at": "at, lagbhag, kareeb, karib, theek, thik",
        "about": "lagbhag, kareeb, karib, takriban, around, yahi koi, karibun",
        "ish": "ke aas paas, ke aaspaas, ke kareeb, ke karib, k aas paas, ke lagbhag, ke around, tak pahunch, ke aas pas, ke aspas, ke as pas,"
        " k kareeb, ke qareeb, ke takreeban",
        "the": "tarikh, tareekh, taarikh, tareek, tarik, date",
        "date_post": "tarikh, tareekh, taarikh, tareek, tarik, date, tarik ko, ko",
        "on": "ko, pe, par, wale, vale, ke, wale din, wali, ki, ka, mein, me, main, waale, hi, on",
        "of": "ke, ki, ka, mein, me, k, wale",
        "this": "is, iss, isi, ye wala, yeh, is wale, ees",
        "coming": "aane wale, aanewale, aane wala, aata, aate, is aane wale",
        "next": "agle, agla, agli, agley, aglay, next, nxt, aglee",
        "last": "pichle, pichhle, pichla, pichli, pichhla, bite, gaye, last, guzre",
        "ahead": "in, agle, aane wale",
        "ahead_post": "baad, bad, mein, me, ke baad, ke andar, k baad, main, ke bad, andar, aur",
        "ago_post": "pehle, pahle, phle, ago, se pehle, purana",
        "later_post": "aage, late",
        "one": "ek, aik",
        "one_hour": "ek",
        "hour_unit": "ghante, ghanta, ghnte, ghanto, ganta, gante",
        "minute_unit": "minute, minat, mint",
        "hour_mark": "baje, bje, bajey, baj, bajay, baaje, bj, vaje, bajai, bajkar, bajke, baja, bajhe, baze, baaj",
        "half_two": "dhai, dhaai, adhai",
        "half_one": "dedh, derh, dairh",
        "onwards": "ke baad se, se aage, aage",
        "not": _NOT,
        "backward": _NOT,
        "instead_of_post": "ki jagah, ke bajay, ke bajaye, ke badle, ki bajay, ki bajaye, ki jagha, ke jagah, ke bajae, ke badley",
        "busy": (
            "busy, office mein, office me, meeting mein, meeting hai, kaam pe, bahar, bahar hoon, bahar hu, office hai, kaam hai,"
            " duty, class hai, college, vyast, bahar rahunga, bahar rahungi, meeting me, office hoon, bahar ja raha, duty pe,"
            " school, shift hai, shift, chutti nahi, ghar se bahar, office, kaam par, bahar jana, meeting, duty hai"
        ),
        "leave": "nikal jaunga, nikalna hai, nikalunga, jaana hai, jana hai, nikal jaungi, nikalungi, nikalna, nikal raha, chala jaunga,"
        " ja raha, nikal jaayenge, chali jaungi, nikal jata, nikal rahe, nikal rha",
        "back": "khatam, khatam hoti, khatam hota, aata hoon, aaunga, ghar aata, ghar aaunga, wapas, vapas, ghar pahunchta, ghar pahunchunga, ghar aa jaunga, pahunchunga,"
        " chutti hoti, chhutti, ghar aati, free ho, free hota, ghar pahuchunga, free hounga, office se aata, free hunga, wapis, ghar aa jaungi",
        "good": (
            "chalega, theek rahega, theek hai, sahi rahega, thik rahega, ok, ho sakta, accha rahega, best rahega, better, free hoon,"
            " behtar, acha rahega, theek hoga, kar do, kar dijiye, bhej do, le aana, aa jao, aana, aa jana, de do, kardo, bhejna,"
            " lana, de dena, kar dena, bhej dena, chalegi, sahi hai, thik hai, ghar pe hoon, ghar pe hu, milunga, ho jayega, ghar pe rahunga,"
            " bhejo, lao, aao, dijiye, krdo, kr do, bhejdo, dedo, karo, rakho, rakh do, rakh lo, kro, karna, karwa do, rahega"
        ),
        "correct": (
            "matlab, sorry, balki, arre nahi, nahi nahi, mera matlab, actually, ruko, i mean, wait, are nahi, balke, bulki, maaf karo,"
            " galti se, nahi ruko, arre, ek min, wait nahi, nhi nhi, mtlb, are, nahi sorry"
        ),
        "no": "nahi, nhi, na, nahin, nai, no",
        "break": "par, lekin, magar, kyunki, kyuki, isliye, to, toh, lekin, pr, but, so, phir, fir, islie, kyonki, agar, agr, warna",
        "move": "shift, change, badal, postpone, reschedule, badlo, badal do, move, delay, aage badha",
        "weekend": "weekend, haftant, week end, weekend pe",
        "weekdays": "weekday, weekdays",
        "edge_begin": "shuru, shuruaat, shuru mein, starting, shuruat",
        "edge_mid": "beech",
        "edge_end": "end, aakhir, aakhri, ant, akhir, aakhir mein, akhri",
        "any_day": ("kisi bhi din, koi bhi din, har din, roz"),
        # Names no day: it is asked for.
        "another_day": ("kisi aur din, koi aur din, kisi dusre din, koi dusra din, kisi din"),
        "few": "kuch, thode, kai, kuchh, thodi",
        "couple": "do teen, do char, 2 3, do-teen, ek do, 2-3, 1 2, do ek",
        "later_week": "is hafte baad mein",
        "told": (
            "tha, thi, the, aaya, gaya, kiya, mila, hua, order kiya, aayi, bola, kaha, gayi, aya, hui, mili, li, liya, manga, mangaya,"
            " aaye, gaye, kare the, kari thi, diya, hogaya, bataya, bulaya, raha tha, rahe the, wali thi, wala tha, bole, mangwaya, ayi"
        ),
        "neutral": (
            "kyun nahi, abhi tak nahi, abhi nahi, nahi aaya, nahi mila, nahi pata, pata nahi, koi baat nahi, good morning, good evening,"
            " good night, jaldi se jaldi, abhi tak, nahi mili, nahi aayi, jab tak, ghar tak, gate tak, kab tak, nahi pahuncha, ab tak,"
            " work from home, wfh, good afternoon, jitna jaldi, time pe, kal tak nahi, bahut late, mujhe nahi pata, sab theek, number pe,"
            " baad mein, baad me, kya hai, ek baar, ek bar, mein hoon, mere ghar, ho to, ho toh, do na, kar do na, no problem, bata do"
        ),
        "thing": "parcel, parcels, packet, packets, log, manzil, floor, rupaye, rupees, rs, kilo, baar, bar, saal, number, gali, mahine, bachche,"
        " items, order, bande, dukan, cheez, cheezein, saman, dabbe, bhai, tarah, kg",
        "label": "makan, ghar number, flat, gali, floor, code, otp, number, sector, plot, house, pin, phone, block, order, mobile, no, room, ward,"
        " tower, gate, manzil, lane, society, wing",
        "noise": "ji, na, bhai, bhaiya, please, pls, plz, hi, bhi, yaar, sir, madam, jara, zara, shayad, sirf, bas, ke time, ke samay, time, samay,"
        " waqt, tab, fir, phir, kripya, ok, pakka, exact, exactly, toh, bhaiyya, ka time, ke waqt, ke taim, le aana",
        "from_then": "uske baad, us ke baad, iske baad, uske bad, usk baad",
        "now": "abhi, turant, jaldi, jaldi se jaldi, asap, abhi ke abhi",
    },
    phrases={
        "num:1 hour_mark": "ek baje, ek bje",
        "any_day not": "kisi bhi din lekin nahi",
    },
    common=(
        "hai, hain, ho, mera, meri, mere, mujhe, ko, ka, ki, ke, kya, kab, kahan, nahi, nhi, kar, karo, kijiye, dijiye, do, de, bhej, aana, aa,"
        " ghar, par, pe, main, mein, hum, aap, koi, yaar, bhai, bhaiya, ji, hoon, hu, tha, thi, raha, rahe, rahi, sakta, sakte, lana, lao, wala,"
        " delivery, deliver, chahiye, karna, kal, sab, aur, lekin, aaunga, rahunga, rahungi, jaunga, hun, milega, hoga, kr, krdo, chaiye, dena"
    ),
    sounds=(
        ("aa", "a"),
        ("ee", "i"),
        ("oo", "u"),
        ("w", "v"),
        ("ph", "f"),
        ("z", "j"),
        ("ey", "e"),
        ("nn", "n"),
        ("kk", "k"),
        ("tt", "t"),
    ),
    next_is_nearest=False,
    countries=("IN",),
    takes=(ENGLISH,),
)
