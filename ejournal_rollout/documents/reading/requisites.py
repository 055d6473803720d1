"""Number, date and organization of an order, as its body or the heading of an annex prints them. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.people.look_alikes import cyrillic

_MONTHS = ["янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_DATE = re.compile(
    r"(?<!\d)[«\"“„']?\s?(?P<day>\d{1,2})\s?[»\"”“']?\s*"
    r"(?:[./]\s?(?P<month>\d{1,2})\s?[./]\s?(?P<year>\d{4}|\d{2})(?!\d)"
    rf"|\s(?P<word>(?:{'|'.join(_MONTHS)})[а-я]*)\s+(?P<long_year>\d{{4}}))"
    r"|(?<!\d)(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)",
    re.IGNORECASE,
)
# «337/01-18», «59- ОД», «6а», «01-07/312»; text, because it may hold anything
_NUMBER = re.compile(r"(?:№|\bN|\bNo)\.?\s?(?P<number>\d[\w]*(?:(?:\s[-–/]|[-–/.]\s?|)[\dА-ЯЁа-яёA-Za-z]{1,6}\b)*)")
_SCHOOL_NAME = re.compile(r"\b(?:М[А-Я]{1,4}У|Г?[БКА]?ОУ|СОШ|МКОУ)\b|школ|гимнази|лице|учреждени", re.IGNORECASE)
# «МБОУ «СОШ № 8» им. …», «МКОУ Средняя школа № 2»
_SHORT_NAME = re.compile(r"\bМ[А-Я]{1,4}У\s+(?:[^«»№]{0,60}«[^»]*»|[^«»№,]{0,60}№\s*\d+)")
_MINUTES = re.compile(  # «протокол от 28.08.2022 № 1» of the council is not the order
    r"протокол\w*(?:\s*от\s*[«\"“]?\d{1,2}[»\"”]?[.\s]\s*[\w.]+(?:\s*\d{4})?(?:\s*г\.?)?|\s*№\s*\S+){1,2}",
    re.IGNORECASE,
)
_TO_THE_ORDER = re.compile(
    r"(?:к\s+приказу|приказом|\bприказ(?=\s+(?:от|№))|к\s+распоряжению|распоряжением)\s*"
    r"(?:(?:и\.\s?о\.\s*)?(?:директора|руководителя|заведующего|по)\s+)*(?P<rest>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Requisites:
    """What is printed; "" or None where it is not. `wrong_date` holds words of an impossible date (31.09.2021)."""

    number: str = ""
    signed_on: date | None = None
    organization: str = ""
    wrong_date: str = ""


def read_date(text: str) -> tuple[date | None, str]:
    """The first date in the text; (None, its words) if there is no such day."""
    found = _DATE.search(cyrillic(text))
    if not found:
        return None, ""
    try:
        return _day(found), ""
    except ValueError:
        return None, text[found.start() : found.end()].strip()


def _day(found: re.Match[str]) -> date:
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    if found["word"]:
        word = found["word"].lower()
        month = next(place for place, stem in enumerate(_MONTHS, start=1) if re.match(stem, word))
        return date(int(found["long_year"]), month, int(found["day"]))
    year = int(found["year"])
    return date(year if year > 99 else 2000 + year, int(found["month"]), int(found["day"]))


def of_heading(lines: list[str]) -> Requisites:
    """From «к приказу  МОУ «СШ № 3 / им. Я.И. Чапичева» / от 31.08.2021 № 337/01-18»."""
    text = _MINUTES.sub(" ", fold(" ".join(lines)))
    found = _TO_THE_ORDER.search(cyrillic(text))
    rest = text[found.start("rest") :] if found else text
    day = _DATE.search(cyrillic(rest))
    signed_on, wrong_date = read_date(rest)
    number = _number_near(cyrillic(rest), day)
    organization = ""
    if found:
        end = len(rest)
        for mark in (day, number):
            end = min(end, mark.start()) if mark else end
        organization = re.sub(r"[\s,]*\b[оo]т\s*[«\"“]?\s*$", "", rest[:end]).strip(" ,(")
        organization = re.sub(r"\s*\b[оo]т\s+_.*$", "", organization)
    if not organization:
        name = _SHORT_NAME.search(cyrillic(text))
        organization = text[name.start() : name.end()].strip() if name else ""
    return Requisites(_printed(number, rest), signed_on, organization, wrong_date)


def _printed(number: re.Match[str] | None, text: str) -> str:
    """The number as the paper has it, where it was found in the same text with its Latin letters made Russian."""
    return text[number.start("number") : number.end("number")] if number else ""


def _number_near(text: str, day: re.Match[str] | None) -> re.Match[str] | None:
    """The order's number: after the date, else right before it; never the number inside the school's name."""
    if day is None:
        numbers = list(_NUMBER.finditer(re.sub(r"«[^»]*»", lambda name: "·" * len(name.group()), text)))
        return (
            numbers[-1]
            if numbers and not _SCHOOL_NAME.search(text[max(0, numbers[-1].start() - 12) : numbers[-1].start()])
            else None
        )
    after = _NUMBER.search(text, day.end())
    if after and after.start() - day.end() < 40:
        return after
    before = [
        one
        for one in _NUMBER.finditer(text, 0, day.start())
        if re.fullmatch(r"\s*(?:от)?\s*", text[one.end() : day.start()])
    ]
    return before[-1] if before else after


def of_body(lines: list[str]) -> Requisites:
    """From the order's own text: the first date with a number before «ПРИКАЗЫВАЮ», and the letterhead's name."""
    head: list[str] = []
    for line in lines:
        if re.search(
            r"п\s?р\s?и\s?к\s?а\s?з\s?ы\s?в\s?а\s?(?:ю|ем)|^\W*(?:в\s+целях|на\s+основании|во\s+исполнение)",
            line,
            re.IGNORECASE,
        ):
            break
        head.append(line)
    title = next((place for place, line in enumerate(head) if _is_order_title(line)), None)
    signed_on, wrong_date, number = None, "", ""
    for place in [*range(title or 0, len(head)), *range(title or 0)]:
        line = fold(head[place])
        if signed_on is None and not wrong_date:
            signed_on, wrong_date = read_date(line)
        plain = cyrillic(line)
        found = _number_near(plain, _DATE.search(plain))
        stands_alone = re.match(r"\s*(?:№|N)", line) or _DATE.search(plain) or _is_order_title(line)
        if found and not number and stands_alone:
            number = _printed(found, line)
    letterhead = [line for line in head[:title] if not _DATE.search(cyrillic(line))] if title else []
    signature = _SHORT_NAME.search(fold(" ".join(lines)))
    name = _letterhead_name(letterhead) or (signature.group() if signature else "")
    return Requisites(number, signed_on, name, wrong_date)


def _is_order_title(line: str) -> bool:
    plain = re.sub(r"\s", "", cyrillic(line)).upper()
    return plain.startswith(("ПРИКАЗ", "РАСПОРЯЖЕНИЕ")) and not plain.startswith("ПРИКАЗЫВАЮ") and len(plain) < 80


def _letterhead_name(lines: list[str]) -> str:
    """The short name in brackets if there is one, else the lines from the first that names a school."""
    text = fold(" ".join(lines))
    short = re.search(r"\((М[А-Я]{1,4}У[^()]*)\)", text)
    if short:
        return short[1].strip()
    start = next((place for place, line in enumerate(lines) if _SCHOOL_NAME.search(line)), None)
    if start is None:
        return ""
    name = fold(" ".join(lines[start:]))
    closed = name.rfind("»")
    return name[: closed + 1] if closed > 0 else name
