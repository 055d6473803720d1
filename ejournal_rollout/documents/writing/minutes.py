"""The minutes of a meeting of the working group as a .docx that is signed and filed. Its words are Russian paper."""

from dataclasses import dataclass
from datetime import date

from .sheet import Look, Sheet


@dataclass(frozen=True)
class Point:
    """One decision: its words, who carries it out ("" for nobody named), until when, which task it is `about`."""

    words: str
    executors: str = ""
    due_on: date | None = None
    about: str = ""


@dataclass(frozen=True)
class Minutes:
    """`present`, `agenda` and `heard` are lines as typed; chair and secretary are written «И.О. Фамилия»."""

    organization: str
    number: int
    held_on: date
    order: str
    present: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    decided: tuple[Point, ...] = ()
    chair: str = ""
    secretary: str = ""
    is_closed: bool = True


def write_minutes(minutes: Minutes, *, look: Look | None = None) -> bytes:
    """«ПРОЕКТ» stands above the minutes until they are closed."""
    name = f"Протокол № {minutes.number}"
    sheet = Sheet(look or Look(), title=name, mark="" if minutes.is_closed else "ПРОЕКТ")
    sheet.page()
    sheet.centred(minutes.organization)
    sheet.title(["ПРОТОКОЛ", "заседания рабочей группы по переходу на электронный журнал"])
    sheet.plain(f"{minutes.held_on:%d.%m.%Y}\t\t\t\t\t№ {minutes.number}")
    sheet.plain(f"План-график: {minutes.order}.", space=6)
    _people(sheet, "Председатель", [minutes.chair])
    _people(sheet, "Секретарь", [minutes.secretary])
    _people(sheet, "Присутствовали", minutes.present)
    _numbered(sheet, "Повестка дня", minutes.agenda)
    if minutes.heard:
        sheet.plain("СЛУШАЛИ:", space=10)
        for line in minutes.heard:
            sheet.indented(line)
    _numbered(sheet, "РЕШИЛИ", [_point(one) for one in minutes.decided] or ["Принять информацию к сведению."])
    sheet.signature("Председатель", minutes.chair)
    sheet.signature("Секретарь", minutes.secretary)
    return sheet.bytes()


def _people(sheet: Sheet, words: str, names: tuple[str, ...] | list[str]) -> None:
    named = [name for name in names if name]
    if named:
        sheet.plain(f"{words}: {'; '.join(named)}.", space=6)


def _numbered(sheet: Sheet, words: str, lines: tuple[str, ...] | list[str]) -> None:
    """Numbers are typed, not automatic: a point that is quoted keeps its number wherever it is copied."""
    if lines:
        sheet.plain(f"{words}:", space=10)
        for number, line in enumerate(lines, start=1):
            sheet.indented(f"{number}. {line}")


def _point(point: Point) -> str:
    words = point.words if point.words.rstrip().endswith((".", "!", "?")) else f"{point.words.rstrip()}."
    if point.about:
        words += f" {point.about}."
    if point.executors:
        words += f" Исполнитель: {point.executors.rstrip('. ')}."
    return f"{words} Срок: до {point.due_on:%d.%m.%Y}." if point.due_on else words
