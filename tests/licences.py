"""Checks that every dependency has a licence that `deny.toml` allows, and comes from a registry.

Usage: cargo metadata --format-version 1 --locked | licences.py deny.toml

A second opinion for `cargo deny`, which takes minutes to build: this reads the same list and knows
just enough of SPDX expressions (AND, OR, WITH, parentheses, and the old slash for OR).
"""

import json
import re
import sys


def allowed_by(path):
    with open(path, encoding="utf-8") as file:
        found = re.search(r"^allow = \[(.*?)^\]", file.read(), re.DOTALL | re.MULTILINE)
    if not found:
        sys.exit(f"{path}: no list of allowed licences")
    return set(re.findall(r'"([^"]+)"', found[1]))


class Expression:
    """A licence expression: OR binds weakest, then AND, then WITH."""

    def __init__(self, text):
        self.words = re.findall(r"[()]|[^\s()]+", text.replace("/", " OR "))

    def holds(self, allowed):
        answer = self.any_of(allowed)
        if self.words:
            raise ValueError(f"left over: {self.words}")
        return answer

    def any_of(self, allowed):
        answers = [self.all_of(allowed)]
        while self.take("OR"):
            answers.append(self.all_of(allowed))
        return any(answers)

    def all_of(self, allowed):
        answers = [self.one(allowed)]
        while self.take("AND"):
            answers.append(self.one(allowed))
        return all(answers)

    def one(self, allowed):
        if self.take("("):
            answer = self.any_of(allowed)
            if not self.take(")"):
                raise ValueError("a parenthesis is open")
            return answer
        name = self.words.pop(0)
        if self.take("WITH"):
            name += " WITH " + self.words.pop(0)
        return name in allowed

    def take(self, word):
        if self.words[:1] != [word]:
            return False
        self.words.pop(0)
        return True


def fault_of(package, allowed):
    if package["source"] is not None and not package["source"].startswith("registry+"):
        return f"comes from {package['source']}"
    licence = package["license"]
    try:
        if licence and Expression(licence).holds(allowed):
            return None
    except (IndexError, ValueError) as error:
        return f"{licence}: cannot be read ({error})"
    return f"{licence}: not allowed"


def main():
    allowed = allowed_by(sys.argv[1])
    packages = json.load(sys.stdin)["packages"]
    faults = [(package["name"], fault_of(package, allowed)) for package in packages]
    faults = [(name, fault) for name, fault in faults if fault]
    for name, fault in faults:
        print(f"{name}: {fault}", file=sys.stderr)
    print(f"{len(packages)} packages, {len(faults)} with a licence or source that is not allowed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
