from pathlib import Path

import pytest

from bot.run import local
from bot.settings import Settings, SettingsError, load_settings

GOOD = {
    "DATABASE_URL": "postgresql://doorstep@localhost/doorstep",
    "SECRET_KEY": "Zk3v9QpLx7TfWm2RbY8sHd4NcUe6JgA1",
    "ENGINE_TOKEN": "p5Vq8Xw2Lz9Rt4Ym",
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DOORSTEP_SETTINGS", str(tmp_path / "doorstep.toml"))
    monkeypatch.setenv("DOORSTEP_VAR", str(tmp_path / "var"))


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)


def test_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, GATEWAY_PORT="9000")
    settings = load_settings()
    assert settings.gateway_port == 9000
    assert settings.secret_key.get_secret_value() == GOOD["SECRET_KEY"]


def test_what_is_missing_is_named_with_its_meaning() -> None:
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert "DATABASE_URL: is not set (PostgreSQL" in str(told.value)
    assert "SECRET_KEY: is not set" in str(told.value)


def test_an_unknown_key_in_the_file_is_named_and_a_near_one_proposed(tmp_path: Path) -> None:
    file = tmp_path / "doorstep.toml"
    file.write_text('gateway_prot = 9000\nflavour = "mint"\n')
    with pytest.raises(SettingsError) as told:
        load_settings(file)
    assert "gateway_prot: there is no such setting; did you mean gateway_port?" in str(told.value)
    assert "flavour: there is no such setting" in str(told.value)


def test_a_broken_file_is_told_of_in_words(tmp_path: Path) -> None:
    file = tmp_path / "doorstep.toml"
    file.write_text("gateway_port = = 1")
    with pytest.raises(SettingsError, match=r"doorstep.toml is not valid TOML"):
        load_settings(file)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "changeme-changeme-changeme-please", "placeholder"),
        ("SECRET_KEY", "a" * 40, "placeholder"),
        ("ENGINE_TOKEN", "k3Pq9", "placeholder|too short"),
        ("ENGINE_TOKEN", "k3Pq9zX7", "too short"),
        ("CONTROL_TOKEN", "change-me-before-you-start", "placeholder"),
        ("METRICS_TOKEN", "k3Pq9zX7", "too short"),
        ("TRUSTED_PROXIES", "-1", "0"),
        ("DATABASE_URL", "mysql://root@localhost/x", "PostgreSQL"),
        ("PUBLIC_URL", "shop.example", "http"),
        ("GATEWAY_PORT", "70000", "65535"),
        ("SANDBOX", "true", "CONTROL_TOKEN"),
    ],
)
def test_what_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    given(monkeypatch, **{name: value})
    with pytest.raises(SettingsError, match=reason) as told:
        load_settings()
    assert GOOD["SECRET_KEY"] not in str(told.value)


def test_a_random_secret_is_none_for_a_word_that_is_in_it_by_chance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, CONTROL_TOKEN="Zk3v9QpLx7TfWm2RbY8sHd4NcUxXxXe6JgA1_5iKo0q")
    assert load_settings().control_token is not None


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, GATEWAY_PORT="9001")
    file = tmp_path / "doorstep.toml"
    file.write_text("gateway_port = 9000\nworker_concurrency = 3\n")
    settings = load_settings(file)
    assert (settings.gateway_port, settings.worker_concurrency) == (9001, 3)


def test_a_machine_of_its_own_makes_up_what_nobody_has_set(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": GOOD["DATABASE_URL"], "DOORSTEP_SETTINGS": str(tmp_path / "none")}
    local.fill_in(tmp_path / "var", environ)
    settings = Settings.model_validate({name.lower(): value for name, value in environ.items()})
    assert settings.sandbox
    assert settings.control_token is not None
    again = {"DATABASE_URL": GOOD["DATABASE_URL"], "DOORSTEP_SETTINGS": str(tmp_path / "none")}
    local.fill_in(tmp_path / "var", again)
    assert again == environ


def test_made_up_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    made_up = local.made_up_secrets(tmp_path)
    assert len(set(made_up.values())) == 4
    assert local.secrets_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_what_is_set_is_not_made_up(tmp_path: Path) -> None:
    file = tmp_path / "doorstep.toml"
    file.write_text('sandbox = false\ngateway_port = 9000\nsecret_key = "of the file"\n')
    environ = {"DOORSTEP_SETTINGS": str(file), "ENGINE_TOKEN": "of the environment"}
    local.fill_in(tmp_path / "var", environ)
    assert "SANDBOX" not in environ
    assert "SECRET_KEY" not in environ
    assert environ["ENGINE_TOKEN"] == "of the environment"
    assert environ["PUBLIC_URL"] == "http://127.0.0.1:9000"


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="ENGINE_PORT: 'abc' is no port"):
        local.ports({"ENGINE_PORT": "abc", "DOORSTEP_SETTINGS": "/nowhere"})
