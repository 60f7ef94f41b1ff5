"""The generated files and their content."""

from __future__ import annotations

import json
from pathlib import Path

from tools.contract import markdown, plugin_module, schema


def generated(root: Path) -> dict[Path, str]:
    """The content of every generated file; of the document only the parts between its marks change."""
    document = root / "docs" / "contract.md"
    return {
        document: markdown.filled(document.read_text(encoding="utf-8")),
        root / "docs" / "contract.schema.json": json.dumps(schema.document(), indent=1, ensure_ascii=False) + "\n",
        root / "deepsoil_plugin" / "contract.py": plugin_module.text(),
        root / "deepsoil_plugin" / "contract_types.py": plugin_module.types_text(),
        root / "deepsoil_plugin" / "contract_schema.py": plugin_module.schema_text(),
    }
