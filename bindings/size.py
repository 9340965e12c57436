"""How large the core is that a phone carries: `python3 bindings/size.py LIBRARY`.

LIBRARY was built with the profile `phone` for this machine, but not stripped: what its symbols say is counted for each
crate, and a stripped copy is what a phone would carry. An x86_64 library is some percent larger than an arm64 one.
"""

import collections
import gzip
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

REACH = 8_000_000
ROWS = 12


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stripped(library):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / library.name
        shutil.copy(library, copy)
        run("strip", "--strip-all", str(copy))
        return copy.read_bytes()


def crate_of(symbol):
    """The crate that a demangled name begins with: `<a::B as c::D>::e` is of `a`. C has no such names."""
    found = re.match(r"[<&*\[(]*(?:mut |dyn |impl )*([a-z_0-9]+)(?:\[[0-9a-f]+\])?::", symbol)
    if found:
        return found[1]
    return "SQLite" if symbol.startswith(("sqlite3", "fts5")) else "zstd" if "ZSTD" in symbol else "other"


def crates(library):
    sizes = collections.Counter()
    for line in run("nm", "--demangle", "--print-size", "--defined-only", str(library)).splitlines():
        parts = line.split(maxsplit=3)
        if len(parts) == 4 and parts[2] in "tTrRdD":
            sizes[crate_of(parts[3])] += int(parts[1], 16)
    return sizes


def main():
    library = pathlib.Path(sys.argv[1])
    carried = stripped(library)
    print("| library for a phone, stripped, on this machine | size | reach |\n|---|---|---|")
    print(f"| as it lies on a phone | {len(carried) / 1e6:.2f} MB | under {REACH / 1e6:.0f} MB |")
    print(f"| as it is downloaded (gzip) | {len(gzip.compress(carried)) / 1e6:.2f} MB | |")
    print("\n| code and data of | size |\n|---|---|")
    sizes = crates(library)
    for crate, size in sizes.most_common(ROWS):
        print(f"| {crate} | {size / 1e3:.0f} kB |")
    print(f"| {len(sizes) - ROWS} others | {sum(size for _, size in sizes.most_common()[ROWS:]) / 1e3:.0f} kB |")
    if len(carried) >= REACH:
        sys.exit(f"the library is larger than the {REACH / 1e6:.0f} MB that it may be")


if __name__ == "__main__":
    main()
