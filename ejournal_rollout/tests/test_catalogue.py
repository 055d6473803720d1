"""The Russian catalogue: complete, fresh, compiled."""

import ast
import gettext
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

FOLDER = Path(settings.LOCALE_PATHS[0]) / "ru" / "LC_MESSAGES"


def test_every_entry_is_translated_and_none_is_fuzzy():
    catalogue = polib.pofile(str(FOLDER / "django.po"))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert len(catalogue) > 300


def test_the_compiled_catalogue_is_the_written_one():
    catalogue = polib.pofile(str(FOLDER / "django.po"))
    compiled = polib.mofile(str(FOLDER / "django.mo"))

    def words(entries):
        return {(entry.msgctxt, entry.msgid): entry.msgstr or tuple(entry.msgstr_plural.values()) for entry in entries}

    assert words(catalogue) == words(compiled)
    with (FOLDER / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Plan") == "План"


def test_translations_keep_the_placeholders_of_the_source():
    kinds = ("%(", "{", "%s", "%d")
    wrong = []
    for entry in polib.pofile(str(FOLDER / "django.po")):
        for translated in (entry.msgstr, *entry.msgstr_plural.values()):
            wrong += [entry.msgid for kind in kinds if translated and (kind in entry.msgid) != (kind in translated)]
    assert wrong == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="left out: finding new words needs GNU gettext")
def test_the_catalogue_knows_every_word_of_the_code(tmp_path, monkeypatch):
    source = Path(settings.BASE_DIR)
    copy = tmp_path / "house"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=source, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        if name.endswith((".py", ".html", ".po")) and (source / name).exists() and "/tests/" not in f"/{name}":
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, copy / name)
    monkeypatch.chdir(copy)
    locale = copy / "ejournal_rollout" / "locale"
    monkeypatch.setattr(settings, "LOCALE_PATHS", [str(locale)])
    call_command("makemessages", locale=["ru"], no_location=True, verbosity=0)
    renewed = polib.pofile(str(locale / "ru" / "LC_MESSAGES" / "django.po"))

    def known(catalogue):
        return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}

    assert known(renewed) - known(polib.pofile(str(FOLDER / "django.po"))) == set()
    assert [entry.msgid for entry in renewed.fuzzy_entries()] == []


def test_no_word_hides_inside_an_f_string_where_gettext_does_not_look():
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    hidden = [
        f"{name}:{node.lineno}"
        for name in listed.stdout.split()
        for node in ast.walk(ast.parse((Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "gettext", "ngettext", "pgettext")
    ]
    assert hidden == []
