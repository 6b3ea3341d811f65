"""The languages that days and hours are read in; the first wins where nothing tells them apart."""

from bot.domain.when.words.de import GERMAN
from bot.domain.when.words.en import ENGLISH
from bot.domain.when.words.es import SPANISH
from bot.domain.when.words.fr import FRENCH
from bot.domain.when.words.hi import HINDI
from bot.domain.when.words.hinglish import HINGLISH
from bot.domain.when.words.it import ITALIAN
from bot.domain.when.words.pt import PORTUGUESE

LANGUAGES = (ENGLISH, FRENCH, SPANISH, GERMAN, PORTUGUESE, ITALIAN, HINGLISH, HINDI)
