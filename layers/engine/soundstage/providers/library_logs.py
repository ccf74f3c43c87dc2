"""What Hugging Face's libraries say on their own, which would be no JSON among a worker's lines."""

from types import ModuleType


def in_our_log(library: ModuleType) -> None:
    """``transformers`` or ``diffusers``: without progress bars, its lines by the handlers of this process."""
    logs = library.utils.logging
    logs.disable_progress_bar()
    logs.disable_default_handler()
    logs.enable_propagation()
