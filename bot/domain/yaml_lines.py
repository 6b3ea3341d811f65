"""YAML that people write: read, with the line of everything in it, so that errors can name it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from bot.domain.errors import Invalid


@dataclass(frozen=True)
class Document:
    """What a text holds, and where: `lines` is by path, as in `requests.cancel` or `slots[2]`."""

    data: Any
    lines: Mapping[str, int]

    def locate(self, error: Invalid) -> Invalid:
        """The same problems, each with the line of its field or of what the field is missing in."""
        return Invalid(*((self._where(path), said) for path, said in error.problems))

    def _where(self, path: str) -> str:
        asked = path
        while asked and asked not in self.lines:
            asked = asked[: max(asked.rfind("."), asked.rfind("["), 0)]
        line = self.lines.get(asked, 1)
        return f"line {line}, {path}"


def read_yaml(text: str) -> Document:
    """Read a text.

    Raises:
        Invalid: it is not YAML; with the line.
    """
    try:
        node = _compose(text)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Invalid((f"line {line}", error.problem or "is no YAML")) from None
    except yaml.YAMLError as error:
        raise Invalid(("line 1", f"is no YAML: {error}")) from None
    return Document(data, dict(_lines(node, "")) if node is not None else {})


def read_located[Found](text: str, read: Callable[[Any], Found]) -> tuple[Any, Found]:
    """What a text holds, and what `read` makes of it.

    Raises:
        Invalid: names every line that is wrong.
    """
    document = read_yaml(text)
    try:
        return document.data, read(document.data)
    except Invalid as error:
        raise document.locate(error) from None


def _compose(text: str) -> Node | None:
    loader: Any = yaml.SafeLoader(text)
    return cast("Node | None", loader.get_single_node())


def _lines(node: Node, path: str) -> Iterator[tuple[str, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in cast("list[tuple[Node, Node]]", node.value):
            name = f"{path}.{key.value}" if path else str(key.value)
            yield name, key.start_mark.line + 1
            yield from (found for found in _lines(value, name) if found[0] != name)
    elif isinstance(node, SequenceNode):
        for place, value in enumerate(cast("list[Node]", node.value)):
            yield from _lines(value, f"{path}[{place}]")
