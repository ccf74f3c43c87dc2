"""The CDK app: ``cdk deploy --all --context stage=dev``."""

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.stages import STAGES
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack


def build(app: App) -> App:
    stage = STAGES[app.node.get_context("stage")]
    state = StatefulStack(app, stage.named("state"), stage=stage, allowed_origins=["*"])
    StatelessStack(app, stage.named("app"), stage=stage, state=state)
    Tags.of(app).add("project", "soundstage")
    Tags.of(app).add("stage", stage.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


if __name__ == "__main__":
    build(App()).synth()
