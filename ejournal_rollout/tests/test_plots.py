"""Bars that a page shows: read by eyes, by screen readers and from a black-and-white print."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ejournal_rollout.plots import MOST_SERIES, Series, bars

SVG = "{http://www.w3.org/2000/svg}"


def drawn(labels, *series, key="plot", title="По месяцам", description="Числа в таблице"):
    markup = bars(key, title=title, description=description, labels=labels, series=series)
    return ElementTree.fromstring(markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


def pieces(svg, number):
    return [float(one.get("width")) for one in svg.iter(f"{SVG}rect") if one.get("class") == f"plot-{number}"]


def words(svg):
    return ["".join(one.itertext()) for one in svg.iter(f"{SVG}text")]


def test_pieces_are_as_long_as_their_numbers_and_the_sum_stands_at_the_end():
    svg = drawn(["Октябрь 2026", "Ноябрь 2026"], Series("Состоялось", [6, 3]), Series("Не пришли", [0, 3]))

    _legend, *held = pieces(svg, 0)
    _legend, *missed = pieces(svg, 1)
    assert len(held) == 2
    assert held[0] == pytest.approx(2 * held[1], abs=0.2)
    assert missed == [held[1]]
    assert words(svg) == ["Состоялось", "Не пришли", "Октябрь 2026", "6", "Ноябрь 2026", "6"]


def test_a_screen_reader_hears_the_title_the_description_and_each_bar():
    svg = drawn(["Техника"], Series("Состоялось", [6]), Series("Не пришли", [1.5]), Series("Отменено", [0]))

    named = {one.get("id"): one.text for one in svg if one.get("id")}
    assert [named[one] for one in svg.get("aria-labelledby").split()] == ["По месяцам", "Числа в таблице"]
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}g/{SVG}title").text == "Техника: Состоялось: 6, Не пришли: 1,5"


def test_each_series_is_told_apart_without_colours():
    svg = drawn(["Техника"], *(Series(f"Ряд {one}", [1]) for one in range(MOST_SERIES)))

    fills = [one.get("fill") for one in svg.iter(f"{SVG}rect") if one.get("class") == "plot-edge"]
    patterns = [one.get("id") for one in svg.iter(f"{SVG}pattern")]
    assert fills[:MOST_SERIES] == ["none", "url(#plot-1)", "url(#plot-2)", "url(#plot-3)", "none"]
    assert patterns == ["plot-1", "plot-2", "plot-3"]


def test_what_was_typed_never_becomes_markup_and_nothing_needs_a_style():
    markup = bars(
        "plot",
        title='<script>"',
        description="&",
        labels=["<img src=x onerror=alert(1)>\x00", "a" * 400],
        series=[Series("<b>", [1, 2])],
    )

    assert not re.search(r"<(script|img|b)\b|\bstyle=|\x00", markup)
    assert "&lt;img src=x" in markup
    assert "…" in markup


def test_without_labels_there_is_no_plot_and_with_zeros_only_there_is_one():
    assert bars("plot", title="", description="", labels=[], series=[]) == ""
    assert words(drawn(["Техника"], Series("Состоялось", [0]))) == ["Техника", "0"]


def test_series_of_another_length_and_too_many_are_refused():
    for series in ([Series("Ряд", [1, 2])], [Series("Ряд", [1])] * (MOST_SERIES + 1)):
        with pytest.raises(ValueError):
            bars("plot", title="", description="", labels=["Техника"], series=series)


@given(
    st.lists(
        st.tuples(st.text("абв <&\n\x01", max_size=60), st.integers(0, 99999), st.integers(0, 99999)),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_is_drawn_stays_inside_the_drawing(rows):
    svg = drawn(
        [label for label, _one, _two in rows],
        Series("Состоялось", [one for _label, one, _two in rows]),
        Series("Не пришли", [two for _label, _one, two in rows]),
    )

    _x, _y, width, height = map(float, svg.get("viewBox").split())
    for one in svg.iter(f"{SVG}rect"):
        assert float(one.get("x")) + float(one.get("width")) <= width
        assert float(one.get("y")) + float(one.get("height")) <= height
    for one in svg.iter(f"{SVG}text"):
        assert float(one.get("y")) <= height
        if one.get("class") == "plot-sum":
            assert float(one.get("x")) + 8.5 * len(one.text) <= width
