"""Numbers as bars: values in, SVG markup out. Pure.

The markup stands inside a page under its strict policy: no styles and no scripts, only presentation attributes and the
classes `plot…` of house.css. Each series has a pattern of its own, so that a black-and-white print can be read. A plot
never stands alone: the same numbers are in a table beside it, for everybody who does not see it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from .xml_text import clean

# Units of the drawing; it is as wide as a phone, so that its letters are as big as those around it.
_WIDTH, _LINE, _BAR, _GAP, _SWATCH = 400, 16, 16, 10, 14
_NEAR = 5  # between a bar and its words
_LETTER = 7.8  # mean width of a Russian letter at 13 units of type
_SHORT = 16  # letters; labels not longer stand before their bars, others above them
_MOST_LINES = 2  # of a label
_BOLD = 9.5  # that of a bold digit, generously

# What distinguishes the series on paper, where the first is black and the others white; a screen has colours too.
_PATTERNS = (
    "",
    '<path d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5"/>',
    '<path d="M0 3H6"/>',
    '<circle cx="3" cy="3" r="1.2"/>',
    "",
)
MOST_SERIES = len(_PATTERNS)


@dataclass(frozen=True)
class Series:
    """A name, as the key of the plot says it, and for each label a number not below zero."""

    name: str
    values: Sequence[float]


def bars(key: str, *, title: str, description: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """A lying bar for each label, made of the series one after another, with their sum at its end; "" without labels.

    `key` (letters, digits, hyphens) names the plot among all of a page. At most MOST_SERIES series, each as long as
    `labels`; one without any number is left out of the key of the plot.
    """
    if not labels:
        return ""
    if len(series) > MOST_SERIES or any(len(one.values) != len(labels) for one in series):
        raise ValueError(series)
    legend, top = _legend(key, series)
    sums = [sum(one.values[place] for one in series) for place in range(len(labels))]
    before = max(map(len, labels)) <= _SHORT
    left = int(_SHORT * _LETTER) if before else 0
    room = _WIDTH - left - _NEAR - max(len(_said(one)) for one in sums) * _BOLD
    drawn, y = [], top
    for place, label in enumerate(labels):
        lines = [label] if before else _lines(label)
        first = y + (_BAR if before else _LINE) - 4
        texts = "".join(
            f'<text x="0" y="{first + number * _LINE}">{escape(clean(line))}</text>'
            for number, line in enumerate(lines)
        )
        bar_y = y if before else y + len(lines) * _LINE + 2
        parts, end = _bar(key, [one.values[place] for one in series], left, bar_y, room / (max(sums) or 1))
        said = ", ".join(f"{one.name}: {_said(one.values[place])}" for one in series if one.values[place])
        whole = escape(clean(f"{label}: {said or _said(0)}"))
        number = f'<text class="plot-sum" x="{end + _NEAR:.1f}" y="{bar_y + _BAR - 4}">{_said(sums[place])}</text>'
        drawn.append(f"<g><title>{whole}</title>{texts}{parts}{number}</g>")
        y = bar_y + _BAR + _GAP
    axis = f'<path class="plot-axis" d="M{left} {top - 4}V{y - _GAP + 4}"/>' if before else ""
    return (
        f'<svg class="plot" role="img" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}"'
        f" aria-labelledby={quoteattr(f'{key}-title {key}-description')}>"
        f'<title id="{key}-title">{escape(clean(title))}</title>'
        f'<desc id="{key}-description">{escape(clean(description))}</desc>'
        f"<defs>{''.join(_patterns(key, len(series)))}</defs>{legend}{''.join(drawn)}{axis}</svg>"
    )


def _said(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _lines(label: str) -> list[str]:
    width = int(_WIDTH / _LETTER)
    lines = wrap(" ".join(label.split()), width) or [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: width - 1]}…"]
    return lines


def _bar(key: str, values: Sequence[float], x: float, y: float, scale: float) -> tuple[str, float]:
    """The pieces of a bar, and where it ends."""
    parts = []
    for number, value in enumerate(values):
        if value:
            parts.append(_piece(key, number, x, y, value * scale, _BAR))
            x += value * scale
    return "".join(parts), x


def _piece(key: str, number: int, x: float, y: float, width: float, height: float) -> str:
    """A rectangle in the colour of a series, and its pattern over it."""
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}"'
    fill = f"url(#{key}-{number})" if _PATTERNS[number] else "none"
    return f'<rect class="plot-{number}" {box}/><rect class="plot-edge" fill="{fill}" {box}/>'


def _patterns(key: str, count: int) -> Iterator[str]:
    for number, drawing in enumerate(_PATTERNS[:count]):
        if drawing:
            yield (
                f'<pattern class="plot-pattern" id="{key}-{number}" width="6" height="6"'
                f' patternUnits="userSpaceOnUse">{drawing}</pattern>'
            )


def _legend(key: str, series: Sequence[Series]) -> tuple[str, int]:
    """What the patterns mean, in as many lines as it takes, and where the bars may begin."""
    x, y, drawn = 0.0, 0, []
    for number, one in enumerate(series):
        if not any(one.values):
            continue
        width = _SWATCH + 6 + (len(one.name) + 2) * _LETTER
        if x and x + width > _WIDTH:
            x, y = 0.0, y + _LINE + 6
        swatch = _piece(key, number, x + 0.5, y + 1.5, _SWATCH, _SWATCH)
        drawn.append(f'{swatch}<text x="{x + _SWATCH + 6:.1f}" y="{y + 13}">{escape(clean(one.name))}</text>')
        x += width
    return f"<g>{''.join(drawn)}</g>", y + _LINE + _GAP + 4 if drawn else _GAP
