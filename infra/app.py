"""The CDK app: ``cdk deploy --all --context stage=dev``."""

import json
from typing import Any

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.access_settings import access_settings
from infra.on_aws import Domain, OnAws, origins_of
from infra.stages import STAGES
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack
from soundstage.models.providers import LanguageModelTerms, MusicProviders


def build(app: App) -> App:
    stage = STAGES[app.node.get_context("stage")]
    origins = origins_of(stage.name, _context(app, "origins", []))
    options = _on_aws(app)
    providers = MusicProviders.model_validate(_context(app, "music_providers", {}))
    language_model = _context(app, "language_model", None)
    access = access_settings(limits=_context(app, "limits", {}), oidc=_context(app, "oidc", {}))
    state = StatefulStack(app, stage.named("state"), stage=stage)
    stateless = StatelessStack(
        app,
        stage.named("app"),
        stage=stage,
        state=state,
        allowed_origins=origins,
        music_providers=providers,
        language_model=LanguageModelTerms.model_validate(language_model) if language_model else None,
        access=access,
        options=options,
    )
    if state.catalog is not None:
        from infra.console_site import ConsoleStack  # noqa: PLC0415
        from infra.edge import EdgeStack  # noqa: PLC0415
        from infra.monitoring import MonitoringStack  # noqa: PLC0415
        from infra.workers import WorkersStack  # noqa: PLC0415  (as in infra.stateful)

        EdgeStack(app, stage.named("edge"), stage=stage, domain=options.domain)
        console = ConsoleStack(app, stage.named("console"), stage=stage, state=state, app=stateless, options=options)
        MonitoringStack(app, stage.named("monitoring"), stage=stage, state=state, app=stateless, options=options)
        WorkersStack(
            app,
            stage.named("workers"),
            stage=stage,
            state=state,
            app=stateless,
            options=options,
            public_url=console.url,
        )
    Tags.of(app).add("project", "soundstage")
    Tags.of(app).add("stage", stage.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _on_aws(app: App) -> OnAws:
    domain = _context(app, "domain", None)
    budget = app.node.try_get_context("budget_usd")
    return OnAws(
        architecture=app.node.try_get_context("architecture") or "x86_64",
        domain=Domain(**domain) if domain else None,
        alarm_email=app.node.try_get_context("alarm_email"),
        budget_usd=int(budget) if budget else None,
        console_sentry_dsn=app.node.try_get_context("console_sentry_dsn"),
        warm_workers=_context(app, "warm_workers", {}),
    )


def _context(app: App, name: str, default: Any) -> Any:
    """JSON in cdk.json arrives as it is, on the command line as text."""
    value = app.node.try_get_context(name)
    if value is None:
        return default
    return json.loads(value) if isinstance(value, str) else value


if __name__ == "__main__":
    build(App()).synth()
