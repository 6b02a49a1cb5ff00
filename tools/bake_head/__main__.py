"""`python -m tools.bake_head [OUT]`: writes the default head asset."""

import sys
from pathlib import Path

from tools.bake_head.assemble import assemble
from tools.bake_head.write import write_asset

OUT = Path(__file__).parents[2] / "src/visavox/assets/head.npz"


def main(out: Path = OUT):
    whole, names, extra = assemble()
    size = write_asset(out, whole, names, extra)
    print(f"wrote {out.name}: {size / 1e6:.2f} MB, {len(whole.head_weight)} positions, {len(whole.faces)} triangles")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
