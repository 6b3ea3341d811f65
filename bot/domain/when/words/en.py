"""English words of days and hours."""

from bot.domain.when.language import Language

ENGLISH = Language(
    code="en",
    weekdays=(
        "monday, mondays, mond, mondy",
        "tuesday, tuesdays, tues, tuesd",
        "wednesday, wednesdays, weds, wensday, wednes, wendsday",
        "thursday, thursdays, thurs, thur, thu, thirsday, thurdsay",
        "friday, fridays, fri, frid",
        "saturday, saturdays, satur",
        "sunday, sundays",
    ),
    short_weekdays=("mon", "tue, tu", "wed", "th", "fr", "sat", "sun"),
    months=(
        "january",
        "february, feb",
        "march",
        "april, apr",
        "",
        "june",
        "july",
        "august",
        "september, sept",
        "october, oct",
        "november, nov, novem",
        "december, decem",
    ),
    short_months=("jan", "", "mar", "", "may", "jun", "jul", "aug", "sep", "", "", "dec"),
    days={
        -2: "day before yesterday, the day before yesterday",
        -1: "yesterday, yday, yest, yesterdays",
        0: "today, 2day, todays, tday, later today, in the day today",
        1: (
            "tomorrow, tmrw, tmr, tmw, tomoz, 2moro, 2mrw, 2morrow, tmrow, tomoro, tomorro, tomo,"
            " tmoro, tom, tomorrows, tomos, tommorow, 2mro, 2moz, 2mrow, 2moro, tmmrw, tmmr, tmrrw, morrow"
        ),
        7: "week today, a week today, one week today, today week",
        8: "a week tomorrow, week tomorrow, tomorrow week",
        2: "day after tomorrow, the day after tomorrow, day after tmrw, day after tmr, overmorrow,"
        " day after tomoz, day after 2moro, day after tomo, day aftr tomorrow",
    },
    day_parts={
        (0, "evening"): "tonight, tonite, 2nite, 2night, tnite, later tonight, this eve",
        (-1, "evening"): "last night, yesterday evening, last evening",
    },
    parts={
        "morning": (
            "morning, mornings, mornin, morn, mrng, mornng, first thing, early morning, forenoon,"
            " in the am, early doors, first thing in the morning, 1st thing, 1st thing in the morning, early in the morning,"
            " mid morning, early am"
        ),
        "late_morning": "late morning, late in the morning, later in the morning",
        "afternoon": (
            "afternoon, afternoons, aft, arvo, avo, aftrnoon, in the pm, this pm,"
            " midafternoon, mid afternoon, afternon, afternn"
        ),
        "early_afternoon": "early afternoon, early in the afternoon",
        "late_afternoon": "late afternoon, late in the afternoon, later in the afternoon",
        "evening": (
            "evening, evenings, evng, eve, evenin, night, nite, nights, at night, nighttime,"
            " night time, after work, end of the day, end of day, eod, late in the day,"
            " early evening, late evening, dinner, supper, dinner time, dinnertime, teatime, tea time"
        ),
        "lunch": "lunchtime, lunch time, lunch, lunch break, lunch hour, over lunch, dinner hour",
        "whole_day": (
            "all day, whole day, all day long, the whole day, any time of day, any time of the day,"
            " any time during the day, entire day, full day, anytime that day"
        ),
    },
    numbers={
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty",
        30: "thirty",
        40: "forty",
        45: "forty five",
        50: "fifty",
    },
    ordinals={
        1: "first",
        2: "second",
        3: "third",
        4: "fourth",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
        10: "tenth",
        11: "eleventh",
        12: "twelfth",
        13: "thirteenth",
        14: "fourteenth",
        15: "fifteenth",
        16: "sixteenth",
        17: "seventeenth",
        18: "eighteenth",
        19: "nineteenth",
        20: "twentieth",
        30: "thirtieth",
    },
    units={
        1: "day, days, day's, days time, days' time, sleeps, day time",
        7: "week, weeks, wk, wks, week's time, weeks time, weeks' time, week time, fortnights",
        30: "month, months, month's time, months time",
    },
    shifts={
        1: (
            "day after, the day after, the day after that, day after that, next day, the next day,"
            " following day, the following day, a day later, the day following, day later,"
            " one day later, a day after, one day after, the morrow"
        ),
        -1: (
            "a day earlier, one day earlier, day earlier, the day before, day before,"
            " a day sooner, one day sooner, the day before that, the previous day, a day before"
        ),
    },
    before_hour={
        30: "half past, half, half pas",
        15: "quarter past, a quarter past, quarter after, a quarter after, qtr past",
        -15: "quarter to, a quarter to, quarter of, a quarter of, quarter till, qtr to",
    },
    marks={
        "after": (
            "after, past, post, from, give me till, give me until, from after, any time after, anytime after, aftr, afer, afta, aftar, arfter, later than,"
            " not before, no earlier than, not earlier than, not until, not till, not til, not untill, not unless after, no sooner than,"
            " not b4, only after, only from, from around, starting, starting from, starting at,"
            " as from, as of, since, not any earlier than, available after, earliest, sometime after"
        ),
        "before": (
            "before, b4, by, until, till, til, untill, up to, upto, up until, no later than,"
            " not later than, not after, earlier than, any time before, anytime before, latest,"
            " at the latest, at latest, only until, only before, not past, prior to, ahead of,"
            " no later then, sooner than, anytime until, befor, bfore, sometime before"
        ),
        "from": "from, frm, between from, open from",
        "to": "to, till, til, until, thru, through, up to, untill, upto",
        "between": "between, btw, btwn, betwen, in between, anywhere between, any time between,"
        " anytime between, sometime between, b/w, inbetween, bet",
        "and": "and, n, an",
        "or": "or, otherwise, or else, failing that, alternatively, if not",
        "at": "at, by around, for",
        "about": "about, around, abt, arnd, roughly, approx, approximately, round, circa, near,"
        " more like, at like, around like, maybe like, say like, later like, or like, time like,"
        " close to, maybe, say, sometime around, somewhere around, ish, around about",
        "ish": "ish",
        "the": "the, da",
        "on": "on, for",
        "of": "of, in the, in",
        "next": "next, nxt, following, nex, the next",
        "coming": "coming, this coming, upcoming, the coming",
        "this": "this, dis",
        "last": "last, past, previous, lst",
        "next_post": "after next",
        "week_after": "after next",
        "last_post": "just gone, gone, just passed",
        "ahead": "in, after",
        "within": "within, in the next, within the next, over the next",
        "next_week": "the week after, following week, the following week, the week after next, week after next",
        "ahead_post": "from now, from today, time, hence, away, later from now",
        "ago_post": "ago, back, past",
        "later_post": "later, after that, after",
        "earlier_post": "earlier, sooner, before that, before",
        "one": "one, a, an",
        "one_hour": "one",
        "hour_unit": "hour, hours, hr, hrs",
        "minute_unit": "minutes, mins, min, minute",
        "hour_mark": "o'clock, oclock, o clock, hours, hrs",
        "am": "am, a.m, a m",
        "pm": "pm, p.m, p m",
        "past_minutes": "past, minutes past, mins past",
        "to_minutes": "to, minutes to, mins to",
        "onwards": (
            "onwards, onward, on wards, or later, and later, on, plus,"
            " or so onwards, and onwards, afterwards, at the earliest, earliest, or thereafter"
        ),
        "at_latest": "at the latest, latest, or earlier, max, tops",
        "from_then": "after that, after then, any time after that, anytime after that, from then, from then on, afterwards,"
        " after this, from there on",
        "clock": "noon, midday, mid day, 12 noon, noontime, twelve noon",
        "noon": "noon, midday, mid day, 12 noon, noontime, noonish, middayish, twelve noon,"
        " noon ish, around noonish",
        "midnight": "midnight",
        "meal": "lunch, lunchtime",
        "not": (
            "not, can't, cant, cannot, can not, won't, wont, don't, dont, isn't, isnt, except,"
            " not on, but not, apart from, other than, excluding, aint, ain't, never, never on, never in, never home, never in on,"
            " can't do, cant do, cannot do, cant make, can't make, can't make it, cant make it,"
            " won't work, wont work, doesn't work, doesnt work, does not work, no good, is no good,"
            " isn't good, isnt good, not good, doesn't suit, doesnt suit, wouldn't work, nobody,"
            " noone, no one, no 1, nobody's, not possible, impossible, not available, unavailable,"
            " not free, no go, a no go, is a no go, not in, not home, not at home, not around, not be in, not be home, shouldn't,"
            " not be here, nobody is in, nobody home, nobody's home, won't be in, won't be home,"
            " wont be in, wont be home, wont be there, won't be there, don't come, dont come,"
            " doesnt wrk, not gonna work, wont do, won't do,"
            " doesn't do, not going to work, bad for me, is bad, not ideal, couldn't, couldnt,"
            " don't deliver, dont deliver, don't bring, dont bring, can't be there, cant be there,"
            " can't be home, cant be home, can't be in, cant be in, can't on, cant on, doesn't,"
            " doesnt, does not, do not, will not, will not be, wouldnt, wouldn't"
        ),
        "than": "than, better than, rather than on, sooner than on",
        "instead_of": "instead of, rather than, in place of, in lieu of, as opposed to",
        "busy": (
            "busy, away, at work, meeting, in a meeting, work until, i work, im working, working,"
            " out, i'm out, im out, at the office, in the office, tied up, appointment, on holiday,"
            " on vacation, in meetings, in class, at school, at uni, on shift, my shift, on a call,"
            " travelling, traveling, out of town, occupied, at the doctors, at the doctor, asleep, naps, napping, sleeps, nap,"
            " sleeping, at an appointment, i am out, at the dentist, booked, gone, stuck at work,"
            " work from, works until, works till, i work till, in lectures, unavailable, abroad,"
            " on calls, on the road, at the gym, out of the house, we work, we are out, we're out,"
            " he works, she works, isnt home, isn't home, aren't home, arent home, away from home"
        ),
        "leave": (
            "leaving, leave, i leave, have to go, need to go, heading out, going out, head out,"
            " have to leave, need to leave, must leave, off to work, go out, got to go, gotta go,"
            " leaving the house, we leave, we're leaving, i go out, i go to work, leave for work,"
            " gone by, out the door, i'm off, im off"
        ),
        "back": (
            "ends, end, over by, finished, back, get home, home by, get back, be back, i finish, finish, finish work, get in,"
            " be home by, arrive home, return, finishing, i'm done, off work, get off, home from work,"
            " done with work, come home, finish at, back home, getting home, return home, finishes,"
            " knock off, clock off, off shift, here by, reach home, there by, gets home, done by"
        ),
        "good": (
            "works, is good, is better, is fine, is ok, is okay, would be good, would be better,"
            " would be, would work, suits, suits me, would suit, works for me, is great, is perfect, better,"
            " would be great, would be perfect, does, works better, preferred, is best, ideal, i can,"
            " if possible, is free, i am free, im free, i'm free, i'm home, im home, available,"
            " i'm in, im in, will do, will work, can do, will be in, will be home, ill be home,"
            " i'll be home, ill be in, i'll be in, please instead, instead"
        ),
        "correct": (
            "i mean, i meant, no wait, wait no, wait, sorry, actually, make that, make it, scratch that,"
            " correction, no sorry, or rather, sorry i mean, oops, my mistake, on second thought,"
            " on second thoughts, let's say, lets say, nah, nope, hang on, hold on, i ment, edit,"
            " meant, no make it, change that to, better make it, no actually, strike that, err, erm"
        ),
        "no": "no, nope, nah",
        "break": "but, so, because, cos, cuz, coz, since, as, however, though, then, otherwise, if",
        "move": (
            "move, moved, change, changed, switch, reschedule, shift, postpone, delay, push, swap,"
            " bring forward, rescheduled, moving, changing, push back, put back, rearrange, pushed"
        ),
        "sooner": "bring forward, bring it forward, pull forward, pull it forward",
        "week_of": "week commencing, wk commencing, week beginning, week starting, week of, w/c, wk of",
        "weekend": "weekend, week end, weekends, wkend, wknd, wkd, at the weekend, over the weekend",
        "weekdays": "weekday, weekdays, working day, working days, business day, business days,"
        " week days",
        "edge_begin": "beginning, start, early, first half, begin, early in, early on in",
        "edge_mid": "middle, mid, midweek, half way through",
        "edge_end": "end, late, second half, later, back end, the end, latter half, tail end",
        "any_day": (
            "any day, anyday, every day, everyday, each day, whichever day, whatever day,"
            " most days, any date, all days"
        ),
        # Names no day: it is asked for.
        "another_day": (
            "any other day, another day, some other day, other day, a different day, another date"
        ),
        "few": "a few, few, several, some, couple more, a few more",
        "couple": "couple of, a couple of, couple, a couple, cpl, cpl of, a cpl of",
        "later_week": "later this week, later in the week, later on this week, latter part of the week",
        "told": (
            "ordered, was, were, said, told, came, come on yesterday, didn't, didnt, missed, tried,"
            " should have, supposed, promised, had, bought, paid, waited, haven't, havent, hasn't,"
            " was due, been waiting, been, did, got, purchased, emailed, called, wasn't, wasnt"
        ),
        "neutral": (
            "why not, no problem, no worries, not here yet, hasn't, not arrived, not received, not yet,"
            " not sure, not urgent, work from home, working from home, wfh, work at home, of course,"
            " on my own, out for delivery, not come, not delivered, next door, not be late, at home,"
            " sun is, the sun, in the sun, in time, on time, one time, last time, first time, this time,"
            " next time, i sat, we sat, he sat, she sat, sat on, sat in, sat at, sat there, wed love,"
            " may i, may be, may have, may we, may you, can i, march on, you may, it may, i may, we may,"
            " they may, he may, she may, mon ami, second hand, for two weeks, waited, last mile, last one,"
            " last minute, last order, last thing, not a problem, to be honest, can't wait, cant wait,"
            " don't forget, dont forget, don't worry, dont worry, don't mind, dont mind, not bothered,"
            " don't know, dont know, doesn't matter, doesnt matter, not later, sun shine, day off,"
            " is off, half of, half the, half an, half a, early as possible, in person, at all, in stock,"
            " have a nice day, have a good day, good morning, good afternoon, good evening, good night,"
            " morning all, morning team, night shift, goodnight, gnight, my day, nice day, great day,"
            " out of order, not out, turned out, find out, check out, ran out, figure out, sort out,"
            " fed up, each time, every time, any time, anytime, some time, sometime, the time, all the time"
        ),
        "thing": (
            "parcels, parcel, packages, package, boxes, box, items, item, orders, people, persons, floor, time,"
            " floors, flr, times, attempts, attempt, stars, star, points, quid, bucks, pounds,"
            " euros, dollars, kilos, kg, street, st, road, rd, avenue, ave, lane,"
            " bedrooms, flats, cards, card, calls, letters, messages, texts, emails, kids, cats, dogs,"
            " dog, cat, bells, steps, doors, door, one, ones, things,"
            " delivery, deliveries, emails, email, reviews, percent, km, miles, metres, meters, cm,"
            " years, year, of them, of my, of your, of 2, of 3, of 4, of 5, of 6, of 10, pairs,"
            " bags, bag, units, drivers, stops, shoes, shirts, terrace, gardens,"
            " square, mews, crescent, grove"
        ),
        "street": "street, st, road, rd, avenue, ave, lane, close, drive, court, terrace, way, gardens, hill, square, park",
        "label": (
            "flat, apt, apartment, unit, code, order, number, no., room, building, gate, floor, suite,"
            " house, block, door, postcode, zip, pin, ref, reference, tracking, bus, route, level, lift,"
            " size, scale, rate, rating, score, version, parcel number, order number, phone, tel, option,"
            " step, entrance, tower, bldg, unit number, house number, buzzer, press, ring, dial, locker,"
            " bay, villa, plot, phase, sector, give you, gives you, part, page, line, box, call, mobile"
        ),
        "noise": (
            "like, please, pls, plz, or so, maybe, perhaps, possibly, sharp, prompt, ideally, just,"
            " preferably, any time, anytime, some time, sometime, ok, okay, exactly, then, only,"
            " probably, there, is, if possible, also, hopefully, early, late, say, say around, really,"
            " dear, mate, again, be, ideally around, even, somewhere, delivery, deliver, even better"
        ),
        "now": "now, right now, straight away, asap, as soon as possible, immediately",
    },
    phrases={
        "any_day not": (
            "any day but, any day except, any day apart from, every day but, all days but, anyday but,"
            " any day other than, every day except, any day excluding, any day bar, anyday except"
        ),
        "after next unit:7": "after next week, after nxt week, after nxt wk, after next wk",
        "easter:-2": "good friday",
        "easter:0": "easter, easter sunday",
        "easter:1": "easter monday",
        "easter:-47": "pancake day, shrove tuesday",
        "vague_day": "after the holidays, over the holidays, bank holiday monday, between christmas and new year",
        "any_time not": "anything but, anytime but, any time but, whenever but, any time except, anytime except",
        "num:24 month:12": "christmas eve, xmas eve",
        "num:25 month:12": "christmas day, christmas, xmas, xmas day",
        "num:26 month:12": "boxing day",
        "num:31 month:12": "new year's eve, new years eve, nye",
        "num:1 month:1": "new year's day, new years day",
        "num:14 unit:1": "a fortnight, fortnight, fortnight's time, a fortnight's time",
    },
    common=(
        "i, you, he, she, we, they, it, my, your, can, could, would, will, be, is, are, am, the, a, an,"
        " have, has, do, this, that, there, home, house, please, pls, deliver, delivery, parcel, package,"
        " want, need, come, bring, hello, hi, hey, thanks, thank, what, how, when, where, much, me, to,"
        " and, or, of, in, on, it's, its, i'm, im, with, if, any, not, no, yes, yeah, ok, sounds, only,"
        " leave, courier, driver, someone, somebody, anyone, anybody, else, get, got, just, any, sorry,"
        " been, mine, was, were, order, than, money, sunny, funny, mother, brother, another, martin,"
        " later, leaving, seven, eleven, demand, main, domain, remain, martha, quarter, moving,"
        " weekly, daily, monthly, free, need, been, keep, feel, see, book, look, good, took, food, soon, sending, meeting, mention, monitor, other, either, neither, whether,"
        " weather, wonder, under, wait, waiting, until, friend, friends, fried, afternoons, earning,"
        " warning, boring, tomato, thirsty, thursty, sundry, nothing, something, anything, everything,"
        " street, stuff, towards, toward, tonne, tone, touch, evening's, bringing, ordering, today's"
    ),
    next_is_nearest=False,
    countries=("US", "GB", "IE", "AU", "NZ", "CA"),
)
