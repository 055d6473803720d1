"""Signs into statements: what one cell says, before anybody asks which year is meant.

    cell      = statement { [","|"-"] statement }
    statement = whole period | schedule | on demand | recurring | condition
              | ("до"|"к"|"по"|"не позднее") ["конца"|"начала"] point
              | "с" ["начала"] point [("по"|"до"|"-") point]
              | ["в течение"] ["всего"] ["в"] point [("-"|"по") point]
              | ["каждый"|"по"] [{number} | "последний"] weekday {"," weekday} ["месяца"]
    point     = [number] [unit] [year]           a number without a unit takes it from the next point

A cell is understood in full or not at all: anything left over raises `NotUnderstood`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from .words import Sign, Token


class Doubt(StrEnum):
    """Why a person must look at a term. Codes are stored: do not rename."""

    UNREADABLE = "unreadable"
    IMPOSSIBLE_DATE = "impossible_date"
    YEAR_MISSING = "year_missing"
    SEVERAL_STATEMENTS = "several_statements"
    REVERSED = "reversed"
    WRONG_WEEKDAY = "wrong_weekday"


class NotUnderstood(ValueError):
    """The words give no dates, and why."""

    def __init__(self, doubt: Doubt = Doubt.UNREADABLE) -> None:
        super().__init__(doubt)
        self.doubt = doubt


class Unit(StrEnum):
    OPEN = auto()  # only a number as yet: «1» of «с 1 по 10 сентября»
    DAY = auto()
    MONTH = auto()
    QUARTER = auto()
    HALF_YEAR = auto()  # of a school year
    HALF_MONTH = auto()
    TEN_DAYS = auto()
    YEAR = auto()
    SCHOOL_YEAR = auto()


_NUMBERED = {Sign.QUARTER: (Unit.QUARTER, 4), Sign.HALF_YEAR: (Unit.HALF_YEAR, 2)}
_OF_MONTH = {Sign.TEN_DAYS: (Unit.TEN_DAYS, 3), Sign.HALF: (Unit.HALF_MONTH, 2)}
LAST_DAY = 0  # of the month, whichever it is


@dataclass(frozen=True)
class Edge:
    """The first or last day of something; the year may be written, or given by a school year, or neither."""

    month: int
    day: int
    year: int | None = None
    school_year: int | None = None  # its first calendar year

    @property
    def is_open(self) -> bool:
        return self.year is None and self.school_year is None

    @property
    def order(self) -> tuple[int, int]:
        return self.month, self.day or 31


@dataclass(frozen=True)
class Point:
    unit: Unit
    number: int = 0
    month: int = 0
    year: int | None = None
    school_year: int | None = None

    def edges(self) -> tuple[Edge, Edge]:
        match self.unit:
            case Unit.DAY:
                first = last = (self.month, self.number)
            case Unit.MONTH:
                first, last = (self.month, 1), (self.month, LAST_DAY)
            case Unit.TEN_DAYS:
                first = (self.month, self.number * 10 - 9)
                last = (self.month, LAST_DAY if self.number == 3 else self.number * 10)
            case Unit.HALF_MONTH:
                first, last = ((self.month, 1), (self.month, 15))
                if self.number == 2:
                    first, last = (self.month, 16), (self.month, LAST_DAY)
            case Unit.QUARTER:
                first, last = (self.number * 3 - 2, 1), (self.number * 3, LAST_DAY)
            case Unit.HALF_YEAR:
                first, last = ((9, 1), (12, 31)) if self.number == 1 else ((1, 1), (5, 31))
            case Unit.YEAR:
                first, last = (1, 1), (12, 31)
            case Unit.SCHOOL_YEAR:
                first, last = (9, 1), (5, 31)
            case Unit.OPEN:
                raise NotUnderstood
        return Edge(*first, self.year, self.school_year), Edge(*last, self.year, self.school_year)


class Role(StrEnum):
    """What a statement does in the cell."""

    SPAN = auto()
    UNTIL = auto()
    WHOLE_PERIOD = auto()
    SCHEDULE = auto()
    ON_DEMAND = auto()
    RECURRING = auto()
    ANNUAL = auto()
    WEEKDAY = auto()  # one, not said to return: it explains a date or a recurring statement beside it
    SEQUEL = auto()
    CONDITION = auto()


@dataclass(frozen=True)
class Statement:
    """One thing that the cell says. `points`: two for a range, one for another SPAN or UNTIL, none otherwise.

    `weekday`: of a WEEKDAY statement, 1 is Monday; 0 if it names several or «последняя пятница».
    """

    role: Role
    points: tuple[Point, ...] = ()
    edge: Sign | None = None  # END, BEGINNING or None: which side of the point an UNTIL means
    since: bool = False  # «с 1 сентября» without an end
    throughout: bool = False  # «в течение ...», «весь ...»
    weekday: int = 0


_ALONE = {
    Sign.WHOLE_PERIOD: Role.WHOLE_PERIOD,
    Sign.SCHEDULE: Role.SCHEDULE,
    Sign.ON_DEMAND: Role.ON_DEMAND,
    Sign.RECURRING: Role.RECURRING,
    Sign.ANNUAL: Role.ANNUAL,
    Sign.SEQUEL: Role.SEQUEL,
}
_LIMITS = (Sign.BEFORE, Sign.BY, Sign.TO, Sign.NOT_LATER)


def statements(signs: list[Token]) -> list[Statement]:
    """All statements of one cell, open numbers filled from the right; NotUnderstood if a sign is left over."""
    return _fill_open_points(list(_Parser(signs).cell()))


class _Parser:
    def __init__(self, signs: list[Token]) -> None:
        self.signs = signs
        self.at = 0

    def sees(self, *wanted: Sign, ahead: int = 0) -> bool:
        place = self.at + ahead
        return place < len(self.signs) and self.signs[place].sign in wanted

    def take(self, *wanted: Sign) -> Token | None:
        if not self.sees(*wanted):
            return None
        self.at += 1
        return self.signs[self.at - 1]

    def take_all(self, *wanted: Sign) -> bool:
        """These signs one after another, or nothing."""
        fits = all(self.sees(sign, ahead=ahead) for ahead, sign in enumerate(wanted))
        self.at += len(wanted) if fits else 0
        return fits

    def take_list(self, *wanted: Sign) -> list[Token]:
        """All of these that follow each other, with or without commas between them."""
        found = []
        while token := self.take(*wanted):
            found.append(token)
            if self.sees(Sign.COMMA) and self.sees(*wanted, ahead=1):
                self.take(Sign.COMMA)
        return found

    def cell(self) -> Iterator[Statement]:
        self.skip_commas()
        while self.at < len(self.signs):
            yield self.statement()
            dash = self.take(Sign.DASH)
            self.skip_commas()
            if dash and self.at == len(self.signs):
                raise NotUnderstood  # «Октябрь 2022 –»: the end of the range is lost

    def skip_commas(self) -> None:
        while self.take(Sign.COMMA):
            pass

    def statement(self) -> Statement:
        if alone := self.take(*_ALONE):
            if alone.sign is Sign.SCHEDULE and self.sees(Sign.IN) and self.sees_point(ahead=1):
                self.take(Sign.IN)  # «по плану работы школы на 2022-2023 учебный год» names the plan, not the term
                self.point(bare_year=False)
            return Statement(_ALONE[alone.sign])
        if self.take(Sign.CONDITION):
            return self.condition()
        if self.day_of_month():
            return Statement(Role.RECURRING)
        if weekdays := self.weekdays():
            return weekdays
        if limit := self.take(*_LIMITS):
            return self.until(limit.sign)
        if self.take(Sign.FROM):
            return self.since()
        if self.take(Sign.NOT_EARLIER):
            return Statement(Role.SPAN, (self.point_of_day(),), since=True)
        return self.span()

    def condition(self) -> Statement:
        if not self.take(Sign.WORD):
            raise NotUnderstood
        while self.take(Sign.WORD):
            pass
        return Statement(Role.CONDITION)

    def day_of_month(self) -> bool:
        """«до 5 числа», «с 20 по 25 число каждого месяца»: every month, whichever it is."""
        start = self.at
        self.take(Sign.FROM, *_LIMITS)
        while self.take(Sign.NUMBER):
            if self.take(Sign.DAY_OF_MONTH) and not self.sees(Sign.MONTH):
                self.take(Sign.OF_EACH_MONTH)
                return True
            self.take(Sign.DASH, Sign.COMMA, Sign.TO)
        self.at = start
        return False

    def weekdays(self) -> Statement | None:
        """«каждую пятницу», «по вторникам и четвергам», «1-я и 3-я среда месяца»; or only «пятница»."""
        start = self.at
        self.take(Sign.IN)
        returns = self.take(Sign.EACH, Sign.TO)
        counted = self.take_list(Sign.NUMBER, Sign.ROMAN, Sign.LAST)
        if not (days := self.take_list(Sign.WEEKDAY)):
            self.at = start
            return None
        returns = self.take(Sign.MONTH_WORD, Sign.OF_EACH_MONTH, Sign.OF_EACH_WEEK) or returns
        if returns:
            return Statement(Role.RECURRING)
        return Statement(Role.WEEKDAY, weekday=days[0].value if len(days) == 1 and not counted else 0)

    def until(self, limit: Sign) -> Statement:
        side = self.take(Sign.END, Sign.BEGINNING)
        point = self.point(bare_year=False)
        vague = point.unit is not Unit.DAY and not side and limit in (Sign.BEFORE, Sign.BY)
        if vague or (point.unit is Unit.DAY and side):  # «до сентября»: with September or without?
            raise NotUnderstood
        return Statement(Role.UNTIL, (point,), edge=side.sign if side else None)

    def since(self) -> Statement:
        from_start = self.take(Sign.BEGINNING)
        first = self.point(bare_year=False)
        if from_start and first.unit in (Unit.DAY, Unit.MONTH, Unit.OPEN):  # «с начала сентября»: which day is that?
            raise NotUnderstood
        limit = self.take(Sign.TO, Sign.BEFORE) or (self.take(Sign.DASH) if self.sees_point(ahead=1) else None)
        if not limit:
            return Statement(Role.SPAN, (first,), since=True)
        last = self.point(bare_year=False)
        if limit.sign is Sign.BEFORE and last.unit is not Unit.DAY:
            raise NotUnderstood
        return Statement(Role.SPAN, (first, last))

    def span(self) -> Statement:
        within = self.take(Sign.WITHIN)
        throughout = bool(self.take(Sign.ALL) or within)
        self.take(Sign.IN)
        if years := self.take(Sign.YEARS):
            if not self.take(Sign.YEARS_WORD):  # «2021-2022»: calendar years or a school year?
                raise NotUnderstood
            first, last = (Point(Unit.YEAR, year=numeral.value) for numeral in years.numerals)
            return Statement(Role.SPAN, (first, last), throughout=throughout)
        first = self.point(bare_year=throughout)
        if self.sees(Sign.DASH, Sign.TO) and self.sees_point(ahead=1):
            self.take(Sign.DASH, Sign.TO)
            return Statement(Role.SPAN, (first, self.point(bare_year=False)), throughout=throughout)
        if first.unit is Unit.OPEN and not self.sees(Sign.COMMA):
            raise NotUnderstood
        return Statement(Role.SPAN, (first,), throughout=throughout)

    def sees_point(self, *, ahead: int) -> bool:
        return self.sees(Sign.NUMBER, Sign.ROMAN, Sign.MONTH, Sign.YEAR, Sign.SCHOOL_YEARS, ahead=ahead)

    def point_of_day(self) -> Point:
        point = self.point(bare_year=False)
        if point.unit is not Unit.DAY:  # «не ранее октября»: from its first day on, or after it?
            raise NotUnderstood
        return point

    def point(self, *, bare_year: bool) -> Point:
        """One named stretch of time. `bare_year`: «года» alone means the school year («в течение года»)."""
        if bare_year and self.take(Sign.YEAR_WORD):
            return Point(Unit.SCHOOL_YEAR)
        if year := self.take(Sign.YEAR):
            self.take(Sign.YEAR_WORD, Sign.YEARS_WORD)
            return Point(Unit.YEAR, year=year.value)
        if self.take_all(Sign.SCHOOL, Sign.YEAR_WORD):
            return Point(Unit.SCHOOL_YEAR)
        if self.sees(Sign.SCHOOL_YEARS):
            return self.with_year(Point(Unit.SCHOOL_YEAR))
        number = self.take(Sign.NUMBER, Sign.ROMAN)
        if number and (noun := self.take(*_NUMBERED)):
            unit, most = _NUMBERED[noun.sign]
            if not 1 <= number.value <= most:
                raise NotUnderstood
            return self.with_year(Point(unit, number.value))
        if number and (noun := self.take(*_OF_MONTH)):
            unit, most = _OF_MONTH[noun.sign]
            month = self.take(Sign.MONTH)
            if not month or not 1 <= number.value <= most:
                raise NotUnderstood
            return self.with_year(Point(unit, number.value, month.value))
        if number and self.sees(Sign.MONTH, ahead=1):
            self.take(Sign.DAY_OF_MONTH)  # «5 числа сентября»
        if month := self.take(Sign.MONTH):
            if number and number.sign is Sign.ROMAN:
                raise NotUnderstood
            self.take(Sign.MONTH_WORD)  # «в марте месяце»
            unit = Unit.DAY if number else Unit.MONTH
            return self.with_year(Point(unit, number.value if number else 0, month.value))
        if not number:
            raise NotUnderstood
        return Point(Unit.OPEN, number.value)

    def with_year(self, point: Point) -> Point:
        """The year after a unit, also as «Май-июнь, 2021» when nothing but a new statement can follow."""
        if self.sees(Sign.COMMA) and self.sees(Sign.YEAR, Sign.SCHOOL_YEARS, ahead=1):
            start = self.at
            self.take(Sign.COMMA)
            dated = self.with_year(point)
            if self.at == len(self.signs) or self.sees(Sign.COMMA):
                return dated
            self.at = start
            return point
        if point.unit is not Unit.SCHOOL_YEAR and (year := self.take(Sign.YEAR)):
            if point.unit is Unit.HALF_YEAR:  # «II полугодие 2022 года»: of the calendar or of the school year?
                raise NotUnderstood
            self.take(Sign.YEAR_WORD, Sign.YEARS_WORD)
            return replace(point, year=year.value)
        if years := self.take(Sign.SCHOOL_YEARS):
            self.take(Sign.SCHOOL)
            self.take(Sign.YEAR_WORD, Sign.YEARS_WORD)
            return replace(point, school_year=years.value)
        self.take_all(Sign.SCHOOL, Sign.YEAR_WORD)
        return point


def _fill_open_points(found: list[Statement]) -> list[Statement]:
    """«1, 5 и 10 сентября», «1–3 квартал»: a bare number counts the units of the point after it."""
    right: Point | None = None
    filled: list[Statement] = []
    for statement in reversed(found):
        points: list[Point] = []
        for point in reversed(statement.points):
            if point.unit is Unit.OPEN:
                point = _named_by(point, right)
            right = point
            points.insert(0, point)
        if not statement.points:
            right = None
        filled.insert(0, replace(statement, points=tuple(points)))
    return filled


def _named_by(point: Point, right: Point | None) -> Point:
    if right is None or right.unit not in (Unit.DAY, Unit.QUARTER, Unit.HALF_YEAR, Unit.HALF_MONTH, Unit.TEN_DAYS):
        raise NotUnderstood
    if point.number >= right.number:
        raise NotUnderstood(Doubt.REVERSED)
    return replace(right, number=point.number)
