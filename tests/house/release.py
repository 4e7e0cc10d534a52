"""A release: `python -m tests.house.release dist` writes the wheel, the source archive, the verifier, what they consist
of, and the checksums of all of them. Each is made twice, once from a checkout and once from the source archive, and the
two must be the same bytes. The wheel is tried out as the image installs it: by the steps of `deploy/Dockerfile`, in an
empty folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from tracker import __version__

HOUSE: Final = Path(__file__).resolve().parents[2]
SUMS: Final = "SHA256SUMS"
VERIFIER: Final = "tracker-verify.pyz"
#: When files of a release were made, where no commit says so: as hatchling has it.
_LONG_AGO: Final = "1580601600"
#: Where an image puts things.
_OF_IMAGE: Final = {"/opt/tracker": "installed", "/build": "build"}


def run(*command: str | Path, folder: Path = HOUSE, **environment: str) -> str:
    """What a command prints. CalledProcessError where it fails."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=known | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def read_time() -> str:
    """When the last commit was made, in seconds: files of a release bear this time."""
    asked = ("git", "-c", "safe.directory=*", "log", "-1", "--format=%ct")
    done = subprocess.run(asked, cwd=HOUSE, capture_output=True, text=True, check=False)
    return done.stdout.strip() or _LONG_AGO


def build_packages(source: Path, target: Path) -> list[Path]:
    """Build the wheel and the source archive of this folder into another: both, in this order."""
    epoch = {"SOURCE_DATE_EPOCH": read_time()}
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "sdist",
        "-t",
        "wheel",
        "-d",
        target,
        folder=source,
        **epoch,
    )
    return sorted(path for path in target.iterdir() if path.suffix in {".gz", ".whl"})


def unpack_source(archive: Path, folder: Path) -> Path:
    """The folder that a source archive holds."""
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    [unpacked] = folder.iterdir()
    return unpacked


def compare_builds(first: list[Path], second: list[Path]) -> None:
    """SystemExit names what differs."""
    if [path.name for path in first] != [path.name for path in second]:
        sys.exit(f"two builds made different files: {first} and {second}")
    differing = [
        one.name for one, other in zip(first, second, strict=True) if one.read_bytes() != other.read_bytes()
    ]
    if differing:
        sys.exit(f"built twice, these differ: {', '.join(differing)}")


def list_image_steps(folder: Path) -> str:
    """What `deploy/Dockerfile` does to build the image, as a script that does it below a folder."""
    text = (HOUSE / "deploy/Dockerfile").read_text("utf-8").replace("\\\n", "")
    [stage] = re.findall(r"^FROM \S+ AS build\n(.*?)^FROM ", text, re.MULTILINE | re.DOTALL)
    steps = ["set -euo pipefail"]
    for line in (line for line in stage.splitlines() if line and not line.startswith("#")):
        name, rest = line.split(maxsplit=1)
        if name == "WORKDIR":
            steps.append(f"mkdir -p {rest} && cd {rest}")
        elif name == "COPY":
            *sources, target = rest.split()
            steps.append(f"cp -r {' '.join(f'{HOUSE}/{source}' for source in sources)} {target}")
        elif name == "RUN":
            steps.append(rest.strip())
        else:
            sys.exit(f"deploy/Dockerfile: {name} is no step that can be done outside of an image")
    script = "\n".join(steps)
    for path, name in _OF_IMAGE.items():
        script = re.sub(rf"(?<![\w./]){path}\b", f"{folder}/{name}", script)
    return script


def try_image_steps(folder: Path, wheel: Path) -> Path:
    """Do what builds the image, and what a person does first with it. Returns its Python."""
    run("bash", "-c", list_image_steps(folder))
    [built] = (folder / "build/wheel").glob("*.whl")
    if built.name != wheel.name:
        sys.exit(f"the image installs {built.name}, and the release has {wheel.name}")
    tracker = folder / "installed/bin/tracker"
    python = folder / "installed/bin/python"
    pip = folder / "build/tools/bin/pip"  # an image has none
    options = ("--quiet", "--no-deps", "--no-index", "--force-reinstall")
    run(pip, "--python", python, "install", *options, wheel, folder=folder)
    print(run(tracker, "--version", folder=folder))
    run(tracker, "init", folder / "tracker", folder=folder)
    run(tracker, "--settings", folder / "tracker/settings", "check", folder=folder)
    return python


def list_components(python: Path, target: Path, *, validate: bool = True) -> None:
    """Write what an installation consists of, as CycloneDX. To hold it against the schema takes most of the time."""
    maker = Path(sys.executable).with_name("cyclonedx-py")
    project = target.with_name("pyproject.toml")  # with the version, which is written in the package
    text = (
        (HOUSE / "pyproject.toml")
        .read_text("utf-8")
        .replace('dynamic = ["version"]', f'version = "{__version__}"')
    )
    project.write_text(text, "utf-8")
    options = (
        "--output-reproducible",
        "--of",
        "JSON",
        "--validate" if validate else "--no-validate",
        "--pyproject",
        project,
        "-o",
        target,
    )
    run(maker, "environment", *options, python, SOURCE_DATE_EPOCH=read_time())
    project.unlink()


def write_sums(folder: Path) -> None:
    """The checksums of all files of a folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def main() -> int:
    target = Path(sys.argv[1]).resolve()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    made = build_packages(HOUSE, target)
    wheel, source = made
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unpacked = unpack_source(source, folder / "source")
        (folder / "again").mkdir()
        compare_builds(made, build_packages(unpacked, folder / "again"))
        run(sys.executable, "-m", "tracker.tlog.pack", target / VERIFIER)
        python = try_image_steps(folder / "image", wheel)
        list_components(python, target / f"{source.name.removesuffix('.tar.gz')}.cdx.json")
    write_sums(target)
    print((target / SUMS).read_text("utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
