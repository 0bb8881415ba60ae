"""States of a class that no test could wait for: many people, delays, simulated phones, a fault and an experiment."""

from typing import Any

TECHNIQUES = ("short-poll", "long-poll", "sse", "websocket", "socket-io")
MEDIANS_MS = (1026, 14.2, 5.9, 5, 6)
EDGES_MS = [round(0.1 * 10 ** (step / 10), 4) for step in range(60)]
NAMES = ("Li Na", "欧阳娜娜", "Maximiliane-Charlotte V", "Олег", "José")


def figures(median: float) -> dict[str, Any]:
    """Return what a technique's phones might have measured."""
    counts = [0] * 60
    at = next(index for index, edge in enumerate(EDGES_MS) if edge > median)
    counts[at - 2 : at + 2] = [10, 60, 120, 40]
    return {
        "people": 20,
        "counted": 20,
        "hidden": 0,
        "samples": 1230,
        "median": median,
        "p95": 2 * median,
        "max": 3 * median,
        "mean": median,
        "histogram": {"from_ms": EDGES_MS, "counts": counts},
        "received": 1230,
        "lost": 0,
        "doubled": 0,
        "reordered": 0,
        "late": 0,
        "left_out": 0,
        "requests": 5000,
        "empty": 3000,
        "messages": 1230,
        "clock_error_ms": 1.5,
        "bytes": {
            "up": {"http_headers": 1_234_567},
            "down": {"http_headers": 234_567, "payload": 234_567, "framing": 9876},
        },
    }


def crowded(state: dict[str, Any], people: int) -> dict[str, Any]:
    """Return a state with so many people, delays, simulated phones, a fault and an experiment in it."""
    all_of_them = [
        {
            "id": f"s{number}",
            "name": f"{NAMES[number % 5]}{number}"[:24],
            "group": "ABCDE"[number % 5],
            "technique": TECHNIQUES[number % 5],
            "connected": number % 7 != 3,
        }
        for number in range(people)
    ]
    measured = {name: figures(median) for name, median in zip(TECHNIQUES, MEDIANS_MS, strict=True)}
    keys = ("samples", "median", "p95", "max")
    struck = [
        {key: each[key] for key in ("id", "name", "group", "technique")}
        | {"noticed_ms": 12_345, "back_ms": 23_456, "late": 40, "lost": 0, "told": True}
        for each in all_of_them
    ]
    return state | {
        "people": all_of_them,
        "class": state["class"] | {"people": people, "address": "http://192.168.178.105:8000/join"},
        "groups": [group | {"vanished": True, "people": people // 5} for group in state["groups"]],
        "figures": measured,
        "simulated": {
            "wanted": 970,
            "connected": dict.fromkeys(TECHNIQUES, 194),
            "figures": {name: {key: each[key] for key in keys} for name, each in measured.items()},
        },
        "fault": {"number": 1, "at": 0, "fault": "vanish", "seconds": None, "group": "all", "people": struck},
        "experiment": explained(people),
    }


def explained(people: int) -> dict[str, Any]:
    """Return an experiment that has been made."""
    rows = [
        {
            "group": name,
            "technique": "long-poll",
            "interval_ms": 2000,
            "delay_ms": delay_ms,
            "measured": 1.6 * delay_ms + 4,
            "theory": 1.6 * delay_ms,
            "samples": 1234,
        }
        for name, delay_ms in zip("ABCDE", (0, 25, 50, 100, 200), strict=True)
    ]
    return {
        "name": "gap",
        "phase": "explained",
        "seconds": 45,
        "started_at": 1,
        "ends_at": 2,
        "unit": "ms",
        "row_unit": "ms",
        "settings": {"delay_ms": 100, "rate": 4},
        "asked_row": 3,
        "results": rows,
        "answer": {"measured": 164, "theory": 160},
        "predictions": {"count": people, "values": [50 + 3 * number for number in range(people)]},
    }
