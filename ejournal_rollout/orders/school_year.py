"""The school year: September to August, written "2021/2022". Pure."""

import re
from dataclasses import dataclass
from datetime import date

# "2021-2022 учебном году", "2021/22 уч. года", "2021 – 2022 уч.г."
WORDS = re.compile(r"\b(20\d\d)(\s*[-–—/]\s*)((?:20)?\d\d)(?=\s*уч)", re.IGNORECASE)
_WRITTEN = re.compile(r"\s*(20\d\d)\s*[-–—/]\s*((?:20)?\d\d)\s*")


@dataclass(frozen=True, order=True)
class SchoolYear:
    """The year that begins on 1 September of `first` and ends on 31 August of the next."""

    first: int

    def __str__(self) -> str:
        return f"{self.first}/{self.first + 1}"

    @property
    def starts_on(self) -> date:
        return date(self.first, 9, 1)

    @property
    def ends_on(self) -> date:
        """31 August, the last day that belongs to this year."""
        return date(self.first + 1, 8, 31)

    def year_of(self, month: int) -> int:
        """The calendar year of a month named without one: September to December is the first."""
        return self.first if month >= 9 else self.first + 1

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        return cls(day.year if day.month >= 9 else day.year - 1)

    @classmethod
    def of_order(cls, signed_on: date) -> "SchoolYear":
        """The year an order prepares: from June on, the coming one (our decision: orders on the
        journal are signed in summer for the autumn)."""
        return cls(signed_on.year if signed_on.month >= 6 else signed_on.year - 1)

    @classmethod
    def parse(cls, text: str) -> "SchoolYear":
        """Read "2021/2022", "2021-22"; ValueError if the years are not two in a row."""
        found = _WRITTEN.fullmatch(text)
        if not found or int(found[2]) % 100 != (int(found[1]) + 1) % 100:
            raise ValueError(text)
        return cls(int(found[1]))

    @classmethod
    def named_in(cls, text: str) -> "SchoolYear | None":
        """The first school year that the words name, e.g. in the title of Annex 3."""
        for found in WORDS.finditer(text):
            if int(found[3]) % 100 == (int(found[1]) + 1) % 100:
                return cls(int(found[1]))
        return None
