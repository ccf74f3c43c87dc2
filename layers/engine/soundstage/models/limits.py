"""Every limit of the platform in one place: requests, log-ins, bodies, files, and what each plan may use.

``SOUNDSTAGE_LIMITS`` changes single numbers, as JSON: ``{"user": {"requests": 900}, "plans": {"free": {"jobs_at_once":
5}}}``.
"""

from pydantic import BaseModel, ConfigDict, Field

MIB = 1 << 20


class _Numbers(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(_Numbers):
    """So many ``requests`` within any ``per_s`` seconds."""

    requests: int = Field(gt=0)
    per_s: int = Field(default=60, gt=0)


class Plan(_Numbers):
    """What one person may use. The defaults are those of the plan ``free``."""

    storage_bytes: int = Field(default=2048 * MIB, ge=0, description="Of all files together.")
    minutes_per_month: int = Field(default=300, ge=0, description="Of finished sound and film.")
    jobs_at_once: int = Field(default=20, ge=0, description="Not at their end yet; the shots of a batch are one.")
    provider_usd_per_month: float = Field(default=20.0, ge=0, description="What models of others may cost.")


class StudioPlan(Plan):
    storage_bytes: int = Field(default=100 * 1024 * MIB, ge=0)
    minutes_per_month: int = Field(default=6000, ge=0)
    jobs_at_once: int = Field(default=200, ge=0)
    provider_usd_per_month: float = Field(default=1000.0, ge=0)


class Plans(_Numbers):
    free: Plan = Plan()
    studio: StudioPlan = StudioPlan()

    def of(self, name: str) -> Plan:
        """An unknown name is ``free``."""
        plan = getattr(self, name, None)
        return plan if isinstance(plan, Plan) else self.free


class _PerUser(Rate):
    requests: int = 600


class _PerKey(Rate):
    requests: int = 300


class _PerAddress(Rate):
    requests: int = 300


class _LogInsPerAccount(Rate):
    requests: int = 10
    per_s: int = 900


class _LogInsPerAddress(Rate):
    requests: int = 50
    per_s: int = 900


class _Previews(Rate):
    requests: int = 60


class Limits(_Numbers):
    """``user``, ``key`` and ``address`` are counted in windows of their own; an address only without credentials.

    A person with six tabs that poll every 2 s makes 180 requests a minute.
    """

    user: _PerUser = _PerUser()
    key: _PerKey = _PerKey()
    address: _PerAddress = _PerAddress()
    log_ins_per_account: _LogInsPerAccount = _LogInsPerAccount()
    log_ins_per_address: _LogInsPerAddress = _LogInsPerAddress()
    previews: _Previews = Field(default=_Previews(), description="Of regions of matches, per person; each is rendered.")
    body_bytes: int = Field(default=MIB, gt=0, description="Files do not come this way, so bodies are small.")
    upload_bytes: int = Field(default=2048 * MIB, gt=0, description="Of one file: two hours of 24-bit stereo.")
    keys_per_user: int = Field(default=25, gt=0)
    sockets_per_user: int = Field(
        default=20,
        gt=0,
        description="WebSockets, and as many streams of server-sent events: a newer one takes the oldest's place; as "
        "many waits for a job: a newer one is answered at once.",
    )
    plans: Plans = Plans()


FOR_ONE_MACHINE = Limits(
    user=_PerUser(requests=100_000),
    key=_PerKey(requests=100_000),
    address=_PerAddress(requests=100_000),
    log_ins_per_address=_LogInsPerAddress(requests=100_000),
    plans=Plans(free=Plan(minutes_per_month=1_000_000, jobs_at_once=10_000, provider_usd_per_month=1000.0)),
)
"""On a laptop all people come from one address, and tests are many people at once."""
