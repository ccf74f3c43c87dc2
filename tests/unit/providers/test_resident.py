import gc
import sys
import weakref
from pathlib import Path

import pytest

from soundstage.providers.resident import Resident, memory_bytes, size_bytes


class Model:
    pass


def weights(folder: Path, name: str, size: int) -> str:
    (folder / name).mkdir()
    (folder / name / "model.safetensors").write_bytes(bytes(size))
    return str(folder / name)


def test_models_that_fit_together_are_loaded_once(tmp_path: Path) -> None:
    kept = Resident(lambda: 100)
    painter, mover = weights(tmp_path, "painter", 60), weights(tmp_path, "mover", 40)

    first = kept.get("painter", painter, Model)
    kept.get("mover", mover, Model)

    assert kept.get("painter", painter, lambda: pytest.fail("loaded twice")) is first


def test_the_one_that_was_not_used_for_longest_goes_and_its_memory_comes_back(tmp_path: Path) -> None:
    kept = Resident(lambda: 100)
    sizes = {"painter": 40, "mover": 40, "singer": 50}
    folders = {name: weights(tmp_path, name, size) for name, size in sizes.items()}
    kept.get("painter", folders["painter"], Model)
    gone = weakref.ref(kept.get("mover", folders["mover"], Model))
    kept.get("painter", folders["painter"], Model)

    kept.get("singer", folders["singer"], Model)

    gc.collect()
    assert kept.names == ["painter", "singer"]
    assert gone() is None


@pytest.mark.parametrize("size", [1000, None])
def test_one_that_is_too_large_or_of_unknown_size_has_the_memory_for_itself(tmp_path: Path, size: int | None) -> None:
    kept = Resident(lambda: 100)
    kept.get("painter", weights(tmp_path, "painter", 1), Model)
    kept.get("giant", weights(tmp_path, "giant", size) if size else "someone/giant", Model)
    assert kept.names == ["giant"]


def test_one_that_cannot_be_loaded_is_not_kept(tmp_path: Path) -> None:
    kept = Resident(lambda: 100)
    with pytest.raises(OSError, match="broken"):
        kept.get("painter", weights(tmp_path, "painter", 1), _broken)
    assert kept.names == []


def _broken() -> Model:
    raise OSError("broken")


def test_of_two_precisions_in_one_folder_one_is_loaded(tmp_path: Path) -> None:
    folder = Path(weights(tmp_path, "painter", 90))
    (folder / "model.fp16.safetensors").write_bytes(bytes(40))
    (folder / "model.bin").write_bytes(bytes(90))
    assert size_bytes(str(folder)) == 80  # here is no GPU: a CPU makes single precision of it
    (folder / "model.fp16.safetensors").unlink()
    assert size_bytes(str(folder)) == 90
    assert size_bytes(str(tmp_path / "nothing")) == sys.maxsize
    assert memory_bytes() > 2**28
