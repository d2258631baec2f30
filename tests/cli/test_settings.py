"""What the environment says: every setting is documented with its default, and lists are written with commas."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.cli.commands import read_settings
from api.settings import Settings
from db.settings import DatabaseSettings, OperatorError

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def _variables() -> list[str]:
    fields = {**Settings.model_fields, **DatabaseSettings.model_fields}
    return [
        str(field.validation_alias or f"VRSS_{name.upper()}") for name, field in fields.items() if name != "database"
    ]


@pytest.mark.parametrize("variable", _variables())
def test_every_setting_is_documented(variable: str) -> None:
    assert f"| {variable} |" in OPERATIONS or f"{variable}," in OPERATIONS or f", {variable} |" in OPERATIONS


def test_the_documented_limits_are_the_defaults() -> None:
    for name, field in Settings.model_fields.items():
        if name.startswith("max_"):
            assert f"| VRSS_{name.upper()} | {field.default} |" in OPERATIONS


def test_origins_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRSS_CORS_ORIGINS", " https://a.example, http://localhost:3000 ,")
    assert Settings().cors_origins == ("https://a.example", "http://localhost:3000")
    monkeypatch.setenv("VRSS_CORS_ORIGINS", "*")
    assert Settings().cors_origins == ("*",)
    for wrong in ("a.example", "https://a.example/", "https://a.example/path", "null"):
        monkeypatch.setenv("VRSS_CORS_ORIGINS", wrong)
        with pytest.raises(ValidationError):
            Settings()


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().trusted_proxies == ()
    monkeypatch.setenv("VRSS_TRUSTED_PROXIES", " 10.0.0.5, 10.1.0.0/16 ,::1")
    assert Settings().trusted_proxies == ("10.0.0.5", "10.1.0.0/16", "::1")
    for wrong in ("*", "proxy.example", "10.0.0.5/8", "10.0.0.256"):
        monkeypatch.setenv("VRSS_TRUSTED_PROXIES", wrong)
        with pytest.raises(ValidationError):
            Settings()


def test_limits_that_no_page_could_pass_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRSS_MAX_TOKENS", "10")
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("variable", "value", "answer"),
    [
        ("VRSS_POOL_MIN_SIZE", "20", "VRSS_POOL_MIN_SIZE is 20, more than VRSS_POOL_MAX_SIZE, 10."),
        ("VRSS_MAIL_FROM", "nobody", "VRSS_MAIL_FROM is refused: write an e-mail address, or Name <address>."),
        ("VRSS_MAIL_URL", "smtp://mail:99999", "VRSS_MAIL_URL is refused: Port out of range 0-65535."),
        ("VRSS_MAIL_URL", "smtp://mail:smtp", "VRSS_MAIL_URL is refused: Port could not be cast"),
        ("VRSS_THROTTLE_URL", "redis://cache:0", "VRSS_THROTTLE_URL is refused: Port 0 is none to connect to."),
        ("VRSS_APP_URL", "example.org", "VRSS_APP_URL is refused: write http:// or https://, a host"),
        ("VRSS_PUBLIC_URL", "https://example.org/", "VRSS_PUBLIC_URL is refused: write http:// or https://, a host"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_before_the_start(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, answer: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(OperatorError) as refused:
        read_settings()
    assert str(refused.value).startswith(answer)


def test_a_small_pool_needs_no_least_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRSS_POOL_MAX_SIZE", "1")
    assert read_settings().database.pool_max_size == 1
