"""Makes the wheel: `python3 bindings/python/build_wheel.py GENERATED FOLDER`.

GENERATED is what `bindings/generate python` wrote: the module and the library of this machine. Both go into a wheel in
FOLDER. A wheel is a zip with a list of its files, for which no further tool is needed.
"""

import base64
import hashlib
import pathlib
import sys
import sysconfig
import zipfile

from stubs import stubs

HERE = pathlib.Path(__file__).parent
VERSION = "0.1.0"
NAME = f"teilgeber-{VERSION}"


def tag():
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"py3-none-{platform}"


def contents(generated):
    module = (generated / "python" / "teilgeber_ffi.py").read_text(encoding="utf-8")
    yield "teilgeber/_core.py", module.encode()
    yield "teilgeber/_core.pyi", stubs(module).encode()
    (library,) = (generated / "lib").iterdir()
    yield f"teilgeber/{library.name}", library.read_bytes()
    for file in sorted((HERE / "teilgeber").iterdir()):
        if file.is_file():
            yield f"teilgeber/{file.name}", file.read_bytes()
    about = f"Metadata-Version: 2.1\nName: teilgeber\nVersion: {VERSION}\nRequires-Python: >=3.10\n"
    yield f"{NAME}.dist-info/METADATA", about.encode()
    wheel = f"Wheel-Version: 1.0\nGenerator: build_wheel\nRoot-Is-Purelib: false\nTag: {tag()}\n"
    yield f"{NAME}.dist-info/WHEEL", wheel.encode()


def main():
    generated, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}-{tag()}.whl"
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in contents(generated):
            wheel.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}")
        record.append(f"{NAME}.dist-info/RECORD,,")
        wheel.writestr(f"{NAME}.dist-info/RECORD", "\n".join(record) + "\n")
    print(path)


if __name__ == "__main__":
    main()
