"""How a fan-out was measured, in plain words."""

from benchmarks.report.blocks import Facts, Paragraph, Section

CLOSED_LOOP = (
    "So many broadcasts are under way at a time: when one of them has reached every reader, the next message is "
    "published. A server is kept busy and never swamped, and sets the pace."
)
CPU = (
    "CPU time of all processes of the server by deliveries; one delivery is one message to one reader. All that the "
    "server does meanwhile is in it, publishing and asking again included."
)
LESS_OR_MORE = (
    "A server is said to need less or more than another where it did in every repeat, and by a tenth in the middle; "
    "else it needs about as much. Of a single repeat that is no verdict yet. How many readers there are matters, too: "
    "they share what publishing the message costs, so with a hundred the ratios are others than with a thousand."
)
FRESH_SERVERS = (
    "Each server is started anew for each technique and repeat, and is alone on its core; the generator is on another, "
    "where there are two. All servers are measured before another technique, all techniques before a repeat, so that a "
    "machine whose speed drifts favours nobody."
)
LATENCY = (
    "From the moment a message's POST is written to its arrival at a reader, of every delivery, by one clock; "
    "percentiles by nearest rank. The time in which the generator reads all other sockets is in it."
)
MEMORY = (
    "By how much that of the server grew when the readers came, by readers, before anything was published. With few "
    "readers what it had free before blurs it. What the kernel keeps for a connection is not in it."
)
CHECKED = (
    "Every reader gets every message, in one order, before, while and after it is measured; what is lost, comes twice "
    "or elsewhere than the first reader got it is counted."
)
RAW_DATA = (
    "Beside this file lie results.json with every figure, the settings and the machine, and results.csv with the "
    "figures as a table. Single deliveries are not kept: there are millions."
)


def fan_out_method() -> Section:
    """Return the section that defines what the figures mean."""
    definitions = [
        ("Closed loop", CLOSED_LOOP),
        ("CPU per delivery", CPU),
        ("Less or more", LESS_OR_MORE),
        ("Fresh servers", FRESH_SERVERS),
        ("Latency", LATENCY),
        ("Memory", MEMORY),
        ("Checked", CHECKED),
    ]
    return Section("How it was measured", [Facts(definitions), Paragraph(RAW_DATA)])
