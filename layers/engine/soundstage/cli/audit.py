"""``soundstage audit verify``: is the audit log as it was written? Reads the catalog that the settings name."""

import argparse
from typing import Any

from soundstage.cli import arguments, output


def register(subparsers: Any) -> None:
    group = arguments.add_group(subparsers, "audit", does="look at the audit log of a stage")
    parser = arguments.add_command(
        group,
        "verify",
        run,
        does="walk the chain of hashes, and name the first entry that was changed, removed or inserted",
        example="SOUNDSTAGE_DATABASE_URL=postgresql://… soundstage audit verify --head 9f3c…",
        more="The catalog is named by SOUNDSTAGE_DATABASE_URL or SOUNDSTAGE_DATABASE_SECRET. "
        "Note the head that this prints elsewhere: only it shows that the newest entries were not cut off.",
    )
    parser.add_argument("--head", type=bytes.fromhex, metavar="HASH", help="one that was printed before")


def run(args: argparse.Namespace) -> int:
    from soundstage.platform.catalog import audit
    from soundstage.platform.catalog.database import Catalog, engine_for
    from soundstage.platform.settings import DatabaseSettings

    with Catalog(engine_for(DatabaseSettings())).transaction() as session:
        found = audit.verify(session, head=args.head)
    intact = not found.why
    if args.json:
        output.print_json(
            {
                "intact": intact,
                "entries": found.chained,
                "unchained": found.unchained,
                "head": found.head.hex(),
                "first_broken": found.broken_id,
                "why": found.why or None,
            }
        )
    elif intact:
        print(f"intact: {found.chained} entries, head {found.head.hex()}")
        if found.unchained:
            print(f"{found.unchained} entries are older than the chain")
    else:
        where = "the log" if found.broken_id is None else f"entry {found.broken_id}"
        print(f"BROKEN at {where}: {found.why}; {found.chained} entries before are intact")
    return 0 if intact else output.REJECTED_STATUS
