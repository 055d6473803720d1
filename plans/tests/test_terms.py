"""The words of the column «Сроки» (Annex 1): what they mean, and the same words in another year.

`deadlines.tsv` holds agreed readings: expression (a literal \\n is a line break in the cell), first day,
last day, kind ("a/b": both are fair), the school year of the plan. `terms.tsv` is written the same way and holds
what schools write besides: one reading each, or "asked" where a careful person would ask.
"""

import csv
import re
from calendar import isleap, monthrange
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ejournal_rollout.orders.school_year import SchoolYear
from plans.terms import Doubt, Kind, Precision, Term, read_term, shift_school_years, shift_term

PLAN_YEAR = SchoolYear(2022)

with (Path(__file__).parent / "deadlines.tsv").open(encoding="utf-8", newline="") as rows:
    AGREED = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))


with (Path(__file__).parent / "terms.tsv").open(encoding="utf-8", newline="") as rows:
    WRITTEN = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", AGREED, ids=[row["expression"] for row in AGREED])
def test_agreed_reading_of_a_term(row):
    words = row["expression"].replace("\\n", "\n")

    term = read_term(words, SchoolYear.parse(row["context"]) if row["context"] else None)

    assert term.words == words
    assert (term.starts_on, term.due_on) == (day(row["start"]), day(row["end"]))
    assert term.kind in row["kind"].split("/")


@pytest.mark.parametrize("row", WRITTEN, ids=[row["expression"] for row in WRITTEN])
def test_term_as_schools_write_it_is_read_or_asked_about(row):
    words = row["expression"].replace("\\n", "\n")

    term = read_term(words, SchoolYear.parse(row["context"]))

    told = "asked" if term.doubt else term.kind
    assert (term.words, told, term.starts_on, term.due_on) == (words, row["kind"], day(row["start"]), day(row["end"]))


# words | kind | first day | last day | precision; the words name the year
DATED = """
май – июнь 2021 г. | range | 2021-05-01 | 2021-06-30 | month
Ноябрь - январь 2027 | range | 2026-11-01 | 2027-01-31 | month
Октябрь 2023 – март 2024 | range | 2023-10-01 | 2024-03-31 | month
Август-сентябрь 2023 г. | range | 2023-08-01 | 2023-09-30 | month
в августе-сентябре 2022 г. | range | 2022-08-01 | 2022-09-30 | month
с мая 2021 года по июнь 2022 года | range | 2021-05-01 | 2022-06-30 | month
с октября 2023 по март | range | 2023-10-01 | 2024-03-31 | month
Май-июнь, 2021 | range | 2021-05-01 | 2021-06-30 | month
окт.-нояб. 2022 | range | 2022-10-01 | 2022-11-30 | month
с сентября 2022 | range | 2022-09-01 | | month
Август 2023 года | month | 2023-08-01 | 2023-08-31 | month
в феврале 2024 | month | 2024-02-01 | 2024-02-29 | month
сентябрь (2022 г.) | month | 2022-09-01 | 2022-09-30 | month
09.2022 | month | 2022-09-01 | 2022-09-30 | month
сентябрь 2022-2023 учебного года | month | 2022-09-01 | 2022-09-30 | month
01.09.2022 | day | 2022-09-01 | 2022-09-01 | day
01.09.22 | day | 2022-09-01 | 2022-09-01 | day
2022-09-01 | day | 2022-09-01 | 2022-09-01 | day
1 сентября 2022 г. | day | 2022-09-01 | 2022-09-01 | day
29.02.2024 | day | 2024-02-29 | 2024-02-29 | day
с 01.09.2022 по 30.09.2022 | range | 2022-09-01 | 2022-09-30 | day
01.09.2022-30.09.2022 | range | 2022-09-01 | 2022-09-30 | day
01.09.-30.09.2022 | range | 2022-09-01 | 2022-09-30 | day
01-10.09.2022 | range | 2022-09-01 | 2022-09-10 | day
01-10 сентября 2022 | range | 2022-09-01 | 2022-09-10 | day
28 декабря – 10 января 2023 | range | 2022-12-28 | 2023-01-10 | day
сентябрь 2022 – 23 октября 2022 | range | 2022-09-01 | 2022-10-23 | month
с «01» сентября 2022 г. по «10» сентября 2022 г. | range | 2022-09-01 | 2022-09-10 | day
первая декада сентября 2022 | range | 2022-09-01 | 2022-09-10 | day
3-й квартал 2022 | range | 2022-07-01 | 2022-09-30 | month
I–III кварталы 2022 года | range | 2022-01-01 | 2022-09-30 | month
1 полугодие 2022/2023 учебного года | range | 2022-09-01 | 2022-12-31 | month
II полугодие 2023/2024 уч. года | range | 2024-01-01 | 2024-05-31 | month
2022/2023 учебный год | range | 2022-09-01 | 2023-05-31 | month
21-22 уч.г. | range | 2021-09-01 | 2022-05-31 | month
2022 год | range | 2022-01-01 | 2022-12-31 | month
2021-2022 гг. | range | 2021-01-01 | 2022-12-31 | month
в течение 2022-2023 учебного года | whole_period | 2022-09-01 | 2023-05-31 | month
весь период работы: май 2021 – июнь 2022 | whole_period | 2021-05-01 | 2022-06-30 | month
к 1 сентября 2022 | until | | 2022-09-01 | day
до 01.09.2023 | until | | 2023-09-01 | day
Не позднее 15.06.2024 | until | | 2024-06-15 | day
не позднее 15 июня 2024 года | until | | 2024-06-15 | day
по 31.05.2023 | until | | 2023-05-31 | day
по май 2023 включительно | until | | 2023-05-31 | month
в срок до 15.09.2022 | until | | 2022-09-15 | day
до 1-го сентября 2022 | until | | 2022-09-01 | day
до конца 2022 года | until | | 2022-12-31 | month
до конца мая 2023 г. | until | | 2023-05-31 | month
1, 5 и 10 сентября 2022 г. | recurring | 2022-09-01 | 2022-09-10 | day
май; сентябрь 2022 | recurring | 2022-05-01 | 2022-09-30 | month
сентябрь, январь, май 2022/2023 уч. г. | recurring | 2022-09-01 | 2023-05-31 | month
2 раза в год: сентябрь 2022, май 2023 | recurring | 2022-09-01 | 2023-05-31 | month
Ежемесячно, сентябрь 2022 – май 2023 | recurring | 2022-09-01 | 2023-05-31 | month
еженедельно до 31.05.2023 | recurring | | 2023-05-31 | day
"""

# the words name no year; the plan is of 2022/2023
BY_PLAN_YEAR = """
сентябрь-октябрь | range | 2022-09-01 | 2022-10-31 | month
август-сентябрь | range | 2022-08-01 | 2022-09-30 | month
с 25 августа по 5 сентября | range | 2022-08-25 | 2022-09-05 | day
июль-август | range | 2023-07-01 | 2023-08-31 | month
с сентября по май | range | 2022-09-01 | 2023-05-31 | month
декабрь | month | 2022-12-01 | 2022-12-31 | month
январь | month | 2023-01-01 | 2023-01-31 | month
июль | month | 2023-07-01 | 2023-07-31 | month
15.11 | day | 2022-11-15 | 2022-11-15 | day
до 1 сентября | until | | 2022-09-01 | day
до конца учебного года | until | | 2023-05-31 | month
к началу учебного года | until | | 2022-09-01 | day
I квартал | range | 2023-01-01 | 2023-03-31 | month
IV квартал | range | 2022-10-01 | 2022-12-31 | month
первое полугодие | range | 2022-09-01 | 2022-12-31 | month
в течение года | whole_period | 2022-09-01 | 2023-05-31 | month
весь учебный год | whole_period | 2022-09-01 | 2023-05-31 | month
постоянно, в течение учебного года | whole_period | 2022-09-01 | 2023-05-31 | month
сентябрь, январь, май | recurring | 2022-09-01 | 2023-05-31 | month
ежемесячно в течение учебного года | recurring | 2022-09-01 | 2023-05-31 | month
"""


def table(text: str) -> list:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [pytest.param(*row, id=row[0]) for row in rows]


@pytest.mark.parametrize(("words", "kind", "starts_on", "due_on", "precision"), table(DATED))
def test_term_that_names_its_year(words, kind, starts_on, due_on, precision):
    expected = Term(words, Kind(kind), day(starts_on), day(due_on), Precision(precision))

    assert read_term(words) == expected
    assert read_term(words, SchoolYear(2040)) == expected  # the plan's year is asked only in need


@pytest.mark.parametrize(("words", "kind", "starts_on", "due_on", "precision"), table(BY_PLAN_YEAR))
def test_term_without_a_year_takes_it_from_the_plan_or_asks(words, kind, starts_on, due_on, precision):
    assert read_term(words, PLAN_YEAR) == Term(words, Kind(kind), day(starts_on), day(due_on), Precision(precision))
    assert read_term(words) == Term(words, Kind(kind), doubt=Doubt.YEAR_MISSING)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        *(
            (Kind.WHOLE_PERIOD, words)
            for words in (
                "весь период",
                "на протяжении всего периода",
                "в течение всего срока",
                "Весь период внедрения электронного журнала",
                "постоянно",
                "Весь период работы, по мере необходимости",
            )
        ),
        *(
            (Kind.RECURRING, words)
            for words in (
                "ежемесячно",
                "еженедельно",
                "ежедневно",
                "раз в четверть",
                "1 раз в месяц",
                "3-4 раза в год",
                "1 раз в 2 недели",
                "не реже двух раз в год",
                "Ежемесячно, до 5 числа",
                "до 20 числа каждого месяца",
                "с 20 по 25 число каждого месяца",
                "до 5 числа месяца, следующего за отчётным",
                "по понедельникам",
                "каждую пятницу",
                "последняя пятница месяца",
                "в конце каждого месяца",
                "ежегодно, август",
                "Ежегодно до 1 сентября",
                "2 раза в год (сентябрь, май)",
            )
        ),
        *(
            (Kind.ON_DEMAND, words)
            for words in ("По мере необходимости", "при необходимости", "по запросу", "по мере поступления заявок")
        ),
    ],
)
def test_term_that_has_no_days_at_all(kind, words):
    assert read_term(words, PLAN_YEAR) == read_term(words) == Term(words, kind)


@pytest.mark.parametrize(
    "words",
    ["по плану", "по графику", "По отдельному плану", "согласно графику", "согласно плану-графику", "по плану ВШК"],
)
def test_term_by_a_schedule_of_its_own(words):
    assert read_term(words) == Term(words, Kind.SEPARATE_SCHEDULE, by_schedule=True)


def test_schedule_beside_another_statement_is_kept_as_the_second():
    both = read_term("Весь период работы \n\nПо отдельному графику")
    month = read_term("Сентябрь 2022 г.\nпо отдельному графику")

    assert (both.kind, both.by_schedule) == (Kind.WHOLE_PERIOD, True)
    assert (month.kind, month.due_on, month.by_schedule) == (Kind.MONTH, date(2022, 9, 30), True)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " - ",
        "I четверть",
        "осенние каникулы",
        "учебный",
        "весна 2022",
        "лето 2022",
        "в день приёма",
        "после утверждения",
        "после 1 сентября 2022",
        "в течение 10 дней со дня подписания",
        "за неделю до 1 сентября 2022",
        "незамедлительно",
        "до сентября 2022",  # with September or without?
        "до конца года",  # of the calendar or of the school year?
        "II полугодие 2022 г.",  # the same
        "2022-2023",  # calendar years or a school year?
        "сентябрь 2022-2023",
        "начало сентября 2022",
        "ориентировочно сентябрь 2022",
        "Октябрь 2022 –",  # the end is lost
        "Октябрь 2022 – ;",
        "сентябрь/октябрь 2022",
        "1. Сентябрь 2022",  # an item of a list
        "1) сентябрь 2022",
        "с 13.30 до 15.00",
        "01.09.1922",
        "5 квартал 2022",
        "до 10-15 сентября 2022",
    ],
)
def test_words_that_are_not_understood_in_full_give_no_dates(words):
    assert read_term(words, PLAN_YEAR) == Term(words, Kind.UNPARSABLE, doubt=Doubt.UNREADABLE)


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("31.09.2022", Doubt.IMPOSSIBLE_DATE),
        ("с 1 по 31 сентября 2022 г.", Doubt.IMPOSSIBLE_DATE),
        ("29 февраля 2023", Doubt.IMPOSSIBLE_DATE),
        ("29 февраля", Doubt.IMPOSSIBLE_DATE),  # of 2023, by the plan
        ("01.13.2022", Doubt.IMPOSSIBLE_DATE),
        ("0 сентября", Doubt.IMPOSSIBLE_DATE),
        ("с 30.09.2022 по 01.09.2022", Doubt.REVERSED),
        ("25-10 сентября 2022", Doubt.REVERSED),
        ("3–1 квартал 2022", Doubt.REVERSED),
        ("25-10 сентября", Doubt.REVERSED),
        ("25 сентября - 10 сентября 2022", Doubt.REVERSED),
        ("октябрь 2023 – март 2023", Doubt.REVERSED),
        ("Сентябрь 2022, по мере необходимости", Doubt.SEVERAL_STATEMENTS),
        ("сентябрь 2022, до 15.10.2022", Doubt.SEVERAL_STATEMENTS),
        ("до 1 сентября 2022, до 1 января 2023", Doubt.SEVERAL_STATEMENTS),
        ("май 2022, 2023", Doubt.SEVERAL_STATEMENTS),
        ("до 15.09.2022, далее – постоянно", Doubt.SEVERAL_STATEMENTS),
        ("понедельник, 01.09.2022", Doubt.WRONG_WEEKDAY),  # it is a Thursday
        ("до 1 сентября (пятница)", Doubt.WRONG_WEEKDAY),
    ],
)
def test_contradiction_gives_no_dates_and_says_why(words, doubt):
    assert read_term(words, PLAN_YEAR) == Term(words, Kind.UNPARSABLE, doubt=doubt)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("август", Kind.MONTH),
        ("до 31 августа", Kind.UNTIL),
        ("с 1 по 31 августа", Kind.RANGE),
        ("май, август", Kind.RECURRING),
        ("июнь-сентябрь", Kind.RANGE),
        ("сентябрь, май 2022", Kind.RECURRING),  # September 2021, or both in 2022?
    ],
)
def test_month_that_may_belong_to_either_year_is_asked_about(words, kind):
    assert read_term(words, PLAN_YEAR) == Term(words, kind, doubt=Doubt.YEAR_MISSING)


@pytest.mark.parametrize("words", ["Ежегодно, август 2022", "ежемесячно, сентябрь 2022", "ежедневно, по запросу"])
def test_recurring_work_with_a_contradicting_statement_is_asked_about(words):
    assert read_term(words) == Term(words, Kind.RECURRING, doubt=Doubt.SEVERAL_STATEMENTS)


@pytest.mark.parametrize(
    "words",
    [
        "СЕНТЯБРЬ\u00a02022\u00a0ГОДА",
        "сен\u00adтябрь 2022г.",
        "сен\u00ad\nтябрь 2022",
        "Cентябpь 2022",  # Latin C and p
        "  сентябрь\n\n2022 . ",
        "(сентябрь 2022)",
        "сент. 2022 г.",
        "сентябрь, 2022",
        "в течение сентября 2022 года",
    ],
)
def test_appearance_of_the_words_does_not_change_the_month(words):
    term = read_term(words)

    assert (term.kind, term.starts_on, term.due_on) == (Kind.MONTH, date(2022, 9, 1), date(2022, 9, 30))


def test_short_i_written_as_two_characters_is_read():
    assert read_term("маи\u0306 2022").due_on == date(2022, 5, 31)


def test_latin_letters_for_cyrillic_prepositions_are_read():
    term = read_term("c 01.09.2022 пo 30.09.2022")  # Latin c and o

    assert (term.starts_on, term.due_on) == (date(2022, 9, 1), date(2022, 9, 30))


@pytest.mark.parametrize("dash", "-‐‑‒–—―−")
def test_every_dash_makes_a_range(dash):
    assert read_term(f"Май{dash}июнь 2021").due_on == date(2021, 6, 30)


# ---------------------------------------------------------------- another year


@pytest.mark.parametrize(
    ("words", "years", "moved"),
    [
        ("Май-июнь 2021", 5, "Май-июнь 2026"),
        ("Июль-август\n\n2021", 5, "Июль-август\n\n2026"),
        ("с 01 июля 2022 г. по  31 августа 2022 г.", 1, "с 01 июля 2023 г. по  31 августа 2023 г."),
        ("до «15» сентября 2022\u00a0г.", 1, "до «15» сентября 2023\u00a0г."),
        ("01.09.22", 5, "01.09.27"),
        ("2022-09-01", 1, "2023-09-01"),
        ("II полугодие 2021/22 уч. года", 5, "II полугодие 2026/27 уч. года"),
        ("2021-2022", 1, "2022-2023"),
        ("Май,\nежегодно с 2023", 1, "Май,\nежегодно с 2024"),
        ("осенние каникулы 2022/2023 учебного года", 1, "осенние каникулы 2023/2024 учебного года"),
        ("29.02.2024", 1, "28.02.2025"),
        ("29.02.2024", 4, "29.02.2028"),
        ("с 20 по 29 февраля 2024 г.", 1, "с 20 по 28 февраля 2025 г."),
        ("Весь период работы \n\nПо отдельному графику", 5, "Весь период работы \n\nПо отдельному графику"),
        ("31.09.2022", 1, "31.09.2022"),  # a person must correct it, in the words that were printed
        ("01.09.2022, 31.09.2022", 1, "01.09.2022, 31.09.2022"),
        ("приказ от 15.08.2022 № 5, до 01.09.2022", 1, "приказ от 15.08.2022 № 5, до 01.09.2023"),
        ("май 2099", 1, "май 2099"),  # beyond what we read
    ],
)
def test_words_of_a_term_move_to_another_year(words, years, moved):
    assert shift_term(words, years) == moved


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        (
            "ГРАФИК   проведения консультаций в 2021-2022 учебном году",
            "ГРАФИК   проведения консультаций в 2026-2027 учебном году",
        ),
        ("итоги 2021/22 уч. года и 2021 – 2022 уч.г.", "итоги 2026/27 уч. года и 2026 – 2027 уч.г."),
        ("в 2021-2022 и 2022-2023 учебных годах", "в 2026-2027 и 2027-2028 учебных годах"),
        ("2021‑2022\u00a0УЧЕБНЫЙ ГОД", "2026‑2027\u00a0УЧЕБНЫЙ ГОД"),
        ("Закон от 29.12.2012 № 273-ФЗ, 2021 год", "Закон от 29.12.2012 № 273-ФЗ, 2021 год"),
        ("2021-2022 участники, 2021-2022 годы, 8-2021-2022", "2021-2022 участники, 2021-2022 годы, 8-2021-2022"),
    ],
)
def test_only_school_years_move_in_other_texts(text, moved):
    assert shift_school_years(text, 5) == moved


# ---------------------------------------------------------------- any words

MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
NOMINATIVE = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
FRAGMENTS = [
    *MONTHS[:3],
    *NOMINATIVE[6:10],
    *[
        "с",
        "по",
        "до",
        "к",
        "в",
        "и",
        "г.",
        "год",
        "года",
        "гг.",
        "уч.",
        "учебный",
        "не",
        "позднее",
        "конца",
        "начала",
        "в",
        "течение",
        "весь",
        "квартал",
        "полугодие",
    ],
    *[
        "1",
        "5",
        "29",
        "31",
        "II",
        "IV",
        "2022",
        "2023",
        "2022/23",
        "2022-2023",
        "01.09.2022",
        "31.09.2022",
        "30.02",
        "-",
        "–",
        ",",
        ";",
        "(",
        ")",
        "«",
        "»",
        "№",
        ".",
        "числа",
        "декада",
    ],
    *[
        "весь период",
        "весь период",
        "среда",
        "каждую",
        "последняя",
        "месяца",
        "половина",
        "далее",
        "в период",
        "не ранее",
        "окончания",
        "-\n",
        "ежемесячно",
        "по графику",
        "по мере необходимости",
        "при наличии мест",
        "\n",
        "август",
    ],
]
any_words = st.one_of(
    st.text(max_size=40),
    st.text(
        alphabet="абвгдеёжзийклмнопрстуфхцчшщьыэюяАЁСaceopxyCHKMT IVX0123456789.,-–—/«»\n\u00a0\u00ad\u0306",
        max_size=40,
    ),
    st.lists(st.sampled_from(FRAGMENTS), max_size=9).map(" ".join),
)


@given(words=any_words, years=st.integers(-200, 200), school_year=st.one_of(st.none(), st.just(PLAN_YEAR)))
@example("İ 2022 ß ﬁ", 1, PLAN_YEAR)
@example("²⁰²² ٢٠٢٢ ２０２２", 1, None)
def test_any_words_are_answered_and_dates_are_given_only_without_doubt(words, years, school_year):
    term = read_term(words, school_year)

    assert term.words == words
    assert (term.kind is not Kind.UNPARSABLE) or term.doubt
    has_days = bool(term.starts_on or term.due_on)
    assert has_days == (term.precision is not Precision.NONE)
    assert not (has_days and term.doubt)
    assert all(2000 <= day.year <= 2100 for day in (term.starts_on, term.due_on) if day)
    if term.starts_on and term.due_on:
        assert term.starts_on <= term.due_on
    if term.doubt == Doubt.IMPOSSIBLE_DATE:
        assert shift_term(words, years) == words
    assert len(shift_term(words, years)) == len(shift_school_years(words, years)) == len(words)
    assert shift_term(words, 0) == shift_school_years(words, 0) == words


calendar_years = st.integers(2010, 2089)
school_years = st.one_of(
    calendar_years.map(lambda first: f"{first}/{first + 1}"),
    calendar_years.map(lambda first: f"{first}/{(first + 1) % 100:02}"),
)


@st.composite
def days(draw):
    found = draw(st.dates(date(2010, 1, 1), date(2089, 12, 31)))
    form = draw(
        st.sampled_from(
            ["{d:02}.{m:02}.{y}", "{d:02}.{m:02}.{s:02}", "{d} {name} {y} г.", "«{d:02}» {name} {y}\u00a0года"]
        )
    )
    return form.format(d=found.day, m=found.month, y=found.year, s=found.year % 100, name=MONTHS[found.month - 1])


readable = st.one_of(
    days(),
    st.builds(
        "{}до {}{}".format,
        st.sampled_from(["", "в срок ", "еженедельно, "]),
        days(),
        st.sampled_from(["", " включительно"]),
    ),
    st.builds("{}–{} {} г.".format, st.sampled_from(NOMINATIVE), st.sampled_from(NOMINATIVE), calendar_years),
    st.builds("{}\n\n{}".format, st.sampled_from(NOMINATIVE), calendar_years),
    st.builds("{} квартал {} года".format, st.sampled_from(["I", "2", "3-й", "IV"]), calendar_years),
    st.builds("{} полугодие {} уч. года".format, st.sampled_from(["I", "2", "первое"]), school_years),
    st.builds("в течение {} учебного года".format, school_years),
    st.builds("{} – {} {}".format, st.just("сентябрь"), st.just("май"), school_years),
    st.builds(lambda year: f"Август {year} года, август {year + 1} года", calendar_years),
    calendar_years.map("до конца февраля {}".format),
)


def moved_by(day: date | None, years: int, *, to_month_end: bool) -> date | None:
    if day is None:
        return None
    if to_month_end or (day.month == 2 and day.day == 29 and not isleap(day.year + years)):
        return date(day.year + years, day.month, monthrange(day.year + years, day.month)[1])
    return day.replace(year=day.year + years)


@given(words=readable, years=st.integers(-10, 10))
@example("29.02.2024", 1)
@example("февраль\n\n2023", 1)
def test_moved_words_mean_the_moved_days(words, years):
    assume(
        all(2000 <= int(year) + years <= 2099 for year in re.findall(r"20\d\d", words))
    )  # others are left as they are
    before, after = read_term(words), read_term(shift_term(words, years))

    by_months = before.precision is Precision.MONTH
    assert (before.doubt, after.doubt) == ("", "")
    assert (after.kind, after.precision) == (before.kind, before.precision)
    assert after.starts_on == moved_by(before.starts_on, years, to_month_end=False)
    assert after.due_on == moved_by(before.due_on, years, to_month_end=by_months)
    if "29" not in words:  # 29 February becomes 28 and cannot come back
        assert shift_term(shift_term(words, years), -years) == words
