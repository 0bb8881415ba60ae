"""All servers in turn, by all techniques, again and again: what `python -m benchmarks fanout` does."""

import traceback

from benchmarks.fanout.cores import choose
from benchmarks.fanout.measuring import NotMeasured, measure_server
from benchmarks.fanout.plan import FanoutPlan, Step
from benchmarks.fanout.versions import versions
from benchmarks.load.crowd import CouldNotOpen
from benchmarks.peers.peer import PEERS
from benchmarks.peers.process import PeerError
from benchmarks.session import Session

NOT_CONFINED = (
    "Server and generator were not confined to cores of their own, for there are not two, or this system cannot do it: "
    "each took from what the other could use."
)


async def measure_all(session: Session, plan: FanoutPlan) -> None:
    """Measure what the plan says, and collect it in the session's results."""
    results = session.results
    results.sweep = {"under_way": [float(number) for number in plan.under_way]}
    cores = choose()
    if cores.server is None:
        results.notes.append(NOT_CONFINED)
    else:
        results.metadata["confined_to"] = {"server": f"core {cores.server}", "generator": f"core {cores.generator}"}
    missing = {name: sentence for name in plan.peers if (sentence := PEERS[name].missing()) is not None}
    told = [f"{name} was not measured: {sentence}." for name, sentence in missing.items()]
    (results.failures if plan.are_named else results.notes).extend(told)
    results.metadata["software"] |= versions(set(plan.peers) - set(missing))
    steps = [step for step in plan.steps() if step.peer not in missing]
    session.progress.begin("Measuring", len(steps))
    try:
        for step in steps:
            if session.interrupted.is_set():
                break
            tell = session.progress.run(in_words(step))
            try:
                await measure_server(step, plan, cores, session.interrupted, tell, results.fanout.append)
            except (NotMeasured, CouldNotOpen, PeerError, OSError) as error:
                results.failures.append(f"{in_words(step)}: {str(error) or 'it takes too long'}.")
            except Exception as error:  # noqa: BLE001 - a mistake of ours; what is measured already is kept
                traceback.print_exc()
                results.failures.append(f"{in_words(step)}: {type(error).__name__}: {error}")
    finally:
        session.progress.end()
    results.interrupted = session.interrupted.is_set()


def in_words(step: Step) -> str:
    """Return what a step is called."""
    return f"{step.peer}, {step.technique}{f', again ({step.repeat})' if step.repeat else ''}"
