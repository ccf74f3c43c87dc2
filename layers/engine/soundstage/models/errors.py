"""One small hierarchy of errors. Each has a stable code; the API, the workflows and the command line map it once each.

A rejection (bad input) is data for a workflow and a 4xx for the API; everything else that goes wrong is a failure.
Messages are one sentence for a person; they never carry secrets, paths or other people's ids.
"""

from typing import Any, ClassVar

from soundstage.models.durations import minutes_and_seconds


class SoundstageError(Exception):
    """Base of all errors that have a code."""

    code: ClassVar[str] = "INTERNAL"
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, *, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class BadRequest(SoundstageError):
    """A request that cannot be read at all: no JSON, or nested without end."""

    code = "BAD_REQUEST"
    http_status = 400


class InvalidInput(SoundstageError):
    code = "INVALID_INPUT"
    http_status = 422


class PasswordTooEasy(InvalidInput):
    """One that is guessed at once, however long it is."""

    code = "PASSWORD_TOO_EASY"


class StoryEmpty(InvalidInput):
    """A story without a single letter or digit."""

    code = "STORY_EMPTY"


class StoryTooLong(InvalidInput):
    """``detail`` says how many characters it has and how many it may have, as people count them."""

    code = "STORY_TOO_LONG"


class UnknownProvider(InvalidInput):
    """A provider of music that is not set up where the work would be done; ``detail.available`` has those that are."""

    code = "UNKNOWN_PROVIDER"


class NotesRejected(InvalidInput):
    """A file of notes that no tune can be read from. ``code`` is the instance's: a key of ``NOTES_REJECTIONS``."""

    code = "NOTES_POLYPHONIC"

    def __init__(self, code: str, message: str | None = None) -> None:
        super().__init__(message or NOTES_REJECTIONS[code])
        self.code = code  # type: ignore[misc]


NOTES_REJECTIONS: dict[str, str] = {
    "MIDI_CORRUPT": "This is no MIDI file, or it is damaged.",
    "MIDI_TOO_LARGE": "The MIDI file is larger than a tune is.",
    "MIDI_NO_TEMPO": "The MIDI file counts time in frames of film; export it in beats.",
    "NOTES_TOO_FEW": "There are fewer than three notes in the file; a tune takes three.",
    "NOTES_TOO_MANY": "There are more notes in the file than a tune of five minutes has.",
    "NOTES_TOO_LONG": "The notes go on for more than five minutes.",
    "NOTES_POLYPHONIC": "More than one note sounds at a time; keep the tune alone, or name its track melody.",
}


class Unauthenticated(SoundstageError):
    code = "UNAUTHENTICATED"
    http_status = 401


class Forbidden(SoundstageError):
    """Whoever asks is known, and may not do this."""

    code = "FORBIDDEN"
    http_status = 403


class ScopeMissing(Forbidden):
    """The API key was not made for this; ``detail.scope`` names what it lacks."""

    code = "SCOPE_MISSING"


class AccountBlocked(Forbidden):
    """An operator has shut this account out."""

    code = "ACCOUNT_BLOCKED"

    def __init__(self) -> None:
        super().__init__("This account is blocked; write to whoever runs this studio.")


class WrongAddress(Forbidden):
    """Asked at an address that is not the public one."""

    code = "WRONG_ADDRESS"

    def __init__(self) -> None:
        super().__init__("This is not the API's public address; it has the console's.")


class RateLimited(SoundstageError):
    """Too many requests within a window; ``detail.retry_after_s`` says when the next one may come (RFC 6585 §4)."""

    code = "RATE_LIMITED"
    http_status = 429

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message, detail={"retry_after_s": retry_after_s})
        self.retry_after_s = retry_after_s


class NotFound(SoundstageError):
    code = "NOT_FOUND"
    http_status = 404


class Conflict(SoundstageError):
    """The state of the resource does not allow this; ``detail`` says what it is now, or who changed it first."""

    code = "CONFLICT"
    http_status = 409


class NameTaken(Conflict):
    """Something else has this name already; names are unique among one person's presets."""

    code = "NAME_TAKEN"


class NoStoryboard(Conflict):
    """The project has no storyboard yet; ``detail`` has its status."""

    code = "NO_STORYBOARD"


class AssetNotReady(Conflict):
    """The upload has not arrived, is being looked at, or was rejected; ``detail.status`` says which."""

    code = "ASSET_NOT_READY"


class AssetInUse(Conflict):
    """Projects are made of this upload; ``detail.projects`` names them. Take it out of them first."""

    code = "ASSET_IN_USE"


class MaterialGone(Conflict):
    """A file of one's own that a project names is not there any more; ``detail`` says which, and of what."""

    code = "MATERIAL_GONE"


class TranslationMissing(Conflict):
    """The project is not translated into the language that is wanted, or not all of it; ``detail.shots``: the rest."""

    code = "TRANSLATION_MISSING"


class ShotLocked(Conflict):
    """Somebody wants these shots left as they are; ``detail.shots`` names them. Unlock them first."""

    code = "SHOT_LOCKED"


class BatchRefused(Conflict):
    """Nothing of a batch was begun; ``detail.problems`` has everything that is in the way, and what to do about it."""

    code = "BATCH_REFUSED"


class PreconditionFailed(SoundstageError):
    """The resource has changed since ``If-Match`` was read; ``detail`` has it as it is now (RFC 9110 §13.1.1)."""

    code = "PRECONDITION_FAILED"
    http_status = 412


class IdempotencyMismatch(SoundstageError):
    code = "IDEMPOTENCY_KEY_REUSED"
    http_status = 422


class InProgress(Conflict):
    """The first request with this Idempotency-Key has not been answered yet."""

    code = "REQUEST_IN_PROGRESS"


class QuotaExceeded(SoundstageError):
    """The plan does not include so much; ``detail`` has the limit and what is used."""

    code = "QUOTA_EXCEEDED"
    http_status = 403


class DependencyUnavailable(SoundstageError):
    """A service or a program that is needed did not answer, or is not there; trying again may help."""

    code = "DEPENDENCY_UNAVAILABLE"
    http_status = 503


class JobCanceled(SoundstageError):
    """The job was canceled while this step or task ran: it has to stop, and leave nothing half-written."""

    code = "CANCELED"
    http_status = 409


class TransientError(SoundstageError):
    """Infrastructure that may work the next time: the state machines retry this by name."""

    code = "TRANSIENT"
    http_status = 503


class MediaRejected(SoundstageError):
    """A file or a recording that is refused. ``code`` is that of the instance: one of the keys of ``REJECTIONS``."""

    http_status = 422

    def __init__(self, code: str, message: str | None = None, *, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message or REJECTIONS[code], detail=detail)
        self.code = code  # type: ignore[misc]


REJECTIONS: dict[str, str] = {
    # Probing (U4): the file
    "FILE_EMPTY": "The file is empty.",
    "FILE_TOO_LARGE": "The file is larger than allowed.",
    "FORMAT_UNSUPPORTED": "This is not a kind of file we can read. WAV, AIFF, FLAC, MP3, M4A and OGG are, for example.",
    "FILE_CORRUPT": "The file is damaged and cannot be read.",
    "CHECKSUM_MISMATCH": "The file that arrived is not the one that was announced: their SHA-256 differ.",
    "HEADER_LIES": "The file was cut off: its header tells of another length than there is.",
    "DURATION_TOO_LONG": "The recording is longer than allowed.",
    "DURATION_TOO_SHORT": "The recording is too short.",
    "RATE_UNSUPPORTED": "The sample rate is outside what we can work with.",
    "CHANNELS_UNSUPPORTED": "The number of channels is outside what we can work with.",
    "NOT_FINITE": "The recording holds samples that are not numbers.",
    "SAMPLES_OUT_OF_RANGE": "The recording holds samples a billion times louder than full scale.",
    "PICTURE_TOO_SMALL": "The picture is too small to show anything.",
    "DECOMPRESSION_BOMB": "The file unpacks to far more than its size allows.",
    # audio_check, audio_analyze: the recording
    "SILENT": "We hear nothing in this recording.",
    "TOO_QUIET": "The recording is too quiet to hear a tune in it.",
    "CLIPPED": "The recording is too loud and distorted to hear the tune.",
    "NO_MELODY": "We could not find a tune in this recording.",
    "SPEECH": "This sounds like talking; hum or sing a tune.",
    "NOISE": "This sounds like noise; hum or sing a tune.",
    "POLYPHONIC": "There is more than one voice at once; hum or sing a single tune.",
    # match: two recordings
    "DIFFERENT_PERFORMANCES": "The two recordings do not hold the same performance; use mode B.",
}


def too_long(duration_s: float, max_duration_s: float) -> MediaRejected:
    """DURATION_TOO_LONG, with how long it is and may be."""
    long, longest = minutes_and_seconds(duration_s), minutes_and_seconds(max_duration_s)
    message = f"The recording has {long} min; it may have {longest} min."
    return MediaRejected("DURATION_TOO_LONG", message, detail={"max_duration_s": max_duration_s})


def too_short(duration_s: float, min_duration_s: float) -> MediaRejected:
    """DURATION_TOO_SHORT, with how long it is and has to be."""
    message = f"The recording has {duration_s:.1f} s; it takes {min_duration_s:g} s at least."
    return MediaRejected("DURATION_TOO_SHORT", message, detail={"min_duration_s": min_duration_s})


class DependencyFailed(SoundstageError):
    """A job cannot start because an asset was rejected or a job it waits for failed."""

    code = "DEPENDENCY_FAILED"
    http_status = 409
