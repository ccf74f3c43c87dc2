"""What the API needs to know, read from ``SOUNDSTAGE_…`` once."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from soundstage.platform.aws.secrets import read_secret
from soundstage.platform.security import SigningSecret
from soundstage.platform.settings import JobsSettings, MusicProviderSettings, ProfileSettings

MIB = 1 << 20


class ApiSettings(JobsSettings, MusicProviderSettings, ProfileSettings):
    """``signing_secret`` names a JSON secret (see ``SigningSecret``); a laptop may set ``signing_key`` instead."""

    signing_secret: str | None = None
    signing_key: SecretStr | None = None
    issuer: str = "soundstage"
    cors_origins: list[str] = Field(default=[], description="JSON list of origins whose pages may call the API.")
    max_body_bytes: int = Field(default=1 * MIB, gt=0, description="Files do not come this way, so bodies are small.")
    max_upload_bytes: int = Field(default=2048 * MIB, gt=0, description="Two hours of 24-bit stereo.")
    quota_bytes: int = Field(default=2048 * MIB, gt=0, description="Of one person's files together, plan free.")
    upload_url_life_s: int = Field(default=3600, gt=0, le=604_800)
    download_url_life_s: int = Field(default=3600, gt=0, le=604_800)

    @model_validator(mode="after")
    def _has_a_signing_key(self) -> Self:
        if self.signing_key is None and self.signing_secret is None:
            raise ValueError("set SOUNDSTAGE_SIGNING_SECRET (or SOUNDSTAGE_SIGNING_KEY on a laptop)")
        if self.signing_key is not None and self.stage != "local":
            raise ValueError("a signing key in the environment is for stage local only")
        return self

    def read_signing_secret(self) -> SigningSecret:
        if self.signing_key is not None:
            return SigningSecret(current=self.signing_key)
        assert self.signing_secret is not None  # noqa: S101  (checked above)
        return SigningSecret.model_validate(read_secret(self.signing_secret))
