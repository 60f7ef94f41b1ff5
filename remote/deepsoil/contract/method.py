"""A method of an engine: name, parameters and result, where it is answered, how long a client waits for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from deepsoil.contract.errors import DeepSoilError

ParameterType = Literal["text", "count", "flag", "object", "list"]
Scope = Literal["here", "host", "job"]
"""here: this engine · host: the engine of the host that the request names · job: of the job's host."""
Pace = Literal["quick", "slow", "network"]
"""quick: a moment · slow: may compute or read for a while · network: may wait for another computer or for the user."""

LARGEST_COUNT = 1 << 53
"""Of a parameter, e.g. the offset in a file."""
RELAY_MARGIN_S = 5.0
"""How much earlier a forwarded request times out, so that the client learns which host did not answer."""

_PYTHON_TYPE: dict[ParameterType, type] = {"text": str, "count": int, "flag": bool, "object": dict, "list": list}
_IN_WORDS: dict[ParameterType, str] = {"text": "a text", "count": "a whole number, 0 or more", "flag": "true or false",
                                       "object": "an object", "list": "a list"}


@dataclass(frozen=True)
class Parameter:
    """One parameter; ``null`` means that an optional one is omitted."""

    name: str
    type: ParameterType
    required: bool = True

    def check(self, value: Any) -> None:
        """DeepSoilError ``params_invalid`` if the value has another type."""
        fits = isinstance(value, _PYTHON_TYPE[self.type])
        if self.type == "count":
            fits = fits and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT
        if self.type == "text":
            fits = fits and "\0" not in value  # no path and no name has it
        if not fits:
            raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                                self.name, name=self.name, expected=_IN_WORDS[self.type])


def text(name: str) -> Parameter:
    """A text that must be given."""
    return Parameter(name, "text")


def optional(name: str, type_: ParameterType = "text") -> Parameter:
    """One that may be left out."""
    return Parameter(name, type_, required=False)


@dataclass(frozen=True)
class Method:
    """``result``: what is returned. ``timeout_s``: how long a client waits for it. ``about``: what it does."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    about: str
    scope: Scope = "here"
    pace: Pace = "quick"
    timeout_s: float = 60.0

    @property
    def relay_timeout_s(self) -> float:
        """How long an engine waits for the answer of another host."""
        return max(1.0, self.timeout_s - RELAY_MARGIN_S)

    def check(self, params: dict[str, Any]) -> None:
        """DeepSoilError ``params_invalid`` with the field if the parameters do not match the method."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for parameter in self.parameters:
            if parameter.required and parameter.name not in params:
                raise DeepSoilError("params_invalid", "The parameter '{name}' is missing.", "Add it.", parameter.name,
                                    name=parameter.name)
        for name, value in params.items():
            if name not in known:
                raise DeepSoilError("params_invalid", "There is no parameter '{name}'.", "Known: {known}.", name,
                                    name=name, known=", ".join(known) or "none")
            if known[name].required or value is not None:
                known[name].check(value)
