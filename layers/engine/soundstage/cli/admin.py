"""``soundstage admin …``: asks the function ``admin/act`` of a stage, with the caller's own AWS credentials."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from soundstage.cli import arguments, output

MORE = (
    "The stage is SOUNDSTAGE_STAGE, or --stage; credentials and region are AWS's own settings (docs/admin.md). On a "
    'laptop: make soundstage DO="admin …".'
)


def register(subparsers: Any) -> None:
    group = arguments.add_group(subparsers, "admin", does="operate a stage: dead letters, stuck jobs, accounts")
    letters = arguments.add_group(group, "dead-letters", does="what nobody could handle")
    listing = _add(
        letters,
        "list",
        _print_letters,
        "show dead letters, and events that reached no target",
        "admin dead-letters list webhooks",
    )
    listing.add_argument("queue", nargs="?", metavar="QUEUE", help="one queue only")
    replay = _add(
        letters,
        "replay",
        _print_replayed,
        "send dead letters to where they came from, events to their target",
        "admin dead-letters replay webhook-deliveries --all",
    )
    replay.add_argument("queue", metavar="QUEUE")
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("--id", dest="ids", action="append", metavar="ID", help="this letter; may be repeated")
    which.add_argument("--all", action="store_true", help="all of the queue")

    jobs = arguments.add_group(group, "jobs", does="jobs that do not come to their end")
    stuck = _add(jobs, "stuck", _print_stuck, "jobs and uploads without news", "admin jobs stuck --for-s 1800")
    stuck.add_argument("--for-s", type=int, default=600, metavar="S", help="for so many seconds (600)")
    for name, does in (("rescue", "look after one job at once"), ("cancel", "end one job")):
        parser = _add(jobs, name, _print_job, does, f"admin jobs {name} 0193a1c7e5f07b6e8d1f2a3b4c5d6e7f")
        parser.add_argument("job_id", metavar="JOB")

    users = arguments.add_group(group, "users", does="accounts")
    show = _add(
        users, "show", _print_usage, "an account, and what it used in a month", "admin users show ada@example.org"
    )
    show.add_argument("--month", metavar="YYYY-MM", help="this month by default")
    block = _add(
        users,
        "block",
        _print_user,
        "shut an account out: its log-ins end, its keys and shares are refused",
        'admin users block ada@example.org --reason "abuse, ticket 4711"',
    )
    block.add_argument("--reason", required=True, help="for the audit log")
    unblock = _add(users, "unblock", _print_user, "let an account in again", "admin users unblock ada@example.org")
    for parser in (show, block, unblock):
        parser.add_argument("who", metavar="WHO", help="e-mail address or id")


def _add(
    group: Any, name: str, show: Callable[[dict[str, Any]], None], does: str, example: str
) -> argparse.ArgumentParser:
    parser = arguments.add_command(group, name, _run, does=does, example=f"soundstage {example}", more=MORE)
    parser.add_argument("--stage", choices=("local", "dev", "prod"), help="SOUNDSTAGE_STAGE by default, else local")
    action = " ".join(parser.prog.split()[2:])
    parser.set_defaults(action=action, show=show)
    return parser


_NOT_ASKED = ("run", "show", "json", "stage", "all")


def _run(args: argparse.Namespace) -> int:
    asked = {name: value for name, value in vars(args).items() if name not in _NOT_ASKED and value is not None}
    done = _ask(args.stage, asked)
    if args.json:
        output.print_json(done)
    else:
        args.show(done)
    return 0


def _ask(stage: str | None, asked: dict[str, Any]) -> dict[str, Any]:
    """Raises SoundstageError with the code of what the function answered."""
    from soundstage.platform.aws import clients, functions
    from soundstage.platform.settings import Settings

    by = clients.sts().get_caller_identity()["Arn"]
    done: dict[str, Any] = functions.call(f"soundstage-{stage or Settings().stage}-admin-act", {**asked, "by": by})[
        "done"
    ]
    return done


def _print_letters(done: dict[str, Any]) -> None:
    for letter in done["letters"]:
        print(f"{letter['queue']}  {letter['id']}  delivered {letter['deliveries']} times")
        if "target" in letter:
            why = letter.get("error") or letter.get("error_code", "")
            print(f"    did not reach {letter['target']}: {why}")
        print(f"    {json.dumps(letter['body'], ensure_ascii=False)}")
    if not done["letters"]:
        print("There are no dead letters.")


def _print_replayed(done: dict[str, Any]) -> None:
    print(f"{len(done['replayed'])} sent again")
    for missing in done["missing"]:
        output.note(f"{missing} is not there, or somebody is looking at it")


def _print_stuck(done: dict[str, Any]) -> None:
    for job in done["jobs"]:
        print(f"{job['job_id']}  {job['kind']:<12} {job['status']:<8} {job['step'] or '':<20} since {job['since']}")
    for upload in done["uploads"]:
        print(f"{upload['asset_id']}  {'upload':<12} checking  since {upload['since']}")
    if not done["jobs"] and not done["uploads"]:
        print("Nothing is stuck.")


def _print_job(done: dict[str, Any]) -> None:
    job = done["job"]
    print(f"{job['job_id']}  {job['kind']}  {job['status']}, attempt {job['attempt']}")


def _print_user(done: dict[str, Any]) -> None:
    user = done["user"]
    state = "deleted" if user["deleted_at"] else f"blocked since {user['blocked_at']}" if user["blocked_at"] else "open"
    print(f"{user['id']}  {user['email']}  {state}")


def _print_usage(done: dict[str, Any]) -> None:
    _print_user(done)
    plan = done["plan"]
    print(f"  plan            {plan['name']}, since {done['user']['created_at']}, {done['log_ins']} log-ins")
    print(f"  {done['month']}")
    print(f"    minutes made  {done['minutes']:.1f} of {plan['minutes_per_month']}")
    print(f"    providers     ${done['provider_usd']:.2f} of ${plan['provider_usd_per_month']:.2f}")
    print(f"    workers       {done['worker_s']:.1f} s, of them {done['gpu_s']:.1f} s on a GPU")
    print(f"  storage         {done['storage_bytes'] / 2**20:.1f} of {plan['storage_bytes'] / 2**20:.0f} MiB")
    print(f"  jobs at once    {done['jobs_at_once']} of {plan['jobs_at_once']}")
