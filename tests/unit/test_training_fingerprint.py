"""A model is trained when what it is made of has changed, and only then."""

from pathlib import Path

import pytest

from bot.dialogue import training
from bot.dialogue.training import INPUTS, fingerprint, model_path, train


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in INPUTS:
        path = tmp_path / name
        if Path(name).suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        else:
            path.mkdir(parents=True)
            (path / "one.yml").write_text("1")
    return tmp_path


def test_it_is_the_same_for_the_same_inputs(root: Path) -> None:
    assert fingerprint(root) == fingerprint(root)


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/one.yml", "engine/components/one.yml"]
)
def test_it_changes_with_every_input(root: Path, changed: str) -> None:
    before = fingerprint(root)
    (root / changed).write_text("other")
    assert fingerprint(root) != before


def test_it_sees_a_file_added_renamed_or_removed(root: Path) -> None:
    seen = {fingerprint(root)}
    (root / "data/nlu").mkdir()
    (root / "data/nlu/two.yml").write_text("2")
    seen.add(fingerprint(root))
    (root / "data/nlu/two.yml").rename(root / "data/nlu/three.yml")
    seen.add(fingerprint(root))
    (root / "data/one.yml").unlink()
    seen.add(fingerprint(root))
    assert len(seen) == 4


def test_what_is_no_input_does_not_count(root: Path) -> None:
    before = fingerprint(root)
    (root / "engine/components/__pycache__").mkdir()
    (root / "engine/components/__pycache__/one.pyc").write_bytes(b"1")
    (root / "data/.one.yml.swp").write_text("1")
    (root / "README.md").write_text("1")
    assert fingerprint(root) == before


def test_a_missing_input_is_named(root: Path) -> None:
    (root / "domain.yml").unlink()
    with pytest.raises(FileNotFoundError, match=r"domain\.yml"):
        fingerprint(root)


def test_training_is_skipped_when_the_model_is_there(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def rasa(_: Path, scratch: Path, name: str) -> Path:
        runs.append(name)
        made = scratch / name
        made.write_text("model")
        return made

    monkeypatch.setattr(training, "_run_rasa", rasa)
    assert train(root=root) == model_path(root)
    train(root=root)
    assert len(runs) == 1
    train(force=True, root=root)
    (root / "config.yml").write_text("other")
    train(root=root)
    assert len(runs) == 3


def test_a_failed_training_leaves_the_earlier_models(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "models").mkdir()
    earlier = root / "models/doorstep-0000000000000000.tar.gz"
    earlier.write_text("model")

    def rasa(*_: object) -> Path:
        raise training.TrainingFailedError("refused")

    monkeypatch.setattr(training, "_run_rasa", rasa)
    with pytest.raises(training.TrainingFailedError):
        train(root=root)
    assert [path.name for path in (root / "models").glob("*.tar.gz")] == [earlier.name]
    assert not list((root / "models").glob(".training-*"))


def test_only_the_newest_two_models_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rasa(_: Path, scratch: Path, name: str) -> Path:
        (scratch / name).write_text("model")
        return scratch / name

    monkeypatch.setattr(training, "_run_rasa", rasa)
    for version in range(4):
        (root / "config.yml").write_text(str(version))
        train(root=root)
    kept = list((root / "models").glob("doorstep-*.tar.gz"))
    assert len(kept) == training.KEPT_MODELS
    assert model_path(root) in kept
