"""What the environment says about the server."""

import re
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.execution.limits import Limits
from db.embedded.data_directory import PROJECT
from db.settings import DatabaseSettings

_SHORTEST_SECRET = 32


def _network(text: str) -> str:
    """An address or a network of addresses, else ValueError."""
    ip_network(text)
    return text


def _origin(text: str) -> str:
    if text != "*" and not re.fullmatch(r"https?://[^/\s]+", text):
        raise ValueError(f"{text!r} is no origin: write https://www.example.org without a path, or *")
    return text


def _site(text: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/\S*[^/\s])?", text):
        raise ValueError("write http:// or https://, a host and perhaps a path, without / at its end")
    return _reachable(text)


def _redis(text: str) -> str:
    if not re.fullmatch(r"(rediss?|redis\+unix)://\S+", text):
        raise ValueError("write redis://HOST:PORT/DATABASE, rediss://… or redis+unix://…")
    return _reachable(text)


def _mail_url(text: str) -> str:
    if not re.fullmatch(r"console:|file:.+|smtps?://\S+", text):
        raise ValueError("write smtp://HOST:PORT, smtps://HOST:PORT, file:FOLDER or console:")
    return _reachable(text)


def _reachable(url: str) -> str:
    """A URL whose port is one; what else urlsplit refuses is a ValueError, too."""
    if urlsplit(url).port == 0:
        raise ValueError("Port 0 is none to connect to")
    return url


def _sender(text: str) -> str:
    address = parseaddr(text)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable():
        raise ValueError("write an e-mail address, or Name <address>")
    return text


def _secret(text: str) -> str:
    if len(text) < _SHORTEST_SECRET:
        raise ValueError(f"A secret has at least {_SHORTEST_SECRET} characters")
    return text


Secret = Annotated[str, AfterValidator(_secret)]
Network = Annotated[str, AfterValidator(_network)]
Origin = Annotated[str, AfterValidator(_origin)]
Site = Annotated[str, AfterValidator(_site)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VRSS_", env_ignore_empty=True, frozen=True, validate_by_name=True)

    host: str = Field(default="127.0.0.1", description="The address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT", description="0 takes a free one.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    public_url: Site | None = Field(
        default=None,
        description="How clients reach the API, as https://api.example.org; what each request names if unset.",
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks whose X-Forwarded-For and -Proto are believed, with commas between.",
    )
    environment: Literal["production", "development"] = Field(
        default="production", description="In development the answer to a fault of ours names the fault."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="What is logged, to stderr; debug names each statement that runs."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How log lines are written: for people, or as one JSON object each."
    )
    access_log: bool = Field(
        default=True, description="Whether each request leaves a line: id, operation, status, codes, cost, duration."
    )
    deadline_seconds: float = Field(default=30, gt=0, description="A request that takes longer is stopped: TIMEOUT.")
    operations_at_once: int = Field(
        default=4, ge=1, description="How many operations of one account, or one address, are at work; more wait."
    )
    operations_waiting: int = Field(
        default=100, ge=0, description="How many operations of one account, or one address, may wait: RATE_LIMITED."
    )
    max_header_bytes: int = Field(
        default=32 * 1024, ge=1024, description="A request with a larger head is refused: 431."
    )
    max_body_bytes: int = Field(
        default=1024 * 1024, ge=1024, description="A request with a larger body is refused: 413."
    )
    max_cost: int = Field(default=10_000, ge=100, description="An operation that may cost more is refused: COST_LIMIT.")
    rate_limit: int = Field(
        default=200_000,
        ge=0,
        description="What one account, or one address, may spend in a minute: RATE_LIMITED; 0 for no limit.",
    )
    max_characters: int = Field(default=50_000, ge=1000, description="The longest document; see COST_LIMIT for these.")
    max_tokens: int = Field(default=1000, ge=300, description="The most tokens of a document, comments too.")
    max_depth: int = Field(default=20, ge=15, description="How deep the fields of a document may nest.")
    max_fields: int = Field(default=1000, ge=200, description="The most fields, with all fragments written out.")
    max_aliases: int = Field(default=100, ge=0, description="The most aliases, with all fragments written out.")
    max_root_fields: int = Field(default=50, ge=1, description="The most fields of Query or Mutation.")
    max_directives: int = Field(default=100, ge=0, description="The most directives, with all fragments written out.")
    max_fragments: int = Field(default=300, ge=20, description="The most fragments, each as often as it is spread.")
    max_repeats: int = Field(default=1000, ge=0, description="The most pairs of fields that answer in the same place.")
    max_values: int = Field(
        default=2000, ge=200, description="The most values of a request's variables, with all that lists hold."
    )
    persisted_bytes: int = Field(
        default=8 * 1024 * 1024, ge=0, description="What may be kept of automatic persisted queries; 0 for none."
    )
    trusted_documents: Path | None = Field(
        default=None, description="A JSON file of documents by their hash: only these run, if set."
    )
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        default=(),
        description="Sites whose pages may call the API, as https://www.example.org, with commas between; * for all.",
    )
    login_failures: int = Field(
        default=10,
        ge=1,
        description="Wrong passwords in 15 minutes for one account at one address, before it may not try for an hour.",
    )
    login_failures_per_address: int = Field(
        default=10, ge=1, description="As VRSS_LOGIN_FAILURES, for one address and all accounts together."
    )
    registrations_per_address: int = Field(
        default=10, ge=1, description="How many accounts may be registered from one address in an hour."
    )
    emails_per_address: int = Field(
        default=30, ge=1, description="How many e-mails may be asked for from one address in an hour."
    )
    emails_per_recipient: int = Field(
        default=5,
        ge=1,
        description="How many e-mails of one kind may go to one receiver in an hour, and one account may ask for.",
    )
    throttle_url: Annotated[str, AfterValidator(_redis)] | None = Field(
        default=None,
        description="A Redis that counts wrong passwords for several processes and over restarts; each alone if unset.",
    )
    password_queue: int = Field(
        default=100, ge=0, description="How many may wait for one of two cores that hash passwords, before OVERLOADED."
    )
    worker: bool = Field(
        default=True,
        description="Whether the server also does the jobs, e-mails among them; off where `vrss worker` does.",
    )
    mail_url: Annotated[str, AfterValidator(_mail_url)] | None = Field(
        default=None,
        description="How e-mails are sent: smtp://user:password@host:587, smtps://…, file:FOLDER, or console:.",
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        default="VRSS <no-reply@localhost>", description="Who the e-mails are from."
    )
    app_url: Site | None = Field(
        default=None,
        description="The web site that e-mails link to, at /verify-email and /reset-password; else they hold a token. "
        "Posts have their pages there, at /posts/ID.",
    )
    media_dir: Path | None = Field(
        default=None,
        description="The folder of the files that people upload; media in VRSS_DATA_DIR, or in .data of the project.",
    )
    media_secrets: Annotated[tuple[Secret, ...], NoDecode] = Field(
        default=(),
        repr=False,
        description="What signs the addresses of files, of 32 characters or more, with commas between: the first one "
        "signs, all are known. Unset, a file in the folder holds one.",
    )
    executor: Literal["compiled", "stock"] = Field(
        default="compiled",
        description="What runs operations: compiled, by column, or stock, graphql-core's own execution.",
    )

    tracing: Literal["off", "opentelemetry"] = Field(
        default="off", description="Whether operations, fields and statements are reported to OpenTelemetry."
    )

    @property
    def documents(self) -> Limits:
        """The limits on documents."""
        return Limits(
            characters=self.max_characters,
            tokens=self.max_tokens,
            depth=self.max_depth,
            fields=self.max_fields,
            aliases=self.max_aliases,
            root_fields=self.max_root_fields,
            directives=self.max_directives,
            fragments=self.max_fragments,
            repeats=self.max_repeats,
            values=self.max_values,
        )

    @property
    def media_folder(self) -> Path:
        """Where files are stored."""
        return self.media_dir or (self.database.data_dir or PROJECT / ".data") / "media"

    @field_validator("cors_origins", "trusted_proxies", "media_secrets", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        """A list in the environment is written with commas."""
        if not isinstance(given, str):
            return given
        return tuple(one.strip() for one in given.split(",") if one.strip())
