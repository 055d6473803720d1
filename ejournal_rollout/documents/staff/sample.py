"""The sample of a staff list that people download, fill and load. Invented people; the words are data."""

import csv
import io

_ROWS = (
    ("ФИО", "Должность", "E-mail", "Роли", "Руководитель"),
    ("Образцова Анна Петровна", "директор", "obrazcova@school.example", "Администрация", ""),
    ("Примеров Илья Сергеевич", "заместитель директора по УВР", "primerov@school.example",
     "Заместитель директора, член рабочей группы", "Образцова А. П."),
    ("Учебная Мария Ивановна", "учитель математики", "", "", "Примеров И. С."),
    ("Сетевой Олег Юрьевич", "лаборант", "setevoj@school.example", "Технический специалист", "директор"),
)  # fmt: skip


def sample_list() -> bytes:
    """As Excel opens it by a double click: semicolons, UTF-8 with its mark."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(_ROWS)
    return stream.getvalue().encode("utf-8-sig")
