"""``python -m deepsoil``."""

import sys

from deepsoil.cli import main

if __name__ == "__main__":
    sys.exit(main())
