"""Start pushdemo from this folder, without internet: `python3 start.py`, or on Windows `py start.py`.

The first time it installs what lies in `wheels` into `installed`, beside this file; nothing else on the machine is
changed. Without words after it, it starts a class; with some, they are pushdemo's own:

    python3 start.py
    python3 start.py class --simulate 300
    python3 start.py serve --port 8080
    python3 start.py benchmarks run
"""

import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE / "installed"
DONE = PLACE / "done"


def machine() -> str:
    """Return what this Python needs, in the words in which `make.py` says what the wheels are for."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"{version}-{sysconfig.get_platform().replace('.', '_')}"


def python() -> Path:
    """Return the Python in which pushdemo is installed."""
    return PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_installed() -> bool:
    """Return whether it is, for this folder: one that was moved needs it again."""
    return DONE.is_file() and DONE.read_text() == str(HERE) and python().is_file()


def install() -> None:
    """Install from the wheels, by the pip that is one of them: this Python may have none.

    Raises:
        SystemExit: the wheels are for another machine, or pip failed, which has said why.
    """
    made_for = (HERE / "MADE-FOR").read_text().strip()
    if made_for != machine():
        sys.exit(f"This archive is for {made_for}; this is {machine()}. Start it with that Python, or make one here.")
    sys.stdout.write("Installing pushdemo into the folder `installed`, once; this takes about a minute.\n")
    sys.stdout.flush()
    shutil.rmtree(PLACE, ignore_errors=True)
    venv.create(PLACE, with_pip=False)
    wheels = HERE / "wheels"
    (pip,) = wheels.glob("pip-*.whl")
    offline = ["--no-index", "--find-links", str(wheels), "-q", "--disable-pip-version-check"]
    command = [str(python()), str(pip / "pip"), "install", *offline, "pushdemo[bench]"]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit("It could not be installed; the lines above say why.")
    DONE.write_text(str(HERE))


def command(words: list[str]) -> list[str]:
    """Return what to run for the words that were given."""
    if words[:1] == ["benchmarks"]:
        return [str(python()), "-m", *words]
    return [str(python()), "-m", "pushdemo", *(words or ["class"])]


def run(words: list[str]) -> int:
    """Run it until it ends, and return how; Ctrl-C is for it, and this waits until it has put away its things."""
    process = subprocess.Popen(command(words), cwd=HERE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return process.wait()


if __name__ == "__main__":
    if not is_installed():
        install()
    sys.exit(run(sys.argv[1:]))
