"""Reads the conversation's source: which steps a handler can lead to, and which buttons are offered."""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import bot

PACKAGE = "bot.conversation"
SOURCES = Path(bot.__file__).parent
Name = tuple[str, str]  # module and what is defined in it


@dataclass
class Source:
    """`uses`: what each definition mentions; `sets`: the steps that it sets itself; `offers`: actions."""

    uses: dict[Name, set[Name]] = field(default_factory=dict)
    sets: dict[Name, set[str]] = field(default_factory=dict)
    offers: set[str] = field(default_factory=set)

    def steps(self, handler: Callable[..., Any]) -> set[str]:
        """Names of all steps that may be set by what is reached from the handler."""
        seen: set[Name] = set()
        todo: list[Name] = [(handler.__module__.rpartition(".")[2], handler.__name__)]
        while todo:
            name = todo.pop()
            if name not in seen and name in self.uses:
                seen.add(name)
                todo += self.uses[name]
        assert seen, f"{handler} is not in the source"
        return {step for name in seen for step in self.sets[name]}


def read() -> Source:
    source = Source()
    for path in sorted((SOURCES / "conversation").glob("*.py")):
        _read_module(source, path)
    for path in (*sorted((SOURCES / "conversation").glob("*.py")), SOURCES / "notices.py"):
        source.offers |= set(_offers(ast.parse(path.read_text("utf-8"))))
    return source


def keys(module: ModuleType) -> set[str]:
    """The keys of buttons' labels that a module mentions without making a line of them at once."""
    nodes = list(ast.walk(ast.parse(inspect.getsource(module))))
    lines = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "line"]
    used = {id(argument) for node in lines for argument in node.args}
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in used}
    return {word for word in words if isinstance(word, str) and word.startswith("button.")}


def _read_module(source: Source, path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    imported = dict(_imported(tree))
    for node in tree.body:
        for name in _defined(node):
            source.uses[path.stem, name] = set(_used(node, path.stem, imported))
            source.sets[path.stem, name] = set(_set(node))


def _imported(tree: ast.Module) -> Iterator[tuple[str, Name]]:
    """Local names of the package's modules (with an empty name within them) and of what they define."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            module = (node.module or "").removeprefix(PACKAGE).strip(".")
            for alias in node.names:
                yield alias.asname or alias.name, (module, alias.name) if module else (alias.name, "")


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _used(node: ast.stmt, module: str, imported: dict[str, Name]) -> Iterator[Name]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            there, name = imported.get(each.value.id, ("", " "))
            if not name:
                yield there, each.attr
        elif isinstance(each, ast.Name):
            yield imported.get(each.id, (module, each.id))


def _set(node: ast.stmt) -> Iterator[str]:
    """Steps in `turn.ask_about(Step.X, …)` and in what is assigned to a `.step`."""
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr == "ask_about"
        ):
            yield from _steps(each.args[0])
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                for to, value in _pairs(target, each.value):
                    if isinstance(to, ast.Attribute) and to.attr == "step":
                        yield from _steps(value)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """What is assigned to what, also where it is several at once."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _steps(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "Step":
            yield each.attr


def _offers(tree: ast.Module) -> Iterator[str]:
    """Actions of `Button(label, data)` and `of_draft(action, draft)`; «?» for one that can't be told."""
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id == "Button" and len(node.args) > 1:
            yield _beginning(node.args[1], constants)
        elif node.func.id == "of_draft":
            yield _beginning(node.args[0], constants)


def _beginning(data: ast.expr, constants: dict[str, Any]) -> str:
    first = data.values[0] if isinstance(data, ast.JoinedStr) else data
    if isinstance(first, ast.FormattedValue):
        first = first.value
    if isinstance(first, ast.Name) and first.id in constants:
        return str(constants[first.id]).partition(":")[0]
    return str(first.value).partition(":")[0] if isinstance(first, ast.Constant) else f"? {ast.unparse(data)}"
