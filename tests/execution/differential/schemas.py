"""Random Strawberry schemas over a world: every way in which a field can come by its value."""

import random
import sys
from itertools import count
from types import ModuleType
from typing import Any

import strawberry

from api.gql.scalars import CONFIG
from tests.execution.differential.worlds import Shape, Thing, World

_LEAVES = {
    "Int": "int",
    "Float": "float",
    "String": "str",
    "Boolean": "bool",
    "ID": "strawberry.ID",
    "Colour": "Colour",
    "DateTime": "datetime",
}
_HEAD = '''
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Optional, Union

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension

from api.execution.columns import PermissionForAll, computed, presents, relation
from tests.execution.differential.worlds import BoomError, Later
from tests.execution.differential.worlds import Colour as PythonColour

Colour = strawberry.enum(PythonColour, name="Colour")
Root = strawberry.Parent[Any]

def number(root):
    return getattr(root, "number", 0)

def told(kind, field, root):
    return world.answer(kind, field, number(root))

def present(value):
    """What a coroutine may return: an awaitable out of an awaitable is nobody's to await."""
    if isinstance(value, Later):
        value = value.value
        if isinstance(value, BoomError):
            raise value
    return value

def column(kind, field, roots, waits=False):
    """All values, each failure in its place; now and then the whole column fails, or is too short."""
    roll = world.dice("column", kind, field)
    if roll < world.faults / 4:
        raise BoomError(f"column {kind}.{field}")
    values = []
    for root in roots:
        try:
            value = told(kind, field, root)
            values.append(present(value) if waits else value)
        except BoomError as error:
            values.append(error)
    return values

class Refused(BasePermission):
    message = "refused"
    def has_permission(self, source, info, **kwargs):
        return number(source) % 7 != 3

class Granted(BasePermission):
    message = "not granted"
    def has_permission(self, source, info, **kwargs):
        return world.dice("granted") < 0.8

class Watched(FieldExtension):
    def resolve(self, next_, source, info, **kwargs):
        info.context.seen.append((info.field_name, number(source)))
        return next_(source, info, **kwargs)
    async def resolve_async(self, next_, source, info, **kwargs):
        info.context.seen.append((info.field_name, number(source)))
        return await next_(source, info, **kwargs)

@strawberry.input
class Filter:
    number: int = 2
    label: str | None = None
    colour: Colour = PythonColour.RED
    deeper: Optional["Filter"] = None

@strawberry.interface
class Named:
    id: strawberry.ID
    name: str | None

@strawberry.interface
class Counted:
    size: int

@strawberry.type
class Mutation:
    @strawberry.mutation
    async def add(self, info: strawberry.Info, by: int) -> int:
        before = info.context.total
        await Later(None)
        info.context.total = before + by
        return info.context.total

    @strawberry.mutation
    def fail(self, info: strawberry.Info, hard: bool = False) -> int | None:
        info.context.total += 1
        raise BoomError("mutation")

    @strawberry.mutation
    def refuse(self, info: strawberry.Info) -> int:
        info.context.total += 100
        raise BoomError("mutation that may not be null")
'''
_WAYS = [
    "attribute",
    "attribute",
    "resolver",
    "async",
    "computed",
    "relation",
    "permission",
    "guarded",
    "granted",
    "watched",
    "path",
    "argued",
]
_number = count()


class SchemaMaker:
    """Makes a schema from a seed. Its text is Python, so that what differs can be read."""

    def __init__(self, seed: int, *, waits: bool) -> None:
        """Where it `waits`, some fields are coroutines, and some values awaitables."""
        self._random = random.Random(seed)
        self._ways = [way for way in _WAYS if waits or way not in {"async", "relation", "guarded", "granted"}]
        self.world = World()
        self.world.waits = waits
        self.module = ModuleType(f"differential_{seed}_{next(_number)}")
        self.text = _HEAD
        self._names = [f"T{index}" for index in range(self._random.randint(2, 4))]

    def schema(self) -> strawberry.Schema:
        for name in self._names:
            self._things(name)
        self._members()
        for name in self._names:
            self._type(name, self._random.sample(["Named", "Counted"], self._random.randint(0, 2)))
        self._type("Query", [])
        sys.modules[self.module.__name__] = self.module
        names: dict[str, Any] = self.module.__dict__
        names["world"] = self.world
        exec(compile(self.text, self.module.__name__, "exec"), names)
        return strawberry.Schema(
            names["Query"], names["Mutation"], types=[names[name] for name in self._names], config=CONFIG
        )

    def _things(self, name: str) -> None:
        self.world.members[name] = [type(f"{name}Thing", (Thing,), {"kind": name, "world": self.world})]
        self.module.__dict__[f"{name}Thing"] = self.world.members[name][0]

    def _members(self) -> None:
        """Who is behind an interface or a union; some do not belong there."""
        everybody = [self.world.members[name][0] for name in self._names]
        for name in ("Named", "Counted", "Either"):
            self.world.members[name] = everybody

    def _type(self, name: str, interfaces: list[str]) -> None:
        fields = [self._attribute(name, "id", Shape("leaf", "ID"))] if "Named" in interfaces else []
        if "Named" in interfaces:
            fields.append(self._attribute(name, "name", Shape("leaf", "String", nullable=True)))
        if "Counted" in interfaces:
            fields.append(self._attribute(name, "size", Shape("leaf", "Int")))
        fields += [self._field(name, f"f{index}") for index in range(self._random.randint(3, 8))]
        if name != "Query":
            fields.append(self._who(name, bound=bool(interfaces)))
        self.text += f"\n@strawberry.type\nclass {name}({', '.join(interfaces)}):\n" + "\n".join(fields) + "\n"

    def _who(self, name: str, *, bound: bool) -> str:
        """How objects of the type are told; a type behind no interface and no union may leave it."""
        if not bound and name != self._names[0] and name != self._names[-1] and self._random.random() < 0.5:
            return "    pass"
        if self._random.random() < 0.5:
            return f"    is_type_of = presents({name}Thing)"
        return f"    is_type_of = classmethod(lambda cls, source, info: isinstance(source, {name}Thing))"

    def _shape(self, depth: int = 0) -> Shape:
        nullable = self._random.random() < 0.5
        roll = self._random.random()
        if roll < 0.3 and depth < 2:
            return Shape("list", of=self._shape(depth + 1), nullable=nullable)
        if roll < 0.65:
            return Shape("object", self._random.choice([*self._names, "Named", "Counted", "Either"]), nullable=nullable)
        return Shape("leaf", self._random.choice(list(_LEAVES)), nullable=nullable)

    def _written(self, shape: Shape) -> str:
        """The shape as a Python annotation."""
        if shape.kind == "list":
            assert shape.of is not None
            text = f"list[{self._written(shape.of)}]"
        elif shape.kind == "leaf":
            text = _LEAVES[shape.name]
        elif shape.name == "Either":
            union = ", ".join(self._lazy(name) for name in (self._names[0], self._names[-1]))
            text = f'Annotated[Union[{union}], strawberry.union("Either")]'
        elif shape.name in self._names:
            text = self._lazy(shape.name)
        else:
            text = shape.name
        return f"Optional[{text}]" if shape.nullable else text

    def _lazy(self, name: str) -> str:
        return f'Annotated["{name}", strawberry.lazy("{self.module.__name__}")]'

    def _attribute(self, kind: str, name: str, shape: Shape) -> str:
        self.world.shapes[f"{kind}.{name}"] = shape
        return f"    {name}: {self._written(shape)} = strawberry.field()"

    def _field(self, kind: str, name: str) -> str:  # noqa: C901  # one case for each way
        shape = self._shape()
        way = self._random.choice(self._ways)
        if way == "attribute" and kind != "Query":
            return self._attribute(kind, name, shape)
        self.world.shapes[f"{kind}.{name}"] = shape
        told, written = f'told("{kind}", "{name}", root)', self._written(shape)
        column = f'column("{kind}", "{name}", roots)'
        match way:
            case "async":
                lines = [
                    "@strawberry.field",
                    f"async def {name}(root: Root) -> {written}:",
                    f"    await Later(None); return present({told})",
                ]
            case "computed":
                lines = [
                    f'@computed(graphql_type={written}, description="")',
                    "@staticmethod",
                    f"def {name}(roots: Sequence[Any], info: strawberry.Info): return {column}",
                ]
            case "relation":
                lines = [
                    f'@relation(graphql_type={written}, description="")',
                    "@staticmethod",
                    f"async def {name}(roots: Sequence[Any], info: strawberry.Info, *, first: int | None = None):",
                    f"    await Later(None); info.context.asked.append(first); return {column[:-1]}, waits=True)",
                ]
            case "guarded":
                guard = "extensions=[PermissionExtension(permissions=[Refused()])]"
                lines = [
                    f'@relation(graphql_type={written}, description="", {guard})',
                    "@staticmethod",
                    f"async def {name}(roots: Sequence[Any], info: strawberry.Info): return {column[:-1]}, waits=True)",
                ]
            case "granted":
                guard = "extensions=[PermissionForAll(permissions=[Granted()])]"
                lines = [
                    f'@relation(graphql_type={written}, description="", {guard})',
                    "@staticmethod",
                    f"async def {name}(roots: Sequence[Any], info: strawberry.Info): return {column[:-1]}, waits=True)",
                ]
            case "permission":
                lines = [
                    "@strawberry.field(extensions=[PermissionExtension(permissions=[Refused()])])",
                    f"def {name}(root: Root) -> {written}: return {told}",
                ]
            case "watched":
                lines = [
                    "@strawberry.field(extensions=[Watched()])",
                    f"def {name}(root: Root) -> {written}: return {told}",
                ]
            case "path":
                self.world.shapes[f"{kind}.{name}"] = Shape("leaf", "String")
                lines = [
                    "@strawberry.field",
                    f"def {name}(root: Root, info: strawberry.Info) -> str:",
                    '    return "/".join(map(str, info.path.as_list())) + info._raw_info.parent_type.name',
                ]
            case "argued":
                lines = [
                    "@strawberry.field",
                    f"def {name}(root: Root, filter: Filter, first: int = 3, tags: list[str] | None = None) -> str:",
                    "    return repr((filter, first, tags))",
                ]
            case _:
                lines = ["@strawberry.field", f"def {name}(root: Root) -> {written}: return {told}"]
        return "\n".join(f"    {line}" for line in lines)
