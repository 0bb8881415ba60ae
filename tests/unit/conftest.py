"""How the generated tests run: the same examples every time, and never judged by how fast this machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "pushdemo", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("pushdemo")
