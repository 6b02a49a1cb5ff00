"""`python -m visavox`, the same as the command `visavox`."""

import sys

from visavox.cli import main

sys.exit(main())
