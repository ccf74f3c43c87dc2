"""The master key of model profiles, as this process is set up, and profiles opened with it."""

from functools import cache

from pydantic import SecretStr

from soundstage.models.errors import DependencyUnavailable
from soundstage.models.profiles import SealedProfile
from soundstage.platform.aws.kms import KmsMasterKey
from soundstage.platform.aws.secrets import read_secret
from soundstage.platform.envelope import LocalMasterKey, MasterKey, unseal
from soundstage.platform.settings import ProfileSettings


def master_key(settings: ProfileSettings) -> MasterKey:
    """Raises DependencyUnavailable where none is set up."""
    if settings.profile_kms_key is not None:
        return KmsMasterKey(settings.profile_kms_key)
    if settings.profile_secret is None:
        raise DependencyUnavailable("Keys of model profiles cannot be kept here: no master key is set up.")
    return _local(settings.profile_secret)


@cache
def _local(name: str) -> LocalMasterKey:
    return LocalMasterKey(SecretStr(str(read_secret(name)["current"])))


def key_of(profile: SealedProfile, settings: ProfileSettings) -> SecretStr | None:
    """Raises CannotOpen, and DependencyUnavailable."""
    if profile.sealed is None:
        return None
    return unseal(profile.sealed, master_key(settings), profile.bound_to)
