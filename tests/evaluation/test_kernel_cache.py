"""Compiled code is only kept where nobody else can write: it is a pickle, and reading one runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty_dsl.evaluation import kernel_cache

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes and owners of POSIX")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of our own, and no memory of the real one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kernel_cache.private_folder.cache_clear()
    yield tmp_path
    kernel_cache.private_folder.cache_clear()


def test_the_folder_is_made_for_us_alone(home: Path) -> None:
    folder = kernel_cache.private_folder()
    assert folder is not None
    assert folder.is_relative_to(home)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o701])
def test_a_folder_that_others_can_reach_is_not_used(home: Path, mode: int) -> None:
    (home / "loyalty-dsl").mkdir()
    (home / "loyalty-dsl").chmod(mode)
    assert kernel_cache.private_folder() is None


def test_a_link_is_not_followed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    elsewhere.chmod(0o700)
    (home / "loyalty-dsl").symlink_to(elsewhere)
    assert kernel_cache.private_folder() is None


def test_code_of_older_versions_goes_when_a_new_one_comes(home: Path) -> None:
    (home / "loyalty-dsl").mkdir(mode=0o700)
    for age in range(8):
        older = home / "loyalty-dsl" / f"kernel-{age}"
        older.mkdir(mode=0o700)
        (older / "code.nbc").write_bytes(b"code")
        os.utime(older, (10**9 - age, 10**9 - age))
    (home / "loyalty-dsl" / "notes").mkdir()
    folder = kernel_cache.private_folder()
    assert folder is not None
    left = {path.name for path in (home / "loyalty-dsl").iterdir()}
    assert left == {folder.name, "notes", *(f"kernel-{age}" for age in range(kernel_cache.KEPT - 1))}


def test_a_file_in_the_way_is_no_folder(home: Path) -> None:
    (home / "loyalty-dsl").write_text("")
    assert kernel_cache.private_folder() is None


def test_a_folder_of_somebody_else_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "loyalty-dsl").mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert kernel_cache.private_folder() is None


def test_a_relative_cache_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    kernel_cache.private_folder.cache_clear()
    assert kernel_cache.private_folder() is None


def test_code_is_only_said_to_be_kept_when_it_is(home: Path) -> None:
    assert not kernel_cache.is_cached()
    folder = kernel_cache.private_folder()
    assert folder is not None
    (folder / "replay_compiled.run_members-1234.py311.nbi").touch()
    assert kernel_cache.is_cached()
    assert kernel_cache.is_cached("run_members")
    assert not kernel_cache.is_cached("live_members")


def run_entry(home: Path) -> str:
    """Calls a compiled function in a new process; says whether the code came from the cache."""
    code = (
        "import kernel_entry_for_test as k\n"
        "stats = k.double.stats\n"
        "print(k.double(21), sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))"
    )
    (home / "kernel_entry_for_test.py").write_text(
        "from loyalty_dsl.evaluation.kernel_cache import entry\n\n@entry\ndef double(x):\n    return 2 * x\n"
    )
    path = os.pathsep.join([str(home), str(Path(__file__).parents[2])])
    environment = {**os.environ, "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_second_process_does_not_compile_again(tmp_path: Path) -> None:
    assert run_entry(tmp_path) == "42 0 1"
    assert run_entry(tmp_path) == "42 1 0"


def test_damaged_code_is_compiled_again(tmp_path: Path) -> None:
    run_entry(tmp_path)
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.suffix in {".nbc", ".nbi"}]
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(path.read_bytes()[:40])
    assert run_entry(tmp_path) == "42 0 1"
