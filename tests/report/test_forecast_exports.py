"""Tables and files: whole or absent."""

import errno
import json
import os
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from forecast_cases import cut_short

from loyalty_dsl.report import files
from loyalty_dsl.report.exports import TABLES, write_tables
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.provenance import provenance_of


def write(folder):
    return write_tables(cut_short(), provenance_of(cut_short()), folder)


def test_the_manifest_names_every_table_and_its_hash(tmp_path):
    written = write(tmp_path / "new" / "folder")
    assert [path.name for path in written] == [*(f"{name}.parquet" for name in TABLES), "manifest.json"]
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(
        p.name for p in written
    )
    manifest = json.loads(written[-1].read_text())
    assert next(iter(manifest)) == "format"
    for path, entry in zip(written, manifest["tables"].values(), strict=False):
        assert sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert pl.read_parquet(path).height == entry["rows"]
    assert pl.read_parquet(written[0]).equals(cut_short().monthly)
    assert manifest["seed"] == 1
    assert manifest["inputs"] == dict(provenance_of(cut_short()).inputs)


def test_the_same_forecast_writes_the_same_bytes(tmp_path):
    first, second = write(tmp_path / "a"), write(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    failure = write(tmp_path / "taken")
    assert isinstance(failure, WriteFailure)
    assert failure.message == f"cannot write `{tmp_path / 'taken'}`: file exists"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write_is_told(tmp_path):
    tmp_path.chmod(0o500)
    failure = write(tmp_path)
    tmp_path.chmod(0o700)
    assert isinstance(failure, WriteFailure)
    assert "permission denied" in failure.message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("good", range(5))
def test_a_full_disk_leaves_no_part_of_anything(tmp_path, monkeypatch, good):
    """The disk fills at the table after `good` of them, the manifest being the fifth file."""
    left = [good]

    def full(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    monkeypatch.setattr(files, "_flush_folder", lambda folder: None)
    failure = write(tmp_path)
    assert isinstance(failure, WriteFailure)
    assert failure.reason == "no space left on device"
    names = {path.name for path in tmp_path.iterdir()}
    assert "manifest.json" not in names
    assert not {name for name in names if name.endswith(".tmp")}
    assert names in (set(), {f"{name}.parquet" for name in TABLES})


def test_a_table_that_cannot_take_its_name_leaves_no_manifest(tmp_path):
    write(tmp_path)
    (tmp_path / "segments.parquet").unlink()
    (tmp_path / "segments.parquet").mkdir()
    (tmp_path / "segments.parquet" / "in the way").write_text("")
    failure = write(tmp_path)
    assert isinstance(failure, WriteFailure)
    assert not (tmp_path / "manifest.json").exists()
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_failed_write_keeps_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    assert write_whole(path, b"old") is None

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    assert isinstance(write_whole(path, b"new"), WriteFailure)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_what_is_no_file_is_written_to_and_never_replaced(tmp_path):
    """A pipe stands for terminals and devices, which a test must not risk."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert write_whole(pipe, b"page") is None
        assert reader.communicate(timeout=10)[0] == b"page"
    assert pipe.is_fifo()


def test_a_folder_is_no_place_for_a_file(tmp_path):
    failure = write_whole(tmp_path, b"page")
    assert isinstance(failure, WriteFailure)
    assert failure.reason == "is a directory"


def test_a_link_is_followed(tmp_path):
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    assert write_whole(tmp_path / "link", b"new") is None
    assert (tmp_path / "target").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_a_written_file_is_readable_as_others_are(tmp_path):
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "whole", b"")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from forecast_cases import cut_short
from loyalty_dsl.report.exports import write_tables
from loyalty_dsl.report.provenance import provenance_of
made, provenance = cut_short(), provenance_of(cut_short())
print("ready", flush=True)
for i in range(10_000):
    write_tables(made, provenance, Path(sys.argv[2]) / str(i % 3))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_killed_run_leaves_whole_tables_or_none(tmp_path, seed):
    """The folders are written again and again, so that a kill also strikes while old files are replaced."""
    here = str(Path(__file__).parent)
    with subprocess.Popen([sys.executable, "-c", WRITER, here, str(tmp_path)], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stdout.readline() == b"ready\n"
        time.sleep(random.Random(seed).uniform(0.01, 0.4))
        run.kill()
    for folder in tmp_path.iterdir():
        for table in folder.glob("[!.]*.parquet"):
            assert pl.read_parquet(table).width > 0  # a torn file cannot be read at all
        manifest = folder / "manifest.json"
        if manifest.exists():
            for entry in json.loads(manifest.read_text())["tables"].values():
                assert sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
