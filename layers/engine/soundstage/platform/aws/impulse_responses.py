"""Impulse responses of styles as objects of the bucket, addressed by content; rows and job records hold the rest.

The key is the SHA-256 of the FLAC file, so equal responses are one object, and only who has one can name it.
"""

import base64
import binascii
import hashlib
import re

from soundstage.models.errors import InvalidInput, NotFound
from soundstage.models.style import StyleParams
from soundstage.platform.aws.storage import ObjectStore

_KEY = re.compile(r"ir/[0-9a-f]{64}\.flac")


def externalise(style: StyleParams, objects: ObjectStore) -> StyleParams:
    """Move the response of a style (``ir_flac_base64``) into an object that ``reverb.ir_key`` names.

    Raises:
        InvalidInput: no FLAC, or a key that names no response of ours.
    """
    if style.reverb is None or not (style.reverb.ir_flac_base64 or style.reverb.ir_key):
        return style
    if style.reverb.ir_flac_base64:
        try:
            flac = base64.b64decode(style.reverb.ir_flac_base64, validate=True)
        except binascii.Error as error:
            raise InvalidInput("The impulse response is not base64.") from error
        key = f"ir/{hashlib.sha256(flac).hexdigest()}.flac"
        if objects.head(key) is None:
            objects.write(key, flac, content_type="audio/flac")
    else:
        key = str(style.reverb.ir_key)
        if not _KEY.fullmatch(key) or objects.head(key) is None:
            raise InvalidInput("There is no impulse response of this ir_key.")
    reverb = style.reverb.model_copy(update={"ir_key": key, "ir_flac_base64": None})
    return style.model_copy(update={"reverb": reverb})


def inline(style: StyleParams, objects: ObjectStore) -> StyleParams:
    """The inverse of :func:`externalise`: the style with its response in it, as rendering and files need it.

    Raises:
        InvalidInput: its response is gone.
    """
    if style.reverb is None or not style.reverb.ir_key or style.reverb.ir_flac_base64:
        return style
    try:
        if not _KEY.fullmatch(style.reverb.ir_key):
            raise NotFound("This object does not exist.")
        flac = objects.read(style.reverb.ir_key)
    except NotFound as error:
        raise InvalidInput("The impulse response of this style is gone.") from error
    carried = {"ir_key": None, "ir_flac_base64": base64.b64encode(flac).decode("ascii")}
    return style.model_copy(update={"reverb": style.reverb.model_copy(update=carried)})
