"""What the environment says about the server."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from db.settings import DatabaseSettings


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
    executor: Literal["compiled", "stock"] = Field(
        default="compiled",
        description="What runs operations: compiled, by column, or stock, graphql-core's own execution.",
    )
