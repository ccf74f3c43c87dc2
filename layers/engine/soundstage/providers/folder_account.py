"""What was bought, and what it may cost, in a project's folder: for one person on one machine."""

import json
import threading
from pathlib import Path
from typing import Any

from soundstage.media.files import copy_file, write_text
from soundstage.models.errors import NotFound
from soundstage.providers.account import Account
from soundstage.providers.errors import BudgetExceeded
from soundstage.providers.submission_record import ObjectSubmissions

SPENT = "spent.json"
_LOCK = threading.Lock()


def folder_account(folder: Path, *, asked_by: str, max_usd: float) -> Account:
    """``max_usd``: of all that this folder has bought and will."""
    return Account(
        lambda name: ObjectSubmissions(_FolderObjects(folder), name), _FolderBudget(folder, max_usd), asked_by, max_usd
    )


class _FolderObjects:
    """``submission_record.Objects`` as files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def read_json(self, key: str) -> Any:
        try:
            return json.loads((self._folder / key).read_bytes())
        except FileNotFoundError as missing:
            raise NotFound(f"{key}: there is no such record.") from missing

    def write_json(self, key: str, value: Any) -> str:
        write_text(self._folder / key, json.dumps(value))
        return key

    def create_json(self, key: str, value: Any) -> bool:
        try:
            with (self._folder / key).open("x", encoding="utf-8") as file:
                json.dump(value, file)
        except FileExistsError:
            return False
        return True

    def download(self, key: str, path: Path) -> Path:
        copy_file(self._folder / key, path)
        return path

    def upload(self, path: Path, key: str, *, content_type: str) -> str:
        del content_type
        copy_file(path, self._folder / key)
        return key


class _FolderBudget:
    """``paid_submission.Budget``: costs by name. One command works in a folder at a time; its threads are told apart
    by what they buy."""

    def __init__(self, folder: Path, max_usd: float) -> None:
        self._path, self._max_usd = folder / SPENT, max_usd

    def reserve(self, name: str, usd: float) -> None:
        with _LOCK:
            costs = self._costs()
            spent = sum(costs.values())
            if name in costs or usd == 0:
                return
            if spent + usd > self._max_usd + 1e-9:
                raise BudgetExceeded(
                    f"It would have cost about ${usd:.2f}, and of the ${self._max_usd:.2f} that this project may "
                    f"spend on providers ${spent:.2f} are spent."
                )
            write_text(self._path, json.dumps(costs | {name: usd}))

    def release(self, name: str) -> None:
        with _LOCK:
            costs = self._costs()
            if costs.pop(name, None) is not None:
                write_text(self._path, json.dumps(costs))

    def _costs(self) -> dict[str, float]:
        try:
            found: dict[str, float] = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        return found
