"""Years of a merchant's messages, made by the database itself."""

import re
from uuid import UUID

import psycopg

from bot.settings import ROOT

EACH = 20
"""Messages a conversation."""
_FILL = """
INSERT INTO contacts (id, merchant_id, created_at, name, phone, language)
SELECT gen_random_uuid(), %(merchant)s, now(), 'Person ' || to_hex(n), '+3361' || lpad(n::text, 7, '0'),
  (ARRAY['en', 'fr', 'es', 'de'])[1 + n %% 4]
FROM generate_series(1, %(people)s) n;
INSERT INTO conversations (id, merchant_id, contact_id, created_at, last_message_at, holder)
SELECT gen_random_uuid(), %(merchant)s, id, now(), now() - random() * interval '90 days', 'bot'
FROM contacts WHERE merchant_id = %(merchant)s
AND NOT EXISTS (SELECT FROM conversations WHERE contact_id = contacts.id);
UPDATE conversations SET holder = 'waiting', waiting_since = last_message_at, topic = 'talk_to_human'
WHERE id IN (SELECT id FROM conversations WHERE merchant_id = %(merchant)s LIMIT %(waiting)s);
INSERT INTO cases (id, merchant_id, conversation_id, opened_at, topic, first_due_at, due_at)
SELECT gen_random_uuid(), merchant_id, id, waiting_since, topic, waiting_since + interval '1 hour',
  waiting_since + interval '1 day' FROM conversations WHERE holder = 'waiting';
INSERT INTO messages (id, merchant_id, conversation_id, author, created_at, status, channel, text)
SELECT gen_random_uuid(), merchant_id, id, (ARRAY['customer', 'bot', 'flow'])[1 + n %% 3],
  last_message_at - n * interval '1 minute', 'received', 'sms',
  (SELECT string_agg(words[1 + floor(power(random(), 3) * array_length(words, 1))::int + 0 * g], ' ')
   FROM generate_series(1, 6 + n %% 5) g) || ' ' || to_hex((random() * 1e9)::int)
FROM conversations, generate_series(1, %(each)s) n,
  (SELECT string_to_array(%(words)s, ' ') AS words) vocabulary
WHERE merchant_id = %(merchant)s;
"""


def fill(database_url: str, merchant: UUID, messages: int, *, waiting: int = 40) -> None:
    """Give a merchant who has none as many messages, in conversations of which some wait."""
    people = max(1, messages // EACH)
    values = {
        "merchant": merchant,
        "people": people,
        "waiting": min(waiting, people),
        "each": EACH,
        "words": _vocabulary(),
    }
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in _FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), values)
        connection.execute("VACUUM ANALYZE")


def _vocabulary() -> str:
    """The words that customers and we use, the frequent ones first."""
    text = " ".join(file.read_text() for file in sorted((ROOT / "bot" / "wording").glob("*.yml")))
    words = re.findall(r"[^\W\d_]{2,}", text.lower())
    counted = sorted(set(words), key=lambda word: (-words.count(word), word))
    return " ".join(counted[:3000])
