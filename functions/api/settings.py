"""What the API needs to know, read from ``SOUNDSTAGE_…`` once."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from soundstage.models.limits import Limits
from soundstage.platform.aws.secrets import read_secret
from soundstage.platform.security import RotatedSecret
from soundstage.platform.settings import JobsSettings, MusicProviderSettings, WebhookSettings


class ApiSettings(JobsSettings, MusicProviderSettings, WebhookSettings):
    """``signing_secret`` names a JSON secret (see ``RotatedSecret``); a laptop may set ``signing_key`` instead."""

    signing_secret: str | None = None
    signing_key: SecretStr | None = None
    edge_secret: str | None = Field(default=None, description="A JSON secret that CloudFront shows us, as above.")
    issuer: str = "soundstage"
    oidc_issuer: str | None = Field(default=None, description="Another OpenID issuer whose log-ins are good here.")
    oidc_client_id: str | None = Field(default=None, description="What that issuer calls us.")
    cors_origins: list[str] = Field(default=[], description="JSON list of origins whose pages may call the API.")
    limits: Limits = Limits()
    upload_role: str | None = Field(default=None, description="The role whose credentials programs upload with.")
    preview_function: str | None = Field(default=None, description="What renders a region of a match, name or ARN.")
    upload_url_life_s: int = Field(default=3600, gt=0, le=604_800)
    share_url_life_s: int = Field(default=120, gt=0, le=3600, description="So long a revoked share's files stay up.")
    download_url_life_s: int = Field(default=3600, gt=0, le=604_800)

    @model_validator(mode="after")
    def _has_a_signing_key(self) -> Self:
        if self.signing_key is None and self.signing_secret is None:
            raise ValueError("set SOUNDSTAGE_SIGNING_SECRET (or SOUNDSTAGE_SIGNING_KEY on a laptop)")
        if self.signing_key is not None and self.stage != "local":
            raise ValueError("a signing key in the environment is for stage local only")
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("SOUNDSTAGE_OIDC_ISSUER and SOUNDSTAGE_OIDC_CLIENT_ID belong together")
        if self.oidc_issuer is not None and self.stage != "local" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("the OpenID issuer has to be asked by https")
        return self

    def read_edge_secret(self) -> RotatedSecret:
        assert self.edge_secret is not None  # noqa: S101  (nobody asks without)
        return RotatedSecret.model_validate(read_secret(self.edge_secret))

    def read_signing_secret(self) -> RotatedSecret:
        if self.signing_key is not None:
            return RotatedSecret(current=self.signing_key)
        assert self.signing_secret is not None  # noqa: S101  (checked above)
        return RotatedSecret.model_validate(read_secret(self.signing_secret))
