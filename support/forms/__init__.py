"""What is typed into the pages of help. Forms clean; operations decide."""

from .asking import AskForm, PresetForm
from .booking import BookForm
from .lists import ListForm
from .thread import CloseForm, HandOverForm, WordsForm

__all__ = ["AskForm", "BookForm", "CloseForm", "HandOverForm", "ListForm", "PresetForm", "WordsForm"]
