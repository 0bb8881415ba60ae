"""Makes the recorded class that ships with the project, by holding it: `.venv/bin/python -m scripts.record_class`.

A real `pushdemo class --record` on this machine alone, eight phones in a real Chromium, and a teacher who commands by
the API, as the console does. The file has what came of it, so each making has other figures; what is done, said and
guessed, and the seed of the metronome, are the same. It takes some five minutes, in which the machine should do nothing
else: what it is late by stands in the figures. Nobody of these names is anybody.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.chromium import run_chromium
from tests.support.in_class import as_teacher_now
from tests.support.server import ROOT, ClassServer

SHIPPED = ROOT / "static" / "recordings" / "class.jsonl"
TITLE = "Server push"
NAMES = ("Ming", "Оля", "Ana", "يوسف", "小雨", "Zoë", "さくら", "지우")
PHONE: ViewportSize = {"width": 360, "height": 640}
CAPTURE_KIB = 32
"""Of each group's port: what crossed in the last seconds."""
WITHIN_MS = 60_000
GREETINGS = ("Hello from the first row", "Привет!", "¿Se lee esto?", "مرحبا", "大家好", "Who has the quickest one?")
GUESSES: dict[str, Sequence[float]] = {
    "waste": (50, 80, 60, 90, 40, 75, 20, 65),
    "gap": (100, 200, 120, 150, 300, 110, 180, 250),
    "cut": (1, 5, 20, 30, 0.5, 10, 60, 2),
}


class Lesson:
    """The class while it is held.

    Args:
        server: with the class on.
        browser: of the phones.
    """

    def __init__(self, server: ClassServer, browser: Browser) -> None:
        self._server = server
        self._browser = browser
        self.phones: list[Page] = []

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Command as the teacher."""
        return as_teacher_now(self._server, method, f"/api/class{path}", json=body)

    def show(self, what: str) -> None:
        """Have the projector show something."""
        self.ask("POST", "/projector", shows=what)

    def say(self, text: str) -> None:
        """Write into the conversation as the teacher."""
        self.ask("POST", "/messages", text=text)

    def join(self, name: str) -> None:
        """Let one more phone in."""
        page = self._browser.new_context(viewport=PHONE, has_touch=True).new_page()
        page.goto(f"{self._server.base}/join")
        page.get_by_test_id("nickname").fill(name)
        page.get_by_test_id("join").click()
        expect(page.get_by_test_id("seat-name")).to_have_text(name, timeout=WITHIN_MS)
        self.phones.append(page)

    def write(self, phone: int, text: str) -> None:
        """Write something on a phone."""
        page = self.phones[phone]
        page.get_by_test_id("compose-text").fill(text)
        page.get_by_test_id("compose-send").click()

    def let_pass(self, seconds: float) -> None:
        """Wait as a teacher does, while the phones go on."""
        self.phones[0].wait_for_timeout(1_000 * seconds)

    def predict(self, name: str) -> None:
        """Ask an experiment's question, and let every phone answer it."""
        self.show("experiment")
        self.ask("POST", "/experiment", name=name, phase="asked")
        for page, guess in zip(self.phones, GUESSES[name], strict=True):
            page.get_by_test_id("prediction").fill(str(guess))
            page.get_by_test_id("predict").click()
            expect(page.get_by_test_id("prediction-note")).to_contain_text("Kept", timeout=WITHIN_MS)
        self.let_pass(2)

    def run(self, name: str, shown: Sequence[tuple[str, float]]) -> None:
        """Run it to its end, with these views for so many seconds each, and talk about what came of it."""
        self.ask("POST", "/experiment", name=name, phase="running")
        for view, seconds in shown:
            self.show(view)
            self.let_pass(seconds)
        self.show("experiment")
        while self.ask("GET", "/teacher")["experiment"]["phase"] == "running":
            self.let_pass(1)
        self.let_pass(10)
        self.ask("DELETE", "/experiment")


def hold(lesson: Lesson) -> None:
    """Hold the class, from the first who comes to the end."""
    for name in NAMES:
        lesson.join(name)
    lesson.show("people")
    lesson.let_pass(3)
    lesson.show("chat")
    lesson.say("Welcome. Five groups, five techniques, one conversation.")
    for phone, text in enumerate(GREETINGS):
        lesson.write(phone, text)
        lesson.let_pass(1)
    measure(lesson)
    lesson.predict("waste")
    lesson.run("waste", [])
    lesson.predict("gap")
    lesson.run("gap", [("delays", 15)])
    lesson.predict("cut")
    lesson.run("cut", [("faults", 45)])
    bring_back(lesson)
    lesson.show("chat")
    lesson.write(4, "谁都没有丢消息！")
    lesson.write(7, "Nothing was lost. How?")
    lesson.say("By the cursor: whoever comes back says what was read last. Thank you, that is all.")
    lesson.let_pass(5)
    lesson.ask("POST", "/end")
    lesson.let_pass(2)


def bring_back(lesson: Lesson) -> None:
    """Tell those who still wait on a dead connection, for nobody told them: their connections are cut."""
    lesson.show("faults")
    lesson.ask("PATCH", "", rate=2)
    lesson.ask("POST", "/groups/all/faults", fault="cut")
    lesson.let_pass(8)
    lesson.ask("PATCH", "", rate=0)


def measure(lesson: Lesson) -> None:
    """Let the metronome beat, look at delays and bytes, and cut every connection once."""
    lesson.say("Now two messages a second: who has them first?")
    lesson.ask("PATCH", "", rate=2)
    lesson.show("delays")
    lesson.let_pass(12)
    lesson.ask("PATCH", "/groups/all", network={"delay_ms": 150})
    lesson.ask("POST", "/zero")
    lesson.let_pass(12)
    lesson.show("bytes")
    lesson.let_pass(6)
    lesson.ask("PATCH", "/groups/all", network={"delay_ms": 0})
    lesson.show("faults")
    lesson.ask("POST", "/groups/all/faults", fault="cut")
    lesson.let_pass(6)
    lesson.ask("PATCH", "", rate=0)


@click.command()
@click.option("--port", default=8000, show_default=True, help="where the class is while it is recorded")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default=SHIPPED)
def main(port: int, path: Path) -> None:
    """Hold a class and write it down into PATH, in place of the one that is there."""
    path.parent.mkdir(exist_ok=True)
    being_made = path.with_suffix(".new")
    being_made.unlink(missing_ok=True)
    flags = ("--port", str(port), "--title", TITLE, "--record", str(being_made), "--lab-capture-kib", str(CAPTURE_KIB))
    with run_chromium() as browser, ClassServer("memory", *flags) as server:
        hold(Lesson(server, browser))
    being_made.replace(path)
    click.echo(f"{path}: {path.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
