"""What to tell the user of an input's data: channels that a region lacks, days without an observation, old ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from deepsoil.channels import CHANNELS, WEATHER, in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.inputs.stack import Stack

OLD_DAYS = 32
"""An observation older than this is told: satellite composites come every 8 to 32 days."""


def warnings(stacks: Iterable[Stack], days: Sequence[date]) -> list[DeepSoilError]:
    """``channel_filled``, ``channel_withheld``, ``weather_filled``, ``channel_gap`` and ``channel_old``, each channel
    once. Reads no maps."""
    stacks = list(stacks)
    found = []
    withheld = {name: None for stack in stacks for name in stack.withheld}
    if missing := {name: None for stack in stacks for name in stack.missing if name not in withheld}:
        found.append(DeepSoilError(
            "channel_filled", "The region has no data for: {channels}. The model uses the mean of its training data "
            "instead.", "Add them to the region for a better map.", "region", channels=", ".join(in_words([*missing]))))
    if withheld:
        found.append(DeepSoilError(
            "channel_withheld", "The model has met no measured values of: {channels}. It uses the mean of its training "
            "data instead of the region's values.", "The region's values are shown, and stay in it for models that "
            "have learned from such.", "region", channels=", ".join(in_words([*withheld]))))
    found += _filled_weather(stacks, days)
    seen = set()
    for stack in stacks:
        for use in stack.channels:
            if use.name not in seen and use.name not in stack.missing:
                seen.add(use.name)
                found += _of_channel(stack, use.name, days)
    return found


def _filled_weather(stacks: Sequence[Stack], days: Sequence[date]) -> list[DeepSoilError]:
    found = []
    wanted = {name: stack for stack in stacks for use in stack.channels if use.name not in stack.missing
              for name in CHANNELS[use.name].read_from if name in WEATHER}
    for name, stack in wanted.items():
        filled = stack.filled_days(name, days)
        if filled.size:
            when = Text("{day}", day=filled[0]) if filled.size == 1 else Text(
                "{count} days, the first of them {day}", count=filled.size, day=filled[0])
            found.append(DeepSoilError("weather_filled", "There is no {channel} for {days}; the gap was filled.",
                                       "No rain is assumed in a gap, other weather is interpolated. Add the missing "
                                       "days to the region for a better result.", "dates",
                                       channel=CHANNELS[name].title, days=when))
    return found


def _of_channel(stack: Stack, channel: str, days: Sequence[date]) -> list[DeepSoilError]:
    if CHANNELS[channel].kind != "dated" and CHANNELS[channel].carry_days is None:
        return []
    title = CHANNELS[channel].title
    ages = {day: stack.age_days(channel, day) for day in days}
    absent = [day for day in days if ages[day] is None]
    known = {day: abs(age) for day, age in ages.items() if age is not None}
    found = []
    if absent:
        when = Text("{day}", day=absent[0]) if len(days) == 1 else Text(
            "{count} of {total} days, the first of them {day}", count=len(absent), total=len(days), day=absent[0])
        found.append(DeepSoilError("channel_gap", "There is no {channel} for {days}. The model uses the mean of its "
                                   "training data instead.", "Add newer data to the region for a better map.", "dates",
                                   channel=title, days=when))
    if known and max(known.values()) > OLD_DAYS:
        oldest = max(known, key=lambda day: known[day])
        found.append(DeepSoilError("channel_old", "The newest {channel} is {age} days older than {day}.",
                                   "Plants may have grown or been cut since then. Add newer data to the region for a "
                                   "better map.", "dates", channel=title, age=known[oldest], day=oldest))
    return found
