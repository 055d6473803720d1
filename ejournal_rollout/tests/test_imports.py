"""The directions of import: every room knows only the rooms under it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]

# From the ground up. Rooms on one floor do not know each other. History lies deepest: adding a person is an act too.
FLOORS = [
    {"ejournal_rollout.history", "ejournal_rollout.files"},
    {"ejournal_rollout.people"},
    {"ejournal_rollout.notifications", "ejournal_rollout.calendars"},
    {"ejournal_rollout.orders"},
    {"consultations"},
    {"plans", "support"},
    {"ejournal_rollout.documents"},
    {"ejournal_rollout.desk"},
    {"ejournal_rollout.settings", "ejournal_rollout.urls", "ejournal_rollout.wsgi", "ejournal_rollout.asgi"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
# Support may use consultations (Annex 2, clause 4 names the schedule), plans may not.
FORBIDDEN = {("plans", "consultations")}
# Pure files may be read from anywhere above or below: they know nobody.
CELLAR = {
    "ejournal_rollout.people.roles",
    "ejournal_rollout.people.parties",
    "ejournal_rollout.orders.changes",
    "ejournal_rollout.orders.pairing",
    "ejournal_rollout.people.look_alikes",
    "ejournal_rollout.orders.drafts",
    "ejournal_rollout.orders.headings",
    "ejournal_rollout.spreadsheets",
    "ejournal_rollout.plots",
    "ejournal_rollout.periods",
    "ejournal_rollout.xml_text",
    "ejournal_rollout.orders.school_year",
    "plans.terms",
    "plans.recurrence",
    "plans.reminders",
    "consultations.hours",
    "consultations.free_times",
    "consultations.working_days",
    "consultations.timetable_file",
    "ejournal_rollout.calendars.ical",
}
# Of another room one takes its models, operations and words about them; never its pages.
PRIVATE = {"forms", "views", "urls", "admin"}


def sources() -> list[Path]:
    folders = [HOUSE / "ejournal_rollout", HOUSE / "plans", HOUSE / "consultations", HOUSE / "support"]
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(HOUSE).parts)
    ]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    parts = module.split(".")
    room = ".".join(parts[:2]) if parts[0] == "ejournal_rollout" else parts[0]
    return room if room in FLOOR_OF else None


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, relative ones resolved, with the names taken from packages."""
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_cellar(module: str) -> bool:
    return any(module == pure or module.startswith(f"{pure}.") for pure in CELLAR)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_go_downwards_only(path):
    module = module_of(path)
    room = room_of(module)
    for imported in imports_of(path):
        other = room_of(imported)
        if other is None or other == room or is_cellar(imported):
            continue
        assert not is_cellar(module), f"{module} is pure and imports {imported}"
        assert room is None or FLOOR_OF[other] < FLOOR_OF[room], f"{module} imports {imported} from above or beside"
        assert (room, other) not in FORBIDDEN, f"{module} may not know {other}"
        if FLOOR_OF.get(room, 0) < len(FLOORS) - 1:
            assert imported.split(".")[len(other.split(".")) :][:1] not in ([one] for one in PRIVATE), (
                f"{module} takes {imported}: the pages of another room are its own matter"
            )


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_stand_at_the_top(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [
        node.lineno for one in functions for node in ast.walk(one) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("path", [path for path in sources() if is_cellar(module_of(path))], ids=module_of)
def test_pure_files_know_neither_django_nor_the_database(path):
    foreign = [one for one in imports_of(path) if one.split(".")[0] in ("django", "docx", "allauth")]
    assert foreign == []


def test_no_drawers_instead_of_names():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py", "mixins.py", "base.py"}
    assert [path for path in sources() if path.name in drawers] == []
