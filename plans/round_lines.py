"""How a round reads: the shape and the words of its state."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .models import DUE_SOON_DAYS, Plan, Round


class RoundLine(NamedTuple):
    """A round with the shape and the words of its state."""

    round: Round
    kind: str
    words: str


def round_lines(rounds: Iterable[Round], *, on: date) -> list[RoundLine]:
    return [RoundLine(one, *round_status(one, on=on)) for one in rounds]


def rounds_ahead(plan: Plan, today: date) -> list[RoundLine]:
    """What a meeting looks at: rounds that were missed and those of the days that count as soon. One query."""
    rounds = Round.objects.of_plan(plan).planned().until(today + timedelta(days=DUE_SOON_DAYS))
    return round_lines(rounds.for_lists().in_order(), on=today)


def round_status(checked: Round, *, on: date) -> tuple[str, str]:
    """The shape and the words of the state of a round."""
    state = checked.state(on=on)
    kinds = {
        Round.State.PLANNED: "idle",
        Round.State.MISSED: "urgent",
        Round.State.HELD: "done",
        Round.State.CANCELLED: "withdrawn",
    }
    return kinds[state], str(state.label)
