"""What the environment says about the server."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.settings import DatabaseSettings

Origin = Annotated[str, StringConstraints(pattern=r"^(https?://[^/\s]+|\*)$")]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VRSS_", env_ignore_empty=True, frozen=True, validate_by_name=True)

    host: str = Field(default="127.0.0.1", description="The address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT", description="0 takes a free one.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+.*[^/]$",
        description="How clients reach the API, as https://api.example.org; what each request names if unset.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="What is logged, to stderr; debug names each statement that runs."
    )
    deadline_seconds: float = Field(default=30, gt=0, description="A request that takes longer is stopped: TIMEOUT.")
    max_header_bytes: int = Field(
        default=32 * 1024, ge=1024, description="A request with a larger head is refused: 431."
    )
    max_body_bytes: int = Field(
        default=1024 * 1024, ge=1024, description="A request with a larger body is refused: 413."
    )
    cors_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        default=(),
        description="Sites whose pages may call the API, as https://www.example.org, with commas between; * for all.",
    )
    executor: Literal["compiled", "stock"] = Field(
        default="compiled",
        description="What runs operations: compiled, by column, or stock, graphql-core's own execution.",
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        """A list in the environment is written with commas."""
        if not isinstance(given, str):
            return given
        return tuple(origin.strip() for origin in given.split(",") if origin.strip())
