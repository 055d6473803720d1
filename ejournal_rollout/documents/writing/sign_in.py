"""A SignInSheet -> .docx: who came to a seminar, each with room for a signature."""

from consultations.sign_in import SignInSheet
from ejournal_rollout.orders.drafts import Column

from .rows import PrintedTable
from .sheet import Look, Sheet

ROW_HEIGHT = 9.5  # millimetres: one signs by hand
SIGNATURE_WIDTH = 50


def write_sign_in(sign_in: SignInSheet, *, look: Look | None = None) -> bytes:
    """The file; every word of it stands in the sheet."""
    sheet = Sheet(look or Look(), title=" ".join(sign_in.title))
    sheet.page()
    sheet.centred(sign_in.school)
    sheet.title(sign_in.title)
    for words, value in sign_in.facts:
        sheet.plain(f"{words}: {value}", space=2)
    sheet.plain("")
    columns = tuple(Column("number" if place == 0 else "other", header) for place, header in enumerate(sign_in.headers))
    sheet.table(PrintedTable(columns, sign_in.rows), row_height=ROW_HEIGHT, last_width=SIGNATURE_WIDTH)
    for post, name in sign_in.leaders:
        sheet.signature(post, name)
    return sheet.bytes()
