"""Make one archive from which pushdemo installs and runs without internet: `make bundle`.

In it are a wheel of pushdemo, with its pages and what these take from npm, a wheel of everything it needs, the
benchmark, which the class's simulated phones and `python -m benchmarks` run from, the documents, and `start.py`, which
installs all that beside itself and starts the class. Wheels are made for one kind of machine: the archive is for the
system, the processor and the version of Python that it was made with, and its name says so.

    python scripts/bundle/make.py            # as `make bundle` does, in an environment with pip
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
BESIDE = ("benchmarks", "docs", "README.md", "CHANGELOG.md", "LICENSE")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")


def machine() -> str:
    """Return what the wheels are for, such as `python3.11-linux-x86_64`."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"{version}-{sysconfig.get_platform().replace('.', '_')}"


def collect_wheels(folder: Path) -> None:
    """Build or fetch the wheels of pushdemo with its benchmark, of all they need, and of pip itself.

    Raises:
        subprocess.CalledProcessError: pip could not; it has said why.
    """
    constraints = ["-c", "constraints.txt", "--build-constraint", "constraints.txt"]
    wheel = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", *constraints, "-w", str(folder)]
    subprocess.run([*wheel, ".[bench]", "pip"], cwd=ROOT, check=True)


def make(folder: Path) -> Path:
    """Make the archive in `folder` and return its path."""
    from pushdemo import __version__

    name = f"pushdemo-{__version__}-{machine()}"
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place) / name
        tree.mkdir()
        collect_wheels(tree / "wheels")
        for each in BESIDE:
            source = ROOT / each
            if source.is_dir():
                shutil.copytree(source, tree / each, ignore=LEFT_OUT)
            else:
                shutil.copy2(source, tree / each)
        shutil.copy2(Path(__file__).parent / "start.py", tree / "start.py")
        (tree / "MADE-FOR").write_text(f"{machine()}\n")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.make_archive(str(folder / name), "zip", place, name))


if __name__ == "__main__":
    archive = make(ROOT / "dist")
    size_mb = archive.stat().st_size / 1e6
    sys.stdout.write(f"{archive.relative_to(ROOT)}: {size_mb:.1f} MB. Unpack it, then: python3 start.py\n")
