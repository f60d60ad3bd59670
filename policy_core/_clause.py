"""Clause ids: `rd-grades:9.1` is what a parameter file of `rd-grades` calls `9.1`."""


def full(policy: str, clause: str) -> str:
    """Give the id that is good outside its policy."""
    return clause if ":" in clause or not clause else f"{policy}:{clause}"
