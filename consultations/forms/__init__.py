"""What people type in Annex 3. A form cleans and shapes; the operations decide."""

from .addresses import AskedForm, ChosenForm, DayForm, PageForm, WeekForm, WhoseForm, midnight
from .booking import BookForm, CancelForm, ForForm, MoveForm, TimeForm
from .fields import ClockField, DayField, DayInput, SpecialistField, StaffField, TimeInput
from .hours import AbsenceForm, HoursWordsForm, LessonForm, TimetableForm, refusal_of_timetable
from .the_day import AttendanceForm, NoteForm, RatingForm
from .time_requests import AcceptForm, DeclineForm, TimeRequestForm

__all__ = [
    "AbsenceForm",
    "AcceptForm",
    "AskedForm",
    "AttendanceForm",
    "BookForm",
    "CancelForm",
    "ChosenForm",
    "ClockField",
    "DayField",
    "DayForm",
    "DayInput",
    "DeclineForm",
    "ForForm",
    "HoursWordsForm",
    "LessonForm",
    "MoveForm",
    "NoteForm",
    "PageForm",
    "RatingForm",
    "SpecialistField",
    "StaffField",
    "TimeForm",
    "TimeInput",
    "TimeRequestForm",
    "TimetableForm",
    "WeekForm",
    "WhoseForm",
    "midnight",
    "refusal_of_timetable",
]
