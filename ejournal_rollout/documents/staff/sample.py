"""The sample of a staff list that people download, fill and load. Invented people; the words are data."""

import csv
import io

_ROWS = (
    ("ФИО", "Должность", "E-mail", "Роли", "Руководитель"),
    ("Пробная Зоя Игнатьевна", "руководитель учреждения", "probnaja@school.example", "Администрация", ""),
    ("Пробный Захар Фомич", "заместитель директора по УВР", "probnyj@school.example",
     "Заместитель директора, член рабочей группы", "Пробная З. И."),
    ("Учебная Мария Ивановна", "учитель математики", "", "", "Пробный З. Ф."),
    ("Сетевой Олег Юрьевич", "лаборант", "setevoj@school.example", "Технический специалист", "Пробная З. И."),
)  # fmt: skip


def sample_list() -> bytes:
    """As Excel opens it by a double click: semicolons, UTF-8 with its mark."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(_ROWS)
    return stream.getvalue().encode("utf-8-sig")
