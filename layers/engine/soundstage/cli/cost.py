"""``soundstage cost``: what jobs cost on AWS in a month, by service, beside what peers ask; and what a stage bears."""

import argparse
from dataclasses import asdict
from typing import Any

from soundstage.cli import arguments, output

KINDS = {"tracks": "track", "matches": "match", "films": "film", "uploads": "upload"}
"""As options are called, and one of each."""


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "cost",
        run,
        does="what a month of jobs costs on AWS, from what was measured and public prices",
        example="soundstage cost --tracks 10000 --matches 1000 --films 200 --stage prod",
        more="Free tiers and discounts are left out. docs/cost.md says what was measured, where, and what was not.",
    )
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N", help=f"{kind} in the month")
    parser.add_argument("--months", type=float, default=1.0, metavar="M", help="how long results are kept (1)")
    parser.add_argument("--stage", choices=("dev", "prod"), default="prod", help="whose idle costs to add (prod)")
    parser.add_argument("--warm", type=int, default=0, metavar="N", help="workers that stay when idle (0)")
    parser.add_argument("--architecture", choices=("x86_64", "arm64"), default="x86_64", help="of functions (x86_64)")
    parser.add_argument("--within", type=float, metavar="S", help="simulate them as they all come within S seconds")
    parser.add_argument("--seed", type=int, default=0, help="of the simulation's arrivals (0)")


def run(args: argparse.Namespace) -> int:
    from soundstage.cli.costs.measured import AS_OF as MEASURED
    from soundstage.cli.costs.measured import USAGES
    from soundstage.cli.costs.model import catalog_month, cost_of, idle_month
    from soundstage.cli.costs.prices import AS_OF, PEERS, REGION, SOURCES, Prices

    prices = Prices()
    counts = {kind: getattr(args, kind) for kind in KINDS}
    if min(*counts.values(), args.warm) < 0:
        raise ValueError("there are no negative jobs or workers")
    each = {
        kind: cost_of(USAGES[KINDS[kind]], prices, months=args.months, arm=args.architecture == "arm64")
        for kind in KINDS
    }
    idle = idle_month(prices, prod=args.stage == "prod", warm_workers=args.warm)
    catalog = catalog_month(prices, sum(counts.values()))
    total = sum(each[kind].times(count).total for kind, count in counts.items()) + sum(idle.values()) + catalog
    found: dict[str, Any] = {
        "region": REGION,
        "prices_as_of": AS_OF,
        "prices": {name: {"usd": usd, **asdict(SOURCES[name])} for name, usd in asdict(prices).items()},
        "measured_as_of": MEASURED,
        "each_usd": {KINDS[kind]: {**asdict(cost), "total": cost.total} for kind, cost in each.items()},
        "jobs_usd": {kind: each[kind].times(count).total for kind, count in counts.items()},
        "idle_usd": idle,
        "catalog_usd": catalog,
        "month_usd": total,
        "peers_usd": {kind: [asdict(peer) for peer in peers] for kind, peers in PEERS.items()},
    }
    if args.within:
        found["simulated"] = _simulated(counts, args)
    if args.json:
        output.print_json(found)
    else:
        _print(found, counts)
    return 0


def _simulated(counts: dict[str, int], args: argparse.Namespace) -> dict[str, Any]:
    from soundstage.cli.costs.capacity import Simulation, Workers, poisson, summary
    from soundstage.cli.costs.measured import LIMITS, STEPS, WORKERS
    from soundstage.cli.costs.model import worker_hours_usd
    from soundstage.cli.costs.prices import Prices

    arrivals = [
        (at, STEPS[KINDS[kind]])
        for number, (kind, count) in enumerate(counts.items())
        for at in poisson(count, args.within, seed=args.seed + number)
    ]
    workers = Workers(**WORKERS[args.stage], warm=args.warm)
    found = summary(Simulation(LIMITS[args.stage], workers).run(arrivals))
    return found | {"workers_usd": worker_hours_usd(found["worker_hours"], Prices())}


def _print(found: dict[str, Any], counts: dict[str, int]) -> None:
    print(f"US dollars, {found['region']}, prices of {found['prices_as_of']}, usage of {found['measured_as_of']}\n")
    pieces = found["each_usd"]
    print(f"{'one':<18}" + "".join(f"{kind:>11}" for kind in pieces))
    for line in next(iter(pieces.values())):
        print(f"{line.replace('_', ' '):<18}" + "".join(f"{cost[line]:11.5f}" for cost in pieces.values()))
    for kind, peers in found["peers_usd"].items():
        for peer in peers:
            print(f"  {kind}, {peer['name']}: {peer['usd']:.2f} a {peer['per']} ({peer['source']})")
    print("\na month")
    for kind, cost in found["jobs_usd"].items():
        if counts[kind]:
            print(f"  {counts[kind]:>7} {kind:<40}{cost:10.2f}")
    for part, cost in {**found["idle_usd"], "Aurora, awake for jobs": found["catalog_usd"]}.items():
        print(f"          {part:<40.40}{cost:10.2f}")
    print(f"          {'all':<40}{found['month_usd']:10.2f}")
    if simulated := found.get("simulated"):
        print("\nsimulated")
        for name, value in simulated.items():
            if name != "stations":
                print(f"  {name.replace('_', ' '):<18}{value}")
        for name, seen in simulated["stations"].items():
            told = ", ".join(f"{word.replace('_', ' ')} {value}" for word, value in seen.items())
            print(f"  {name:<18}{told}")
