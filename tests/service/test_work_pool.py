"""prefect.yaml: the build as a deployment of a server of one's own, run by a worker of a work pool of processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import RAW, ROOT


def test_a_worker_of_a_pool_of_processes_makes_the_build(prefect_api: str, prefect_home: Path, tmp_path: Path) -> None:
    (tmp_path / "flows").symlink_to(ROOT / "flows")
    (tmp_path / "raw").mkdir()
    shutil.copyfile(RAW / "000_d1c0b45d70eecad1.txt", tmp_path / "raw" / "a.txt")
    declared = (ROOT / "prefect.yaml").read_text("utf-8")
    (tmp_path / "prefect.yaml").write_text(declared.replace("        wait: true\n", "        wait: true\n        annotate: false\n"))
    environment = {**os.environ, "PREFECT_API_URL": prefect_api, "PREFECT_HOME": str(prefect_home), "PWD": str(tmp_path)}

    def prefect(*words: str) -> str:
        command = [str(Path(sys.executable).with_name("prefect")), "--no-prompt", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    prefect("work-pool", "create", "--type", "process", "qantar")
    try:
        prefect("deploy", "--all")
        prefect("deployment", "run", "qantar/pool")
        prefect("worker", "start", "--pool", "qantar", "--run-once")
        assert (tmp_path / "processed" / "latest").is_dir()
    finally:
        prefect("deployment", "delete", "qantar/pool")
        prefect("work-pool", "delete", "qantar")
