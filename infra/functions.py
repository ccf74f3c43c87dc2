"""The functions of a stage, each with exactly what its step states."""

from collections.abc import Mapping

from aws_cdk import Stack

from infra.sound_function import SoundFunction, Surroundings
from infra.stateful import StatefulStack
from soundstage.models.providers import LanguageModelTerms
from soundstage.products.base import LambdaStep


class Functions:
    """Adds functions to a stack, in its own scope: they have names, so their logical ids may never change.

    Each may use the table, tell of jobs' changes, use the prefixes of the bucket that its step states and, where the
    step says so, the catalog and the language model; on AWS it reads the telemetry keys. The rest is up to the caller.
    """

    def __init__(
        self,
        stack: Stack,
        surroundings: Surroundings,
        *,
        state: StatefulStack,
        language_model: LanguageModelTerms | None,
    ) -> None:
        self.stack = stack
        self.stage = surroundings.stage
        self.all: list[SoundFunction] = []
        self._surroundings = surroundings
        self._state = state
        self._language_model = language_model

    def add(self, step: LambdaStep, id_: str, *, environment: Mapping[str, str] | None = None) -> SoundFunction:
        state = self._state
        # On a laptop terms and keys come from the shell that started the cloud.
        asks = step.uses_language_model and not self.stage.embedded
        variables = {**(environment or {}), **(self.language_model_terms() if asks else {})}
        function = SoundFunction(self.stack, id_, self._surroundings, step, environment=variables)
        function.may.use_table(state.table.table_arn)
        function.may.tell_of_jobs(self.stage)
        function.may.read(state.bucket_arn, *step.reads)
        function.may.write(state.bucket_arn, *step.writes)
        if asks:  # terms or none: an export that comes and goes would stop a deployment of the stack that has the key
            function.may.read_secret(state.language_model_key.secret_arn)
        if not self.stage.embedded:
            function.may.read_secret(state.telemetry.secret_arn)
        self.all.append(function)
        return function

    def language_model_terms(self) -> dict[str, str]:
        """What whoever asks the language model has to know."""
        if self._language_model is None:
            return {}
        return {
            "SOUNDSTAGE_LANGUAGE_MODEL": self._language_model.model_dump_json(exclude_defaults=True),
            "SOUNDSTAGE_LANGUAGE_MODEL_KEY_SECRET": self._state.language_model_key.secret_arn,
        }
