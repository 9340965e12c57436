"""The types of the generated module, as checkers and editors read them.

The module itself makes errors and variants in ways that no checker follows, and `teilgeber/__init__.py` adds what makes
some classes context managers. Here it is said plainly: `stubs(source)` gives the text of `_core.pyi`.
"""

import ast

MANAGERS = {"Device": "async", "Links": "async", "Server": "async", "Subscription": "plain"}
"""Classes that are context managers, and of which kind."""

HEAD = """import abc
import asyncio
import datetime
import enum
import typing

"""


def stubs(source):
    tree = ast.parse(source)
    public = next(ast.literal_eval(node.value) for node in tree.body if assigned(node) == "__all__")
    classes = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            # An error comes twice: what it is, then its variants.
            classes.setdefault(node.name, []).append(node)
    blocks = [f"__all__ = {public!r}\n"]
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in public:
            blocks.append(function(node, ""))
        elif is_alias(node):
            blocks.append(ast.unparse(node) + "\n")
    blocks += [described(classes[name]) for name in sorted(classes) if name in public]
    return HEAD + "\n".join(blocks)


def assigned(node):
    return getattr(node.targets[0], "id", None) if isinstance(node, ast.Assign) else None


def is_alias(node):
    """`Id = str` and the like."""
    name, value = assigned(node), getattr(node, "value", None)
    return name is not None and not name.startswith("_") and isinstance(value, ast.Name) and not value.id.startswith("_")


def described(nodes):
    node = nodes[-1]
    bases = [ast.unparse(base) for found in nodes for base in found.bases]
    variants = [part for part in node.body if isinstance(part, ast.ClassDef)]
    head = f"class {node.name}{'(' + ', '.join(bases) + ')' if bases else ''}:\n"
    body = [f"    {part.name}: type[_{node.name}_{part.name}]\n" for part in variants]
    body += [f"    {ast.unparse(part)}\n" for part in node.body if is_member(part)]
    body += fields(node)
    body += [function(part, "    ") for part in node.body if is_method(part) and not (variants and part.name == "__init__")]
    body += managers(node.name)
    whole = head + ("".join(body) or "    ...\n")
    return whole + "".join("\n" + variant(node.name, part) for part in variants)


def variant(whole, node):
    methods = [function(part, "    ") for part in node.body if is_method(part)]
    return f"class _{whole}_{node.name}({whole}):\n" + ("".join(fields(node) + methods) or "    ...\n")


def fields(node):
    """What a record holds: the names with which it is made."""
    made = next((part for part in node.body if is_method(part) and part.name == "__init__"), None)
    named = made.args.kwonlyargs if made else []
    return [f"    {ast.unparse(field)}\n" for field in named]


def is_member(part):
    return not (assigned(part) or "_").startswith("_") and not isinstance(part.value, ast.Name)


def is_method(part):
    kind = isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
    return kind and (not part.name.startswith("_") or part.name in ("__init__", "__getitem__"))


def function(node, indent):
    decorators = "".join(f"{indent}@{ast.unparse(decorator)}\n" for decorator in node.decorator_list)
    arguments = node.args
    arguments.defaults = [ast.Constant(...) for _ in arguments.defaults]
    arguments.kw_defaults = [value and ast.Constant(...) for value in arguments.kw_defaults]
    for argument in [*arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument is not None and argument.annotation is None and argument.arg not in ("self", "cls"):
            argument.annotation = ast.parse("typing.Any", mode="eval").body
    returned = "None" if node.name == "__init__" else ast.unparse(node.returns) if node.returns else "typing.Any"
    prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    return f"{decorators}{indent}{prefix} {node.name}({ast.unparse(arguments)}) -> {returned}: ...\n"


def managers(name):
    match MANAGERS.get(name):
        case "async":
            return [
                "    async def __aenter__(self) -> typing.Self: ...\n",
                "    async def __aexit__(self, *error: object) -> None: ...\n",
            ]
        case "plain":
            return [
                "    def __enter__(self) -> typing.Self: ...\n",
                "    def __exit__(self, *error: object) -> None: ...\n",
            ]
    return []
