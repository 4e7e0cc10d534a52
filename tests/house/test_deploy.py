"""What lies in `deploy/` is what an operator copies: it is read by the programs that will read it there, as far as this
machine has them, and it names only commands and settings that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.cli.test_ports import free_port
from tests.conftest import SECRET
from tracker import cli
from tracker.settings import NAMES, Settings

HOUSE = Path(__file__).resolve().parents[2]
DEPLOY = HOUSE / "deploy"
HOST = {None: "127.0.0.1", "[::]:": "[::1]"}
UNITS = ("tracker.service", "tracker-worker.service")


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(read("compose.yaml"))["services"]
    return found


def needs(program: str) -> Any:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@needs("systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_a_unit(name: str, tmp_path: Path) -> None:
    unit = tmp_path / name
    unit.write_text(read(name).replace("/opt/tracker/bin/tracker", "/bin/true"), "utf-8")
    assert run("systemd-analyze", "verify", "--man=no", str(unit)) == ""


@needs("nginx")
def test_nginx_understands_its_file(tmp_path: Path) -> None:
    key, cert, file = (tmp_path / name for name in ("key", "cert", "nginx.conf"))
    assert not run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=tracker.example", "-keyout", str(key), "-out", str(cert)),
    )
    folder = "/etc/letsencrypt/live/tracker.example"
    told = read("nginx.conf").replace(f"{folder}/fullchain.pem", str(cert))
    told = told.replace(f"{folder}/privkey.pem", str(key)).replace(
        "pid /run/nginx.pid;", f"pid {tmp_path}/pid;"
    )
    # It also tries to listen: at ports that are free, on this machine.
    told = re.sub(r"listen (\[::\]:)?(80|443)\b", lambda one: f"listen {HOST[one[1]]}:{free_port()}", told)
    file.write_text(told, "utf-8")
    assert run("nginx", "-t", "-q", "-c", str(file)) == ""


def test_the_services_of_compose_hold_together() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    assert set(services()) == {"database", "redis", "server", "worker", "proxy"}
    assert [name for name, one in services().items() if "ports" in one] == ["proxy"]
    for name in ("server", "worker"):
        one = services()[name]
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert (
            DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]
        ).resolve() == DEPLOY / "Dockerfile"
        assert set(one["environment"]) <= NAMES
    for one in services().values():
        kept = {
            volume.partition(":")[0] for volume in one.get("volumes", []) if not volume.startswith(("/", "."))
        }
        assert kept <= set(compose["volumes"])
        assert set(one["networks"]) <= set(compose["networks"])
        assert set(one.get("depends_on", ())) <= set(services())


def test_the_database_of_compose_has_room_for_two_servers_and_two_workers() -> None:
    options = services()["database"]["command"]
    [room] = [int(one.partition("=")[2]) for one in options if one.startswith("max_connections=")]
    serve = cli.cli.get_command(click.Context(cli.cli), "serve")
    assert serve is not None
    [workers] = [one.default for one in serve.params if one.name == "workers"]
    least = {"TRACKER_DATABASE_URL": "sqlite:///x.db", "TRACKER_SECRET_KEY": SECRET}
    each = Settings.from_environment(least).connections
    assert isinstance(workers, int)
    assert 2 * workers * each + 2 * 20 <= room  # the guide: a worker opens up to twenty


def test_what_an_image_copies_is_there_and_it_is_not_root() -> None:
    lines = read("Dockerfile").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert [name for names in copied for name in names if not (HOUSE / name).exists()] == []
    assert "USER tracker" in lines
    assert all("--require-hashes" in line for line in lines if " -r requirements" in line)
    # What is mounted is made for that user beforehand: a volume takes its owner from there.
    [volumes] = [json.loads(line.removeprefix("VOLUME ")) for line in lines if line.startswith("VOLUME ")]
    assert f"install -d -o tracker -g tracker -m 700 {' '.join(volumes)}" in read("Dockerfile")
    mounted = [volume.split(":") for volume in services()["worker"]["volumes"]]
    assert {target for _name, target in mounted} == set(volumes)


@pytest.mark.parametrize("name", ["server", "worker"])
def test_what_a_service_sets_is_in_a_volume_of_it(name: str) -> None:
    image = dict(re.findall(r"(TRACKER_\w+)=(\S+)", read("Dockerfile")))
    folders = [Path(volume.split(":")[1]) for volume in services()[name]["volumes"]]
    assert set(image) <= {*NAMES, "TRACKER_SETTINGS"}
    told = {**image, **services()[name]["environment"]}
    for path in (Path(value) for value in told.values() if value.startswith("/")):
        assert any(path.is_relative_to(folder) for folder in folders), path


def test_the_guide_makes_the_file_of_the_proxy_from_that_of_nginx(tmp_path: Path) -> None:
    guide = (HOUSE / "docs/operating.md").read_text("utf-8").partition("### In containers")[2]
    [making] = re.findall(r"^sed (?:.+\\\n)*.+> proxy\.conf$", guide, re.M)
    shutil.copy(DEPLOY / "nginx.conf", tmp_path)
    subprocess.run(("sh", "-ec", making), cwd=tmp_path, check=True, timeout=60)
    made = (tmp_path / "proxy.conf").read_text("utf-8")
    assert re.findall(r"^user (.+);$", made, re.M) == ["nginx"]
    [upstream] = re.findall(r"upstream tracker \{\n(.+?)\}", made, re.S)
    assert "zone tracker 64k; resolver 127.0.0.11 valid=5s; server server:8000 resolve;" in upstream
    assert made.count("YOUR.NAME") == read("nginx.conf").count("tracker.example")


def commands() -> list[str]:
    """Each call of `tracker` in these files."""
    units = [re.search(r"^ExecStart=/opt/tracker/bin/tracker (\w+)(.*)$", read(name), re.M) for name in UNITS]
    calls = [services()[name]["command"] for name in ("server", "worker")]
    return [*(" ".join(one.groups()) for one in units if one), *(" ".join(call) for call in calls)]


@pytest.mark.parametrize("call", commands())
def test_a_command_that_is_started_takes_its_options(call: str) -> None:
    # Below the context of the program: click keeps for good the help option that the first context of a command gives.
    program = cli.cli.make_context("tracker", call.split())
    name, command, options = cli.cli.resolve_command(program, call.split())
    assert command is not None
    command.make_context(name, options, parent=program)
