"""Hindi, romanised and in Devanagari; the day is counted in November 2026, today is Monday the 23rd."""

import pytest

from tests.unit.test_when import read, said


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("kal", 24, None),
        ("parso subah", 25, "08:00-12:00"),
        ("kal shaam ko", 24, "18:00-21:00"),
        ("kal sham 5 baje", 24, "17:00-18:00"),
        ("kal 4 baje ke baad", 24, "16:00-21:00"),
        ("subah 10 se 12 ke beech", None, "10:00-12:00"),
        ("kal subah 10 baje se 12 baje tak", 24, "10:00-12:00"),
        ("aaj raat", 23, "18:00-21:00"),
        ("aaj shaam 6 baje ke baad", 23, "18:00-21:00"),
        ("dopahar mein kal", 24, "12:00-18:00"),
        ("dopahar 2 baje", None, "14:00-15:00"),
        ("5 baje se pehle", None, "08:00-17:00"),
        ("5 baje tak", None, "08:00-17:00"),
        ("raat 8 baje", None, "20:00-21:00"),
        ("somvar ko", 30, None),
        ("shukrawar subha", 27, "08:00-12:00"),
        ("itwar ko dopehar mein", 29, "12:00-18:00"),
        ("monday ko subah", 30, "08:00-12:00"),
        ("friday evening ko bhej do", 27, "18:00-21:00"),
        ("agle hafte mangalwar", 31, None),
        ("do din baad", 25, None),
        ("2 din baad", 25, None),
        ("ek hafte baad", 30, None),
        ("28 tarikh ko", 28, None),
        ("28 november ko", 28, None),
        ("sadhe paanch baje", None, "17:30-18:30"),
        ("sava teen baje kal", 24, "15:15-16:15"),
        ("paune chhe baje", None, "17:45-18:45"),
        ("dhai baje", None, "14:30-15:30"),
        ("kal nahi parso", 25, None),
        ("kal mat aana, parso aana", 25, None),
        ("guruwar matlab shukravar", 27, None),
        ("main 5 baje tak office mein hoon", None, "17:00-21:00"),
        ("kal subah bhej do bhai", 24, "08:00-12:00"),
        ("kal evening after 6", 24, "18:00-21:00"),
        ("budhwar 3 se 5", 25, "15:00-17:00"),
        ("aj shyam ko le aana", 23, "18:00-21:00"),
        ("parson dophar 1 bje", 25, "13:00-14:00"),
        ("kal 11 baje ke aas paas", 24, "11:00-12:00"),
        ("shanivar ki subah", 28, "08:00-12:00"),
    ],
)
def test_hinglish(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "IN") == (day, hours)


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("कल", 24, None),
        ("कल शाम 5 बजे के बाद", 24, "17:00-21:00"),
        ("परसों सुबह", 25, "08:00-12:00"),
        ("आज रात", 23, "18:00-21:00"),
        ("कल दोपहर में", 24, "12:00-18:00"),
        ("सोमवार को", 30, None),
        ("शुक्रवार की शाम", 27, "18:00-21:00"),
        ("सुबह 10 से 12 के बीच", None, "10:00-12:00"),
        ("सुबह दस बजे से बारह बजे तक", None, "10:00-12:00"),
        ("शाम पाँच बजे", None, "17:00-18:00"),
        ("साढ़े पाँच बजे", None, "17:30-18:30"),
        ("५ बजे से पहले", None, "08:00-17:00"),
        ("4 बजे के बाद", None, "16:00-21:00"),
        ("दो दिन बाद", 25, None),
        ("अगले हफ्ते मंगलवार", 31, None),
        ("28 तारीख को", 28, None),
        ("28 नवंबर", 28, None),
        ("कल नहीं परसों", 25, None),
        ("शनिवार को 11 बजे", 28, "11:00-12:00"),
        ("कल सुबह भेज दीजिए", 24, "08:00-12:00"),
        ("बुधवार को 3 से 5 के बीच", 25, "15:00-17:00"),
        ("रात 8 बजे", None, "20:00-21:00"),
        ("कल 5 बजे तक", 24, "08:00-17:00"),
        ("गुरुवार मतलब शुक्रवार", 27, None),
    ],
)
def test_hindi(text: str, day: int | None, hours: str | None) -> None:
    assert said(text, "IN") == (day, hours)


@pytest.mark.parametrize(
    "text",
    [
        "guruvar ya shukravar",
        "agle hafte",
        "weekend pe",
        "गुरुवार या शुक्रवार",
        "अगले हफ्ते",
        "somvar se budhvar tak",
    ],
)
def test_hindi_unclear(text: str) -> None:
    assert read(text, "IN").ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "kal koi nahi aaya tha",
        "pichle hafte",
        "do din pehle",
        "कल कोई नहीं आया था",
        "पिछले हफ्ते",
        "parso order kiya tha",
    ],
)
def test_hindi_past(text: str) -> None:
    assert read(text, "IN").past


@pytest.mark.parametrize(
    "text",
    ["mera parcel kahan hai", "theek hai", "2 parcel hai", "code 4407 hai", "flat 12 mein", "मेरा पार्सल कहाँ है", "धन्यवाद",
     "दूसरी मंज़िल", "jaldi se jaldi", "kar do", "pin 110001", "main bhi", "abhi tak nahi aaya", "bas 5 rupaye", "do parcel"],
)  # fmt: skip
def test_hindi_nothing(text: str) -> None:
    wish = read(text, "IN")
    assert not wish.says_something
    assert not wish.past
