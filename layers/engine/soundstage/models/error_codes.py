"""Every error code with its cause and how to mend it: docs/errors.md is written from this.

A test finds the codes in the code and wants each of them in here, and no others.
"""

from typing import Final, NamedTuple


class Explained(NamedTuple):
    cause: str
    mend: str


_AGAIN = "Try again after `Retry-After`, or a few seconds."
_ANOTHER_TAKE = "Record it again, and upload the new file."
_RETRY = "Retry the job (`POST /v1/jobs/{job_id}/retry`)."

API: Final = {
    "BAD_REQUEST": Explained("The request is no JSON, or nested without end.", "Send JSON of a sensible depth."),
    "INVALID_INPUT": Explained(
        "A field, parameter or header is not as documented; `detail` says which.", "Correct what `detail` names."
    ),
    "UNAUTHENTICATED": Explained(
        "There is no access token, it has expired, or its session is over; or a signature does not fit.",
        "Refresh the token or log in; sign the bytes as they are sent.",
    ),
    "FORBIDDEN": Explained("You may not do this with what you can see.", "Ask its owner."),
    "NOT_FOUND": Explained(
        "There is no such thing, it was deleted, or it is somebody else's: the answer is the same.", "Check the id."
    ),
    "METHOD_NOT_ALLOWED": Explained("The address does not do that.", "Use a method of the `Allow` header."),
    "BODY_TOO_LARGE": Explained("The body is over 1 MiB.", "Send files by `POST /v1/uploads`."),
    "UNSUPPORTED_MEDIA_TYPE": Explained("The body is not JSON.", "Send `Content-Type: application/json`."),
    "HTTP_ERROR": Explained("The request is none that HTTP allows.", "Look at the message."),
    "CONFLICT": Explained(
        "It is in a state that does not allow this; `detail` says in which.", "Wait, or read it anew."
    ),
    "NAME_TAKEN": Explained("You have something of this name.", "Choose another name."),
    "ASSET_NOT_READY": Explained(
        "The upload has not arrived, is being looked at, or was rejected; `detail.status` says which.",
        "Wait until it is `ready`, or upload another file.",
    ),
    "ASSET_IN_USE": Explained("Projects use this file; `detail.projects` names them.", "Take it out of them first."),
    "NO_STORYBOARD": Explained("The project has no storyboard yet.", "Wait for its job, or send one."),
    "SHOT_LOCKED": Explained("Shots are locked; `detail.shots` names them.", "Unlock them first."),
    "SHOT_EMPTY": Explained("A shot says neither what is seen nor what is said.", "Write one of them, or delete it."),
    "BATCH_REFUSED": Explained("Nothing was begun; `detail.problems` says why.", "Solve each of `detail.problems`."),
    "VOICE_UNFIT": Explained("A voice does not speak the project's language.", "Choose one of `GET /v1/voices`."),
    "TRANSLATION_MISSING": Explained("Shots are not translated; `detail.shots` names them.", "Translate these."),
    "STORY_EMPTY": Explained("The story has no word.", "Write at least one."),
    "STORY_TOO_LONG": Explained("The story has more characters than it may have.", "Shorten it, or make two projects."),
    "UNKNOWN_PROVIDER": Explained(
        "No provider of this name is set up here; `detail.available` names those that are.", "Choose one of these."
    ),
    "PASSWORD_TOO_EASY": Explained("The password is among the first that are tried.", "Take a few unusual words."),
    "PRECONDITION_FAILED": Explained(
        "It was changed since you read it; `detail` has it as it is.", "Read it anew, and apply your change to that."
    ),
    "SCOPE_MISSING": Explained(
        "The API key was not made for this; `detail` names the scope.", "Make a key with that scope, or log in."
    ),
    "WRONG_ADDRESS": Explained(
        "You asked at an address of the API that is not its public one (on AWS).", "Take that of the console."
    ),
    "ACCOUNT_BLOCKED": Explained(
        "Whoever runs this studio has shut the account out; nothing of it is lost.", "Write to them."
    ),
    "RATE_LIMITED": Explained(
        "Too many requests in a short time, or too many guesses at a password.", "Wait as long as `Retry-After` says."
    ),
    "TOO_MANY_CONNECTIONS": Explained(
        "You subscribed on more WebSockets, or opened more streams, than are told at once; this was the oldest.",
        "Close some, or hear of all jobs on one.",
    ),
    "REQUEST_IN_PROGRESS": Explained(
        "A request with this Idempotency-Key is being carried out right now.", "Send it again in a moment."
    ),
    "IDEMPOTENCY_KEY_REUSED": Explained("The key was used for another request.", "Take a new key for a new request."),
    "QUOTA_EXCEEDED": Explained("Your plan has no room for this; `detail` has the limit.", "Delete something."),
    "NOTES_POLYPHONIC": Explained(
        "More than one note sounds at a time in the MIDI file.", "Keep the tune alone, or name its track melody."
    ),
    "NOTES_TOO_FEW": Explained("The file has fewer than three notes.", "A tune takes three."),
    "NOTES_TOO_MANY": Explained("The file has more notes than a tune of five minutes.", "Keep the tune alone."),
    "NOTES_TOO_LONG": Explained("The notes go on for more than five minutes.", "Keep the part that songs are made of."),
    "MIDI_CORRUPT": Explained("This is no MIDI file, or it is damaged.", "Export it again."),
    "MIDI_TOO_LARGE": Explained("The MIDI file is larger than a tune is.", "Keep the tune alone."),
    "MIDI_NO_TEMPO": Explained("The MIDI file counts time in frames of film.", "Export it in beats."),
    "SECRET_UNREADABLE": Explained("A kept secret cannot be opened any more.", "Set the key or secret anew."),
    "DEPENDENCY_UNAVAILABLE": Explained("A service that this needs is not there.", _AGAIN),
    "TRANSIENT": Explained("A service did not answer in time.", _AGAIN),
    "INTERNAL": Explained(
        "Something went wrong on our side.", "Try once more; then report `request_id`, which finds the log line."
    ),
}
"""Of the API's answers."""

FILES: Final = {
    "FILE_EMPTY": Explained("The file has no bytes.", "Upload it again."),
    "FILE_TOO_LARGE": Explained("The file is larger than allowed.", "Shorten it, or use a compressed format."),
    "FORMAT_UNSUPPORTED": Explained(
        "The file is of no kind that is read here.", "Use WAV, FLAC, MP3, M4A, OGG or WebM."
    ),
    "FILE_CORRUPT": Explained("The file is damaged, or was cut off.", "Export or record it again."),
    "CHECKSUM_MISMATCH": Explained("The file that arrived has another SHA-256 than was announced.", "Send it again."),
    "HEADER_LIES": Explained("The header says another length than there is.", "Export it again."),
    "DURATION_TOO_LONG": Explained("The recording is longer than allowed.", "Cut it."),
    "DURATION_TOO_SHORT": Explained("The recording is too short.", "Record more."),
    "RATE_UNSUPPORTED": Explained("The sample rate is out of bounds.", "Resample to 44.1 or 48 kHz."),
    "CHANNELS_UNSUPPORTED": Explained("There are too many channels.", "Mix down to eight or fewer."),
    "NOT_FINITE": Explained("Samples are not numbers.", "Export it again."),
    "SAMPLES_OUT_OF_RANGE": Explained("Samples are far beyond full scale.", "Export it with 1.0 as full scale."),
    "PICTURE_TOO_SMALL": Explained("The picture is too small.", "Take a larger one."),
    "DECOMPRESSION_BOMB": Explained("The file unpacks to far more than its size allows.", "Export it again."),
    "PROBE_FAILED": Explained("The file could not be looked at, several times.", "Upload it again, in another format."),
    "SILENT": Explained("Nothing is heard.", _ANOTHER_TAKE),
    "TOO_QUIET": Explained("It is too quiet to hear a tune.", _ANOTHER_TAKE),
    "CLIPPED": Explained("It is too loud and distorted.", _ANOTHER_TAKE),
    "NO_MELODY": Explained("No tune was found.", _ANOTHER_TAKE),
    "SPEECH": Explained("It sounds like talking.", _ANOTHER_TAKE),
    "NOISE": Explained("It sounds like noise.", _ANOTHER_TAKE),
    "POLYPHONIC": Explained("There is more than one voice.", _ANOTHER_TAKE),
    "DIFFERENT_PERFORMANCES": Explained("Two recordings do not hold the same performance.", "Use mode B."),
}
"""Of uploads and recordings, in an asset's or a job's ``error``. Of a job with several files ``detail`` has the one."""

JOBS: Final = {
    "CANCELED": Explained("Somebody canceled the job.", _RETRY),
    "DEPENDENCY_FAILED": Explained(
        "A file was rejected or deleted, or a job before it failed; `detail` says which and why.",
        "Mend that, and order again.",
    ),
    "MATERIAL_GONE": Explained("A file that the project names is gone.", "Upload it again, or take it out."),
    "START_FAILED": Explained("The job's inputs and options are too large.", "Order less at once."),
    "STEP_FAILED": Explained("A step failed for no reason that we foresaw.", _RETRY),
    "TIMED_OUT": Explained("The job, or a step of it, took too long.", "Retry with less: shorter, fewer shots."),
    "TASK_DIED": Explained("No worker could finish a task.", _RETRY),
    "UNKNOWN_TASK": Explained("The workers are older than the API.", "Bring them up to date, then retry."),
    "EXECUTION_LOST": Explained("What ran the job went away, several times.", _RETRY),
    "JOB_LOST": Explained("The embedded cloud crashed while this was made.", "Start it again."),
    "REJECTED": Explained("The job was refused without a code of its own.", "Look at the message."),
    "ENCODING_FAILED": Explained("A picture or sound could not be encoded.", _RETRY),
    "FILM_FAILED_CHECKS": Explained("The finished film did not pass its checks; `detail` has them.", _RETRY),
}
"""In a job's ``error``."""

PROVIDERS: Final = {
    "PROVIDER_FAILED": Explained("A provider failed.", "Retry, or choose another."),
    "PROVIDER_NOT_SENT": Explained("A provider could not be reached or is busy; nothing is billed.", "Retry later."),
    "PROVIDER_AMBIGUOUS": Explained("A provider may be at work, and bill it.", "Look at your account there first."),
    "PROVIDER_REFUSED": Explained("A provider said no: the key, money, or content.", "Look at the message."),
    "PROVIDER_RESULT": Explained("What a provider made cannot be used.", "Retry, or choose another."),
    "PROVIDER_UNREACHABLE": Explained("A provider did not answer this time.", "Retry later."),
    "PROVIDER_EXPIRED": Explained("A provider no longer has the result.", _RETRY),
    "PROVIDER_UNSUPPORTED": Explained("A provider cannot do this.", "Choose another for it."),
    "PROVIDER_UNKNOWN": Explained("A project names a provider that is not yours.", "Choose one of `GET /v1/profiles`."),
    "BUDGET_EXCEEDED": Explained("It would cost more than may be spent.", "Raise the project's budget."),
}
"""Of models of others, in notes and in a job's ``error``."""

COMMAND_LINE: Final = {
    "FILE_NOT_FOUND": Explained("There is no such file.", "Check the path."),
    "FILE_UNREADABLE": Explained("The file cannot be read.", "Check its permissions."),
}
"""Of the command ``soundstage`` alone."""

GROUPS: Final = {
    "Answers of the API": API,
    "Files and recordings": FILES,
    "Jobs": JOBS,
    "Models of others": PROVIDERS,
    "The command line": COMMAND_LINE,
}
