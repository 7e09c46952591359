"""Files that no code reads: forms, citation, hooks and the container's recipe are well formed and agree with the rest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from qantar.cli import app
from tests.conftest import ROOT

FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*-*.yml"))
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")


def read_yaml(path: str | Path) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_each_form_asks_for_what_is_needed(form: Path) -> None:
    asked = read_yaml(form)
    assert {"name", "description", "body"} <= set(asked)
    ids = [field["id"] for field in asked["body"]]
    assert len(ids) == len(set(ids))
    assert any(field.get("validations", {}).get("required") for field in asked["body"])


def test_the_citation_has_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = read_yaml("CITATION.cff")
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


def test_hooks_are_local_and_fetch_nothing() -> None:
    assert {repository["repo"] for repository in read_yaml(".pre-commit-config.yaml")["repos"]} == {"local"}


def test_the_image_copies_what_is_there_and_runs_without_rights() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists(), source
    users = re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE)
    assert users and users[-1] not in ("root", "0")
    assert "HEALTHCHECK" in CONTAINERFILE


def test_services_are_commands_of_qantar_on_a_read_only_file_system() -> None:
    from typer.main import get_command

    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, service in read_yaml("compose.yaml")["services"].items():
        word, *rest = service["command"]
        assert word in commands, name
        known = {option for parameter in commands[word].params for option in parameter.opts}
        assert {str(option) for option in rest if str(option).startswith("--")} <= known, name
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
