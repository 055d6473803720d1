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
