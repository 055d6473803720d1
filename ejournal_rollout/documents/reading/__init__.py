"""An order on paper becomes an OrderDraft: annexes by their headings, tables by their header words.

`annexes` finds the parts, `requisites` the number and date, `plan`, `regulation` and `schedule` read one
annex each, `remarks` ask about what is doubtful, `answer` gives plain values. No database.
"""

from ejournal_rollout.documents.tables import UnreadableFile

from .answer import draft_as_answer
from .order import Reading, read_order
from .remarks import Place, Remark

__all__ = ["Place", "Reading", "Remark", "UnreadableFile", "draft_as_answer", "read_order"]
