"""Rounds where several rooms meet: days of the school's calendar, help after a finding, the note as a Word file."""
