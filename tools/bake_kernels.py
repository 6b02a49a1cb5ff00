"""`python -m tools.bake_kernels`: the drawing loops as machine code into src/visavox/assets/kernels, one library a level of processor.

Numba makes it, the C compiler of the system (`cc`) links it. To be run on Linux and x86-64 whenever a file of
`visavox.render.machine_code.SOURCES` has changed; a test says when. Each level is made in a process of its own, since Numba reads once for
which processor it compiles, and whether numbers that lie side by side are to be worked on at once. The kinds of arguments are those that
drawing was seen to use.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "visavox" / "assets" / "kernels"


def calls() -> dict[str, set]:
    """The loops that drawing calls, by name, each with (loop, arguments) by the kind of the arguments: with hair and without, and clay."""
    import numpy as np

    from visavox.render import Camera
    from visavox.render import compiled as room
    from visavox.render.appearance import Appearance
    from visavox.render.machine_code import entry_of, kind_of
    from visavox.render.painter import Painter
    from visavox.render.sheet import contact_sheet
    from visavox.render.video import packaged_appearance
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.transfer.surface import Surface
    from visavox.style import Identity

    seen = {}

    def record(loop, *arguments):
        seen[entry_of(loop.__name__, kind_of(arguments))] = (loop, arguments)
        return loop.jitted(*arguments)

    room.Loop.__call__ = record
    head, identity = Head.default(), Identity()
    still = head.vertices(np.zeros((1, len(head.rig)), np.float32))[0]
    for look in (packaged_appearance(identity), Appearance.plain()):
        Painter(head, identity, look, Camera.portrait(head, identity, 64)).draw(still)
    clay = Surface(still.astype(float), head.skin_faces)
    contact_sheet(clay, np.full((len(clay.faces), 3), 0.5), (), np.zeros((0, *still.shape)))
    return seen


def bake(level: str) -> None:
    """Writes the archive of one level, in a process that Numba was told to compile for it."""
    import numpy as np
    from numba import typeof
    from numba.core.compiler import Flags, compile_extra

    from visavox.render.machine_code import sources_hash

    entries, symbols, objects = [], [], []
    for entry, (loop, arguments) in sorted(calls().items()):
        flags, jitted = Flags(), loop.jitted
        jitted.targetdescr.options.parse_as_flags(flags, jitted.targetoptions)
        flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True  # they would need Python's own functions when the code is loaded
        kinds = tuple(map(typeof, arguments))
        made = compile_extra(jitted.typingctx, jitted.targetctx, loop.function, kinds, None, flags, {})
        entries.append(entry)
        symbols.append(made.fndesc.llvm_func_name)
        objects.append(_relocatable(str(made.library._final_module), level))
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"linux-{level}.so"
    _link(objects, path)
    about = {"sources": sources_hash(), "library": hashlib.sha256(path.read_bytes()).hexdigest()}
    np.savez_compressed(path.with_suffix(".npz"), entries=np.array(entries), symbols=np.array(symbols), **about)
    print(f"{path.name}: {len(entries)} loops, {path.stat().st_size >> 10} KB")


def _relocatable(module: str, level: str) -> bytes:
    """The object file of a module for a processor of `level`, which may lie anywhere: what Numba makes for itself may not."""
    from llvmlite import binding

    from visavox.render.machine_code import LEVELS

    features = ",".join(f"+{feature}" for feature in LEVELS[level])
    target = binding.Target.from_default_triple()
    machine = target.create_target_machine(level, features, opt=3, reloc="pic", codemodel="default")
    return machine.emit_object(binding.parse_assembly(module))


def _link(objects: list[bytes], path: Path) -> None:
    """Writes the shared library of object files; what they call is the C library's."""
    with tempfile.TemporaryDirectory() as name:
        parts = []
        for number, content in enumerate(objects):
            parts.append(Path(name, f"{number}.o"))
            parts[-1].write_bytes(content)
        hardened = ["-Wl,-z,relro,-z,now,-z,noexecstack,-z,text", "-Wl,--build-id=none", "-s"]
        subprocess.run(["cc", "-shared", "-nostartfiles", *hardened, "-o", str(path), *map(str, parts), "-lm"], check=True)
    path.chmod(0o644)


def main() -> None:
    """Bakes every level, or the one that is named."""
    if len(sys.argv) == 2:
        bake(sys.argv[1])
        return
    from visavox.render.machine_code import LEVELS

    for level, features in LEVELS.items():
        told = {"NUMBA_SLP_VECTORIZE": "1", "NUMBA_CPU_NAME": level, "NUMBA_CPU_FEATURES": ",".join(f"+{feature}" for feature in features)}
        subprocess.run([sys.executable, "-m", "tools.bake_kernels", level], check=True, env=os.environ | told)


if __name__ == "__main__":
    main()
