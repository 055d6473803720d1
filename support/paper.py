"""The regulation as the paper has it, from records that are read already."""

from collections.abc import Iterable

from ejournal_rollout.orders.drafts import ClauseDraft, RegulationDraft

from .models import Clause, Regulation


def regulation_draft(regulation: Regulation, clauses: Iterable[Clause]) -> RegulationDraft:
    """`clauses` in printed order."""
    return RegulationDraft(
        heading=regulation.heading,
        title=regulation.title,
        clauses=tuple(ClauseDraft(clause.printed_number, clause.text) for clause in clauses),
    )


def regulation_on_paper(draft: RegulationDraft) -> tuple[Regulation, list[Clause]]:
    """A regulation that stands on paper only: not to be saved."""
    clauses = [
        Clause(position=place, printed_number=clause.number, text=clause.text)
        for place, clause in enumerate(draft.clauses, start=1)
    ]
    return Regulation(heading=draft.heading, title=draft.title), clauses
