"""One depth of a job, or one map of its water, at a time: the map of 5 cm covers that of 20 cm, so to switch one on
means to see it.
"""

from __future__ import annotations

from qgis.core import QgsLayerTreeNode, QgsProject
from qgis.PyQt.QtCore import QObject

from . import layer_tree


class DepthChooser(QObject):
    """A depth of a job that is switched on switches the others off; none is switched on by itself.

    Only direct children of the job's group count: who wants to see two depths together, with transparency or a swipe,
    moves one of them out of the group.
    """

    def __init__(self, project: QgsProject, parent: QObject) -> None:
        super().__init__(parent)
        self._root = project.layerTreeRoot()
        self._root.visibilityChanged.connect(self._switched)

    def close(self) -> None:
        self._root.visibilityChanged.disconnect(self._switched)

    def _switched(self, node: QgsLayerTreeNode) -> None:
        what, group = layer_tree.what_of(node), node.parent()
        if not what or group is None or not group.customProperty(layer_tree.JOB):
            return
        if not node.itemVisibilityChecked():
            return
        for other in _others(group, what):
            if other.itemVisibilityChecked():
                other.setItemVisibilityChecked(False)


def is_other_shown(group: QgsLayerTreeNode, what: str) -> bool:
    """Whether another depth or water of the job of a group is switched on."""
    return any(other.itemVisibilityChecked() for other in _others(group, what))


def _others(group: QgsLayerTreeNode, what: str) -> list[QgsLayerTreeNode]:
    """Layers, or subgroups of days or fields, that show something else."""
    return [child for child in group.children() if layer_tree.what_of(child) not in ("", what)]
