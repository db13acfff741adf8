"""Settings: what is missing or wrong is named, and no value is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from howwasschool.settings import PREFIX, SettingsRefused, load

KEY = "made-up-secret-key-0123456789-0123456789"
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "made-up",
    "TWILIO_FROM": "+447700900000",
    "PUBLIC_URL": "https://texts.example.test",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    import os

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)


def test_a_live_house_without_a_secret_key_does_not_start() -> None:
    with pytest.raises(SettingsRefused, match="HOWWASSCHOOL_SECRET_KEY is missing"):
        load()


def test_a_rehearsal_needs_no_secret() -> None:
    assert load(rehearsal=True).secret_key is None


@pytest.mark.parametrize("lacking", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "TWILIO_FROM"])
def test_half_a_twilio_names_the_other_half(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    set_all(monkeypatch, SECRET_KEY=KEY, **{name: value for name, value in TWILIO.items() if name != lacking})
    with pytest.raises(SettingsRefused, match=PREFIX + lacking):
        load()


def test_a_whole_twilio_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SECRET_KEY=KEY, **TWILIO)
    assert load().has_twilio


def test_telegrams_webhook_wants_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SECRET_KEY=KEY, TELEGRAM_TOKEN="1:a", TELEGRAM_MODE="webhook", PUBLIC_URL="https://a.test")
    with pytest.raises(SettingsRefused, match="HOWWASSCHOOL_TELEGRAM_WEBHOOK_SECRET"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETENTION_DAYS", "soon"),
        ("RETENTION_DAYS", "0"),
        ("TELEGRAM_MODE", "pigeon"),
        ("PUBLIC_URL", "texts.example.test"),
        ("DATABASE_URL", "mysql://somewhere/x"),
        ("TWILIO_FROM", "+44 sieben"),
    ],
)
def test_a_wrong_value_is_refused_by_the_settings_name_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    set_all(monkeypatch, SECRET_KEY=KEY, **{name: value})
    with pytest.raises(SettingsRefused) as refused:
        load()
    assert PREFIX + name in str(refused.value)
    assert value not in str(refused.value).replace("`poll` or `webhook`", "") or value == "0"


def test_an_empty_setting_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SECRET_KEY="", RETENTION_DAYS="")
    with pytest.raises(SettingsRefused, match="SECRET_KEY"):
        load()
    assert load(rehearsal=True).retention_days == 30


def test_a_dot_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"{PREFIX}SECRET_KEY={KEY}\n{PREFIX}RETENTION_DAYS=7\nOTHER=1\n", encoding="utf-8")
    assert load().retention_days == 7
    set_all(monkeypatch, RETENTION_DAYS="9")
    assert load().retention_days == 9


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_every_way_to_say_postgresql_means_psycopg(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    set_all(monkeypatch, DATABASE_URL=url)
    settings = load(rehearsal=True)
    assert settings.database_url == "postgresql+psycopg://h/d"
    assert settings.sqlite_path is None


def test_settings_shown_in_an_error_keep_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SECRET_KEY=KEY, **TWILIO)
    assert "made-up" not in repr(load())
