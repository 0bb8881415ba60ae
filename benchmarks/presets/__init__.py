"""Published figures and known effects, measured again here: `python -m benchmarks preset NAME`."""

from benchmarks.presets import aquilio, idle, kaazing, pimentel, reconnect, rfc6202, upstream, vandevyvere
from benchmarks.presets.preset import Preset, beside_section

PRESETS: dict[str, Preset] = {
    each.name: each
    for each in (
        kaazing.PRESET,
        aquilio.PRESET,
        upstream.PRESET,
        reconnect.PRESET,
        vandevyvere.PRESET,
        rfc6202.PRESET,
        pimentel.PRESET,
        idle.PRESET,
    )
}

__all__ = ["PRESETS", "Preset", "beside_section"]
