"""`python -m tools.bake_kernels`: the compiled loops as machine code into src/visavox/assets/kernels, one library a level of processor.

Numba makes it, the C compiler of the system (`cc`) links it. To be run on Linux and x86-64 whenever a file of
`visavox.render.machine_code.SOURCES` has changed; a test says when. Each level is made in a process of its own, all at once, since Numba
reads once for which processor it compiles, and whether numbers that lie side by side are to be worked on at once. The kinds of arguments
are those that tools.kernel_calls saw.
"""

import hashlib
import os
import pickle
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "visavox" / "assets" / "kernels"
ONE_BY_ONE = "visavox.render.photo_"  # loops that took half as long again where numbers side by side were worked on at once
MADE = FOLDER.parents[3] / "out" / "kernels"


def bake(level: str, wanted: dict[str, tuple[str, str, tuple]]) -> None:
    """Writes the archive of one level, in a process that Numba was told to compile for it: module, loop and kinds by entry."""
    import numpy as np

    from visavox.render.machine_code import sources_hash

    symbols, objects = zip(*(_object(level, entry, *loop) for entry, loop in wanted.items()), strict=True)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"linux-{level}.so"
    _link(objects, path)
    about = {"sources": sources_hash(), "library": hashlib.sha256(path.read_bytes()).hexdigest()}
    np.savez_compressed(path.with_suffix(".npz"), entries=np.array(list(wanted)), symbols=np.array(symbols), **about)
    print(f"{path.name}: {len(wanted)} loops, {path.stat().st_size >> 10} KB")


def _object(level: str, entry: str, module: str, name: str, kinds: tuple) -> tuple[str, bytes]:
    """The symbol and the object file of a loop; kept in MADE, so that only what changed is compiled again."""
    made = MADE / hashlib.sha256(repr((level, entry, kinds, _together(module), _text_behind(module))).encode()).hexdigest()
    if not made.exists():
        MADE.mkdir(parents=True, exist_ok=True)
        symbol, content = _compiled(level, getattr(import_module(module), name), kinds)
        part = made.with_suffix(f".{os.getpid()}")
        part.write_bytes(symbol.encode() + b"\0" + content)
        part.replace(made)
    symbol, _, content = made.read_bytes().partition(b"\0")
    return symbol.decode(), content


def _together(module: str) -> bool:
    """Whether numbers that lie side by side are worked on at once in the loops of a module."""
    return not module.startswith(ONE_BY_ONE)


def _text_behind(module: str) -> list[str]:
    """The text of a module and of all with compiled loops that it imports, and who compiles them."""
    from numba import __version__

    from visavox.render.machine_code import SOURCES

    texts, waiting = {}, [module]
    while waiting:
        name = waiting.pop()
        if name not in texts and name.removeprefix("visavox.").replace(".", "/") + ".py" in SOURCES:
            texts[name] = Path(import_module(name).__file__).read_text(encoding="utf-8")
            waiting += re.findall(r"^from (visavox\.\S+) import", texts[name], re.MULTILINE)
    return [__version__, *(texts[name] for name in sorted(texts))]


def _compiled(level: str, loop, kinds: tuple) -> tuple[str, bytes]:
    from numba.core import config
    from numba.core.compiler import Flags, compile_extra

    config.SLP_VECTORIZE = int(_together(loop.function.__module__))
    flags, jitted = Flags(), loop.jitted
    jitted.targetdescr.options.parse_as_flags(flags, jitted.targetoptions)
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True  # they would need Python's own functions when the code is loaded
    made = compile_extra(jitted.typingctx, jitted.targetctx, loop.function, kinds, None, flags, {})
    return made.fndesc.llvm_func_name, _relocatable(str(made.library._final_module), level)


def wanted() -> dict[str, tuple[str, str, tuple]]:
    """Module, loop and Numba's kinds of arguments by entry."""
    from numba import typeof
    from tools.kernel_calls import kinds

    return {entry: (loop.function.__module__, loop.__name__, tuple(map(typeof, arguments))) for entry, (loop, arguments) in kinds().items()}


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
    """Bakes every level, or the one that is named, of what standard input says."""
    if len(sys.argv) == 2:
        bake(sys.argv[1], pickle.load(sys.stdin.buffer))
        return
    from visavox.render.machine_code import LEVELS

    loops, started = pickle.dumps(wanted()), []
    for level, features in LEVELS.items():
        told = {"NUMBA_SLP_VECTORIZE": "1", "NUMBA_CPU_NAME": level, "NUMBA_CPU_FEATURES": ",".join(f"+{feature}" for feature in features)}
        command = [sys.executable, "-m", "tools.bake_kernels", level]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | told))
        started[-1].stdin.write(loops)
        started[-1].stdin.close()
    if any([process.wait() for process in started]):
        sys.exit("a level was not made")


if __name__ == "__main__":
    main()
