"""The public surface, as the generated Python offers it, beside the pinned one.

`surface.py PINNED` fails with a diff where they differ; `surface.py PINNED --renew` writes the pinned file anew.
"""

import difflib
import pathlib
import sys
import ast
import importlib.util


def surface():
    package = pathlib.Path(importlib.util.find_spec("teilgeber").origin).parent
    tree = ast.parse((package / "_core.py").read_text(encoding="utf-8"))
    public = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "__all__"
    )
    lines = []
    for node in tree.body:
        name = getattr(node, "name", None)
        if isinstance(node, ast.ClassDef) and name in public:
            lines += [*described(node, "")]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and name in public:
            lines.append(signature(node))
    blocks = sorted(group(lines))
    return [line for block in blocks for line in block]


def group(lines):
    blocks = []
    for line in lines:
        if line.startswith(" "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def described(node, indent):
    yield f"{indent}{node.name}"
    for part in node.body:
        name = getattr(part, "name", "")
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not name.startswith("_") or name == "__init__":
                yield f"{indent}    {signature(part)}"
        elif isinstance(part, ast.ClassDef):
            yield from described(part, indent + "    ")
        elif isinstance(part, ast.Assign) and not getattr(part.targets[0], "id", "_").startswith("_"):
            yield f"{indent}    {ast.unparse(part)}"


def signature(node):
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    return f"{prefix}{node.name}({ast.unparse(node.args)}){returns}"


def main():
    pinned, now = pathlib.Path(sys.argv[1]), surface()
    if "--renew" in sys.argv:
        pinned.write_text("\n".join(now) + "\n", encoding="utf-8")
        return
    before = pinned.read_text(encoding="utf-8").splitlines()
    diff = list(difflib.unified_diff(before, now, str(pinned), "now", lineterm=""))
    if diff:
        print("\n".join(diff))
        sys.exit("the public surface has changed: where that is meant, run: RENEW=1 tests/run python")


if __name__ == "__main__":
    main()
