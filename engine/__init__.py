"""What runs inside Rasa's own Python 3.10 environment; nothing of `bot` is imported here."""
