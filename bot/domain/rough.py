"""Rough words: recognised so that they are met with calm, never answered in kind."""

import re

from bot.domain.answers import plain

_ROUGH = {
    "en": r"fuck\w*|f\*+k\w*|wtf|shit\w*|bullshit|assholes?|arseholes?|wankers?|bastards?|bitch\w*"
    r"|cunts?|morons?|idiots?|dickheads?|pricks?|twats?|retards?|scum|piss off|screw you",
    "fr": r"put(?:ain|e)|merde|connards?|connasse|encul\w+|salauds?|salop\w*|batards?|fdp|ntm|ta gueule"
    r"|abrutis?|debiles?|cretins?|bande de cons?|(?:gros|sale|quel|espece de) cons?|nique\w*",
    "es": r"mierda|joder|putas?|putos?|hij[oa]s? de puta|cabron\w*|gilipollas|imbeciles?|imbecil"
    r"|pendej[oa]s?|idiotas?|cono",
    "de": r"scheiss\w*|arschl\w+|arsch|wichser|hurensohn|fick\w*|verpiss\w*|idioten?|vollidioten?"
    r"|mistkerl|drecks\w*|penner|spasten?",
    "pt": r"merda|porra|caralho|puta\w*|fdp|filh[oa]s? da puta|foda\w*|foder|cacete|otari[oa]s?"
    r"|idiotas?|imbecil|imbecis|babacas?|desgracad[oa]s?",
    "it": r"merda|cazzo|stronz[oiae]|vaffanculo|coglion[ei]|puttan\w+|bastard[oi]|idiot[ai]"
    r"|deficient[ei]|imbecill[ei]|minchia",
    "hi": r"chutiy\w*|chutia|madarch\w*|bhench\w*|behench\w*|bc|mc|gandu|harami|kamine|kutte"
    r"|saale|bhosd\w*|randi|चूतिया|मादरचोद|हरामी|कमीने",
}
_ANY = re.compile(
    rf"(?<![\w\u0900-\u097f])(?:{'|'.join(plain(words) for words in _ROUGH.values())})"
    r"(?![\w\u0900-\u097f])"
)


def is_abuse(text: str) -> bool:
    """Whether a message contains swear words or insults."""
    return _ANY.search(plain(text)) is not None
