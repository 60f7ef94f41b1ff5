"""Finds pyqtgraph: the copy that comes with the plugin, else the one of the system. Imported by the first plot only."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

from qgis.PyQt.QtCore import QT_VERSION_STR

from .. import paths
from ..text.translate import tr

_QT_VARIABLE = "PYQTGRAPH_QT_LIB"


def load_pyqtgraph() -> ModuleType:
    """pyqtgraph on QGIS's Qt. ImportError with advice where there is none.

    A pyqtgraph that another plugin has loaded is shared. Neither its global options nor the variables of the
    process are changed for good: other plugins live here too.
    """
    if "pyqtgraph" in sys.modules:
        return sys.modules["pyqtgraph"]
    bundled = str(paths.PLUGIN / "extlibs")
    before = os.environ.get(_QT_VARIABLE)
    os.environ[_QT_VARIABLE] = f"PyQt{QT_VERSION_STR.split('.')[0]}"
    sys.path.insert(0, bundled)
    try:
        return importlib.import_module("pyqtgraph")
    except ImportError as error:
        raise ImportError(tr("The plots need pyqtgraph, which comes with DeepSoil but was not found. Remove DeepSoil "
                             "in the plugin manager and install it again.")) from error
    finally:
        # Last from now on, for what pyqtgraph imports later; never before anybody else's packages.
        sys.path.remove(bundled)
        sys.path.append(bundled)
        if before is None:
            os.environ.pop(_QT_VARIABLE, None)
        else:
            os.environ[_QT_VARIABLE] = before
