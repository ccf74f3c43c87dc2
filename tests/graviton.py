"""``make graviton``: the layers for both architectures, and the stages with functions on Graviton, checked as in tests.

Prints sizes in MiB. Fails where a layer is too large, needs a newer C library than Lambda has or holds a library of the
other architecture, or where cdk-nag or cfn-lint find something.
"""

import json
import subprocess
import sys
from pathlib import Path

from infra import layer
from infra.local.synthesis import Assembly
from infra.on_aws import Architecture
from tests.fixtures.assemblies import IN_PLACE, properties

ELF_MACHINES: dict[Architecture, int] = {"x86_64": 62, "arm64": 183}
"""EM_X86_64 and EM_AARCH64 of the ELF header's ``e_machine``."""


def layer_faults(folder: Path, architecture: Architecture) -> list[str]:
    size = layer.size_bytes(folder)
    faults = [f"{size} bytes are too many"] if size > layer.SIZE_LIMIT_BYTES else []
    for library in layer.elf_files(folder):
        if int.from_bytes(library.read_bytes()[18:20], "little") != ELF_MACHINES[architecture]:
            faults.append(f"{library.name} is of another architecture")
        if layer.glibc_needed(library) > layer.GLIBC_LIMIT:
            faults.append(f"{library.name} needs a newer C library")
    return faults


def stage_faults(stage: str) -> list[str]:
    folder = Assembly(f"{stage}-arm64", {"stage": stage, "architecture": "arm64", **IN_PLACE}).make()
    report = json.loads((folder / "validation-report.json").read_text())
    faults = [violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]]
    ours = [f for f in properties(folder, "AWS::Lambda::Function") if f.get("Runtime") == "python3.13"]
    wanted = [f for f in ours if "SOUNDSTAGE_SERVICE" in json.dumps(f)]
    faults += [f["Handler"] for f in wanted if f["Architectures"] != ["arm64"]]
    faults += ["no functions"] if not wanted else []
    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005"]
    lint += ["--regions", "us-east-1", "eu-central-1", "--template", *map(str, folder.glob("*.template.json"))]
    found = subprocess.run(lint, capture_output=True, text=True, check=False)  # noqa: S603
    return faults + ([found.stdout] if found.returncode else [])


def main() -> None:
    faults: list[str] = []
    for wanted in layer.layers():
        for architecture in layer.MACHINES:
            folder = layer.build(wanted, architecture)
            print(f"layer {wanted.name:7} {architecture:7} {layer.size_bytes(folder) / 2**20:6.1f} MiB")  # noqa: T201
            faults += layer_faults(folder, architecture)
    for stage in ("dev", "prod"):
        faults += stage_faults(stage)
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
