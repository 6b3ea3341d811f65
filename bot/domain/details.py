"""Whether a message says what a change still needs: which neighbour, where, what the note is.

The customer's own words are the detail. What has to be decided is only whether there are any:
"can a neighbour take it?" says nothing to the courier, "Mrs Patel at number 12" does. Words that
could stand in any such message are left out, and something telling has to remain. A message that
only opens the matter must name the thing besides (see details_words.CUES); an answer to our own
question need not.
"""

import re
from collections.abc import Container
from itertools import pairwise

from bot.domain.answers import plain
from bot.domain.details_words import (
    CUES,
    DWELLING,
    GENERIC,
    KEPT,
    LEADING,
    OWN,
    POLITE,
    TITLES,
    WITHIN,
)
from bot.domain.for_courier import (
    for_me_only,
    is_astray,
    is_coming,
    message_to_courier,
    names_somebody,
)
from bot.domain.request import RequestKind

LONGEST = 240
"""Characters of a detail that are kept; a carrier's label holds less."""

_TOKEN = re.compile(r"[\w\u0900-\u097f]+")
# A clause ends at a sign that is followed by a space, so "no. 12" and "12,50" stay whole.
_CLAUSE = re.compile(
    r"(?<!\bno)(?<!\bnr)(?<!\bmr)(?<!\bmrs)(?<!\bst)(?<!\bm)(?<!\bdr)(?<!\bsr)(?<!\bsra)[.,;:!?](?=\s)|\n",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b\d{1,2}\s?(?:am|pm|uhr|heures?|hrs?|o'?clock|baje|h)\b\s?\d{0,2}|\b\d{1,2}:\d{2}\b"
    r"|\b\d{1,2}/\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)\b(?! (?:floor|street|st|avenue|ave))",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d+(?:e|er|eme|st|nd|rd|th|º|o)")
_HOUSE = re.compile(r"\b\d{1,4}[a-z]?\b", re.IGNORECASE)
_NUMBER_ONLY = re.compile(
    r"^(?:\W*(?:no|non|nein|nao|nahi|sorry|pardon|perdon|wait|halt|it'?s|c'est|es|ist|the|le|la|el|die"
    r"|number|numero|nummer|hausnummer|nr|n°|house|enfin|mais|but|sondern|sino|ma|mas|meant|je voulais dire)\b)+"
    r"\W*(\d{1,4}[a-z]?)\W*$"
)
# "33, not 3": what is taken back stands beside what holds.
_NOT_NUMBER = re.compile(
    r"(?<=\d)[a-z]?\W+(?:(?:and|et|und|y|e) )?(?:not|pas|nicht|no|nao|non) \d{1,4}[a-z]?\b"
    r"|\b(?:not|pas|nicht|no|nao|non) \d{1,4}[a-z]?\b(?=\W+(?:but|mais|sondern|sino|ma|mas)\b)"
)
# What may stand beside a postcode that is put right.
_ABOUT_POSTCODE = {
    "postcode", "post", "postal", "zip", "code", "cp", "plz", "postleitzahl", "codigo", "cap", "cep", "pin",
    "pincode", "right", "correct", "bon", "correcto", "richtig", "should",
}  # fmt: skip
_STOREY = re.compile(r"\b\d{1,2} ?[ºª°] ?(?:[a-z]\b|izq\w*|dcha|der\w*)?", re.IGNORECASE)
_UNIT = re.compile(
    rf"\b(?P<what>{'|'.join(sorted(WITHIN))}|étage|bât|bâtiment)\.? ?(?:n[o°º]\.? ?)?(?P<which>\d{{1,4}}[a-z]?|[a-z])\b",
    re.IGNORECASE,
)
# "I've moved. The new place is": what is said before the address itself.
_LEAD_IN = re.compile(
    r"\b(?:address|place|house|flat|home|adresse|anschrift|direcci[oó]n|indirizzo|endere[cç]o|morada|pata)\s*"
    r"(?:is\b|'s\b|est\b|ist\b|lautet\b|es\b|é\b|è\b|hai\b|:)\s*",
    re.IGNORECASE,
)
_TOWN = 4
_IS = {
    "is", "are", "isnt", "isn", "t", "s", "doesnt", "doesn", "not", "est", "sont", "n", "ne", "pas", "c", "es", "esta",
    "estan", "no", "ist", "sind", "geht", "nicht", "e", "sao", "nao", "sono", "non", "hai", "nahi", "number",
}  # fmt: skip
_BY = {"with", "con", "com", "chez", "bei", "beim"}
_PRONOUNS = {"le", "la", "les", "lo", "it", "es"}
_PREPOSITIONS = {
    "a", "au", "aux", "dans", "chez", "sous", "sur", "derriere", "devant", "en", "con", "al", "in", "im",
    "bei", "beim", "with", "at", "under", "behind",
}  # fmt: skip
_HALVES = {(True, False), (False, True)}
# What the words right before may be said of.
_OBJECTS = {
    RequestKind.access_note: OWN[RequestKind.access_note],
    RequestKind.safe_place: CUES[RequestKind.safe_place],
}
_CODE = re.compile(r"\d{3}")
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{5}(?:-\d{3,4})?\b|\b\d{4} ?[A-Z]{2}\b"
    r"|\b\d{4}-\d{3}\b|\b\d{6}\b",
    re.IGNORECASE,
)


def find_detail(kind: RequestKind, text: str, *, asked: bool) -> str | None:
    """The customer's words that a change of a kind needs; None when the message has none.

    Args:
        kind: the change.
        text: what was written.
        asked: whether we have just asked for it; otherwise the message must name the thing.
    """
    if kind is RequestKind.access_note and any(
        tells(text) for tells in (for_me_only, is_coming, is_astray, names_somebody)
    ):
        return " ".join(text.split())[:LONGEST]
    words = _TIMES.sub(lambda m: " " * len(m[0]), text)
    if kind is RequestKind.change_address:
        return _address(text, words)
    if asked:
        return _span(text, words, kind, 0, len(text), whole=True)
    told = message_to_courier(text) if kind is RequestKind.access_note else None
    if told:
        return told[:LONGEST]
    clauses = [(s, e) for s, e in _clauses(words) if _has_cue(words[s:e], kind, alone=s == 0)]
    if not clauses:
        return None
    return _span(text, words, kind, clauses[0][0], clauses[-1][1])


def complete(kind: RequestKind, before: str, more: str) -> str:
    """What a detail is once more of it is told: "12 Baker Street", then "London NW1 6XE".

    A street and a town, a name and a flat, or two notes belong together; two of the same kind
    do not, and the later one holds.
    """
    joined = f"{before}, {more}"[:LONGEST]
    if kind is RequestKind.change_address:
        return _whole_address(before, more)
    if kind is RequestKind.neighbour:
        told, added = _who_and_where(before), _who_and_where(more)
        return joined if told in _HALVES and added in _HALVES and told != added else more
    if kind is RequestKind.access_note:
        return more if _CODE.search(before) and _CODE.search(more) else joined
    return more


def put_right(before: str, text: str) -> str | None:
    """A detail with one part of it put right; None when that was not said.

    Its number ("no, 16", "Hausnummer 7"), its postcode ("the postcode is E14 5AA") or what lies
    within the house ("flat 3", "el 3ºA").
    """
    return _with_number(before, text) or _with_postcode(before, text) or _with_unit(before, text)


def _with_postcode(before: str, text: str) -> str | None:
    old, new = _POSTCODE.search(before), _POSTCODE.search(text)
    if old is None or new is None or not _only_beside(text, new, _ABOUT_POSTCODE):
        return None
    return before[: old.start()] + new[0] + before[old.end() :]


def _with_unit(before: str, text: str) -> str | None:
    for form in (_STOREY, _UNIT):
        new = form.search(text)
        if new is None or not _only_beside(text, new):
            continue
        for old in form.finditer(before):
            if form is _STOREY or plain(old["what"]) == plain(new["what"]):
                return before[: old.start()] + new[0].strip() + before[old.end() :]
    return None


def _only_beside(text: str, part: re.Match[str], allowed: Container[str] = ()) -> bool:
    """Whether nothing telling stands beside one part of a message."""
    rest = text[: part.start()] + " " + text[part.end() :]
    tokens = [match[0] for match in _TOKEN.finditer(rest)]
    return not any(
        _telling(token, RequestKind.change_address) and plain(token) not in allowed
        for token in tokens
    )


def _with_number(before: str, text: str) -> str | None:
    words = plain(text)
    rest, ruled_out = _NOT_NUMBER.subn(" ", words)
    found = _NUMBER_ONLY.match(f"no {rest}" if ruled_out and _has_digit(rest) else words)
    if found is None:
        return None
    right, changed = _HOUSE.subn(found[1], before, count=1)
    return right if changed and right != before else None


def with_more(before: str, more: str) -> str:
    """An address with what was told after it: a town, or whose name is on the bell."""
    whole = complete(RequestKind.change_address, before, more)
    return whole if _has_digit(more) or before in whole else f"{before}, {more}"[:LONGEST]


def find_town(text: str) -> str | None:
    """A town in a message of a few words, to go with a street that was told before."""
    if len(_TOKEN.findall(text)) > _TOWN:
        return None
    return _span(text, text, RequestKind.change_address, 0, len(text))


def _whole_address(before: str, more: str) -> str:
    old, new = _POSTCODE.search(before), _POSTCODE.search(more)
    leads = list(_TOKEN.finditer(more))[:2]
    within = new is None and any(plain(one[0]) in WITHIN for one in leads)
    street_told = _has_number(more[: new.start() if new else None])
    if within or (old is None and not street_told):
        return f"{before}, {more}"[:LONGEST]
    if new is not None:
        return more
    # Another street, or the number put right: the town stays.
    street, comma, town = before.partition(",")
    if comma and _has_digit(street) and (old is None) != _has_number(town):
        return f"{more}, {town.strip()}"[:LONGEST]
    if old is None:
        return more
    return f"{more}, {before[old.start() :] if _has_digit(before[: old.start()]) else before}"[
        :LONGEST
    ]


def _has_number(text: str) -> bool:
    """Whether there is a number that no storey or district has: "12", not "3e" or "2nd"."""
    words = (match[0] for match in _TOKEN.finditer(text))
    return any(_has_digit(word) and not _ORDINAL.fullmatch(plain(word)) for word in words)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _who_and_where(detail: str) -> tuple[bool, bool]:
    """Whether words about a neighbour have a name, and whether they have a place."""
    tokens = [plain(match[0]) for match in _TOKEN.finditer(detail)]
    places = CUES[RequestKind.neighbour] | DWELLING
    where = any(token in places or any(c.isdigit() for c in token) for token in tokens)
    rest = GENERIC | OWN[RequestKind.neighbour] | LEADING | places
    who = any(
        len(token) > 1 and token not in rest and not any(c.isdigit() for c in token)
        for token in tokens
    )
    return who, where


def _address(text: str, words: str) -> str | None:
    """A street with its number, or a place with its number, or a postcode."""
    lead = _LEAD_IN.search(words)
    start = lead.end() if lead and _has_digit(words[lead.end() :]) else 0
    postcode = _POSTCODE.search(words)
    tokens = list(_TOKEN.finditer(words))
    numbers = any(any(c.isdigit() for c in token[0]) for token in tokens)
    named = any(_telling(t[0], RequestKind.change_address) and not t[0].isdigit() for t in tokens)
    if not postcode and not (numbers and named):
        return None
    return _span(text, words, RequestKind.change_address, start, len(text))


def _clauses(text: str) -> list[tuple[int, int]]:
    edges = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(s, e) for s, e in pairwise(edges) if text[s:e].strip()]


def _has_cue(clause: str, kind: RequestKind, *, alone: bool) -> bool:
    """Whether a clause names something: a cue of the kind, a number, or somebody's name.

    `alone`: nothing stands before it, so that a capital says nothing of its first word.
    """
    found = [match[0] for match in _TOKEN.finditer(clause)]
    tokens = [plain(token) for token in found]
    if any(token in CUES[kind] for token in tokens):
        return True
    if kind is RequestKind.safe_place:
        return False
    if any(any(c.isdigit() for c in token) for token in tokens):
        return True
    if kind is not RequestKind.neighbour:
        return False
    after_own = any(
        token in OWN[kind] and _telling(follower, kind)
        for token, follower in zip(tokens, found[1:], strict=False)
    )
    names = any(
        token[:1].isupper() and _telling(token, kind) for token in found[alone:] if len(token) > 1
    )
    return after_own or names or any(token in TITLES for token in tokens)


def _span(
    text: str, words: str, kind: RequestKind, start: int, end: int, *, whole: bool = False
) -> str | None:
    """From the first telling word to the last, with the words that lead up to it.

    `whole`: up to the end, but for thanks and the like.
    """
    tokens = list(_TOKEN.finditer(words, start, end))
    telling = [n for n, m in enumerate(tokens) if _telling(m[0], kind)]
    if not telling:
        return None
    first = telling[0]
    while first > 0 and _leads(tokens[first - 1], tokens[first], text, kind):
        first -= 1
    while kind is RequestKind.neighbour and plain(tokens[first][0]) in _BY and first < telling[0]:
        first += 1
    # "Laissez-le à l'accueil": what is left is no part of the place.
    while plain(tokens[first][0]) in _PRONOUNS and plain(tokens[first + 1][0]) in _PREPOSITIONS:
        first += 1
    if kind is RequestKind.access_note:
        first = _with_its_subject(tokens, first, text)
    ends = [n for n, m in enumerate(tokens) if whole and plain(m[0]) not in POLITE] or telling
    last = max(ends[-1], telling[-1])
    objects = _OBJECTS.get(kind)
    if objects:
        last = _with_its_object(tokens, last, text, objects)
    if kind is RequestKind.change_address and last + 1 < len(tokens):
        # "Bâtiment C"
        lettered = len(tokens[last + 1][0]) == 1 and plain(tokens[last][0]) in WITHIN
        last += lettered
    begin, stop = tokens[first].start(), tokens[last].end()
    # A sign that is glued to a word belongs to it: "4407#", "*12".
    while begin > start and text[begin - 1] in "#*":
        begin -= 1
    while stop < end and not text[stop].isspace() and text[stop] not in ".,;:!?)\"'":
        stop += 1
    return " ".join(text[begin:stop].split())[:LONGEST] or None


def _with_its_subject(tokens: list[re.Match[str]], first: int, text: str) -> int:
    """As in "the buzzer is broken": the buzzer belongs to what is said of it."""
    begin = first
    for place in range(first - 1, -1, -1):
        word = plain(tokens[place][0])
        apart = set(".,;:!?\n") & set(text[tokens[place].end() : tokens[place + 1].start()])
        thing = word in OWN[RequestKind.access_note]
        if apart or not (thing or word in _IS or word in LEADING):
            break
        if thing:
            begin = place
    return begin


def _with_its_object(
    tokens: list[re.Match[str]], last: int, text: str, objects: Container[str]
) -> int:
    """As in "don't open the gate", "round the back": the gate belongs to what is said of it."""
    for place in range(last + 1, len(tokens)):
        word = plain(tokens[place][0])
        apart = set(",.;:!?\n") & set(text[tokens[place - 1].end() : tokens[place].start()])
        if apart or not (word in LEADING or word in objects):
            break
        if word in objects:
            last = place
    return last


def _telling(token: str, kind: RequestKind) -> bool:
    word = plain(token)
    return word not in GENERIC and word not in OWN[kind] and (len(word) > 1 or word.isdigit())


def _leads(token: re.Match[str], following: re.Match[str], text: str, kind: RequestKind) -> bool:
    """Whether a word belongs to the detail that follows it: "with my", "gate code", "no. 12"."""
    word = plain(token[0])
    if token[0] == "M" and text[token.end() :].startswith("."):
        return True
    if word == "no":
        # "No 45 Elm Road" takes something back, "no. 45" is a number.
        first = not text[: token.start()].strip() and text[token.end()] != "."
        return following[0][0].isdigit() and not first
    apart = set(",;:!?\n") & set(text[token.end() : following.start()])
    if apart or kind is RequestKind.change_address:
        return False
    if kind is RequestKind.neighbour and word in DWELLING and following[0][0].isdigit():
        return True
    return any(word in words for words in (LEADING, KEPT[kind], TITLES, CUES[kind]))
