"""The CDK app: ``cdk deploy --all --context stage=dev``."""

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.stages import STAGES
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack
from infra.workers import WorkersStack


def build(app: App) -> App:
    stage = STAGES[app.node.get_context("stage")]
    origins = app.node.try_get_context("origins") or ["*" if stage.embedded else "https://localhost"]
    state = StatefulStack(app, stage.named("state"), stage=stage, allowed_origins=origins)
    stateless = StatelessStack(app, stage.named("app"), stage=stage, state=state, allowed_origins=origins)
    if state.catalog is not None:
        WorkersStack(app, stage.named("workers"), stage=stage, state=state, app=stateless, catalog=state.catalog)
    Tags.of(app).add("project", "soundstage")
    Tags.of(app).add("stage", stage.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


if __name__ == "__main__":
    build(App()).synth()
