"""What can go wrong with somebody else's model, told apart by whether it may have been billed.

Messages are sentences for the person who asked. They never hold a key, an address or what a server said.
"""

from soundstage.models.errors import SoundstageError


class ProviderError(SoundstageError):
    code = "PROVIDER_FAILED"
    http_status = 502


class NotSent(ProviderError):
    """Nothing was accepted, so nothing is billed: it may be sent again, after ``retry_after_s`` when they say so."""

    code = "PROVIDER_NOT_SENT"

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Ambiguous(ProviderError):
    """It may have been accepted, and billed. Never sent again by itself."""

    code = "PROVIDER_AMBIGUOUS"


class Refused(ProviderError):
    """They said no (key, money, content): nothing is billed, and the same request will be refused again."""

    code = "PROVIDER_REFUSED"


class BudgetExceeded(Refused):
    """It would cost more than may be spent here. Nothing was sent."""

    code = "BUDGET_EXCEEDED"
    http_status = 409


class Failed(ProviderError):
    """They accepted it and could not do it, or what they made is nothing that we would hand on."""

    code = "PROVIDER_RESULT"


class Unreachable(ProviderError):
    """Asking for what was submitted did not work this time. Asking again costs nothing."""

    code = "PROVIDER_UNREACHABLE"


class Expired(ProviderError):
    """They no longer know the reference, or no longer have its result."""

    code = "PROVIDER_EXPIRED"


class Unsupported(ProviderError):
    """This provider cannot do that, or is not there."""

    code = "PROVIDER_UNSUPPORTED"
