"""The vendors' own API descriptions, trimmed, and the validators made from them."""
