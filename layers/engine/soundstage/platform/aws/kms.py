"""KMS as the master key of envelope encryption: it never hands its key out, and logs who opens what."""

from typing import Any

from soundstage.platform.aws import clients
from soundstage.platform.envelope import CannotOpen, Context

_NOT_OURS = ("InvalidCiphertextException", "IncorrectKeyException", "AccessDeniedException", "KMSInvalidStateException")


class KmsMasterKey:
    """``platform.envelope.MasterKey``. ``key_id``: ARN, id or alias; the context is KMS's encryption context."""

    def __init__(self, key_id: str, *, client: Any = None) -> None:
        self._key_id = key_id
        self._client = client

    def new_data_key(self, context: Context) -> tuple[bytes, bytes]:
        made = self._kms.generate_data_key(KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=dict(context))
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        try:
            opened = self._kms.decrypt(KeyId=self._key_id, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        except self._kms.exceptions.ClientError as error:
            if clients.error_code(error) in _NOT_OURS:
                raise CannotOpen("What was sealed here cannot be read any more; set it anew.") from error
            raise
        plain: bytes = opened["Plaintext"]
        return plain

    @property
    def _kms(self) -> Any:
        return self._client or clients.kms()
