"""What the tests of published files share."""

from __future__ import annotations

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window

WINDOW = Window.around(-96.62, 39.06, -96.55, 39.11)
FIELD = "channels.x"


def refused(code: str, action, *arguments: object, **named: object) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        action(*arguments, **named)
    assert caught.value.code == code and caught.value.hint
    return caught.value
