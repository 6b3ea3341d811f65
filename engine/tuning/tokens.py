"""The second encoder's tokens: its C code cuts a text into them, and does not tell which."""

from __future__ import annotations

import re

from engine.components.e5_file import Vocabulary

PREFIX = "query: "
SPACE = "\u2581"
_SPACES = re.compile(" {2,}")
# What an unknown sign costs below the rarest piece.
_UNKNOWN = 10.0


class Tokens:
    """Cuts texts into the likeliest pieces (SentencePiece's unigram model)."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._scores = vocabulary.scores.tolist()
        self._unknown = min(self._scores) - _UNKNOWN
        self._longest = max(len(piece.decode()) for piece in vocabulary.pieces)
        self._pieces = {piece.decode(): n for piece, n in vocabulary.pieces.items()}
        self._pieces = {p: n for p, n in self._pieces.items() if n != vocabulary.unknown}

    def of(self, text: str, most: int) -> list[int]:
        """The tokens the encoder sees of a message, with both ends; at most `most` of them."""
        normal = "".join(self._words.normal.get(sign, sign) for sign in PREFIX + text)
        signs = _SPACES.sub(" ", normal)
        signs = ("" if signs.startswith(" ") else SPACE) + signs.replace(" ", SPACE)
        return [self._words.begin, *self._cut(signs)[: most - 2], self._words.end]

    def _cut(self, signs: str) -> list[int]:
        best = [0.0] + [-1e30] * len(signs)
        came: list[tuple[int, int]] = [(0, 0)] * (len(signs) + 1)
        for start in range(len(signs)):
            for end in range(start + 1, min(len(signs), start + self._longest) + 1):
                piece = self._pieces.get(signs[start:end])
                if piece is not None and best[start] + self._scores[piece] > best[end]:
                    best[end], came[end] = best[start] + self._scores[piece], (start, piece)
            if best[start] + self._unknown > best[start + 1]:
                best[start + 1] = best[start] + self._unknown
                came[start + 1] = (start, self._words.unknown)
        found, at = [], len(signs)
        while at:
            at, piece = came[at]
            found.append(piece)
        return found[::-1]
