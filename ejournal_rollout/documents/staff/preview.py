"""What loading a staff list would do: each row beside the people who are here. Reads, never writes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import ROLE_WORDS, Membership, User
from ejournal_rollout.people.parties import is_named, read_parties
from ejournal_rollout.people.roles import Role

from .cells import FIELDS, Person, folded, printed_name, read_person
from .paper import StaffPaper, StaffRow

NEW = "new"
_SCHOOL = re.compile(r"\s+(?:школы|гимназии|лицея|оу|м[а-я]{1,3}оу|образовательн|учреждени|организаци).*")
Key = tuple[str, int]  # ("member", its number) or ("row", index of the line of a new person)


@dataclass(frozen=True)
class Answers:
    """What a person said about the rows, by index: corrected cells, and who is meant."""

    corrections: Mapping[tuple[int, str], str] = field(default_factory=dict)
    who: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Line:
    """A row and what would happen. `who` is "new", "member:7", "row:3" (the same person as in that line) or "" where a
    person must say; `options` are the answers to choose from. `changes` are
    field: (old, new); `added_roles` those not held yet; `errors` forbid to load the row."""

    index: int
    row: StaffRow
    cells: dict[str, str]
    person: Person
    remarks: list[tuple[str, str]]
    options: list[tuple[str, str]] = field(default_factory=list)
    who: str = ""
    member: Membership | None = None
    joined_to: "Line | None" = None
    supervisor: Key | None = None
    supervisor_name: str = ""
    added_roles: list[Role] = field(default_factory=list)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    is_said: bool = False  # a person has chosen `who`
    has_twins: bool = False  # another row may be the same person

    @property
    def is_asked(self) -> bool:
        """Whether the page offers `options`: there is a doubt, or what would change may show that it is another one."""
        news = self.changes.keys() & {"name", "post", "left_on"}
        return bool(self.options) and bool(not self.who or self.is_said or self.has_twins or news)

    @property
    def kind(self) -> str:
        """joined, unclear, new, changes or same."""
        if self.joined_to:
            return "joined"
        if not self.person.last_name or not self.who:
            return "unclear"
        if self.member is None:
            return "new"
        return "changes" if self.changes else "same"

    @property
    def key(self) -> Key:
        return ("member", self.member.pk) if self.member else ("row", self.index)

    def remarks_at(self, name: str) -> list[str]:
        return [text for at, text in self.remarks if at == name]

    def printed(self, name: str) -> str:
        """The words of the cell, corrected if a person has corrected them."""
        return printed_name(self.cells) if name == "name" else self.cells.get(name, "")


@dataclass(frozen=True)
class StaffPreview:
    """`absent`: people of the staff list whom the file does not name; they are left alone."""

    lines: list[Line]
    absent: list[Membership]

    @property
    def has_news(self) -> bool:
        return any(line.kind in ("new", "changes", "unclear") for line in self.lines)


def preview_of(paper: StaffPaper, answers: Answers, *, by: Membership, at: datetime) -> StaffPreview:
    """Four queries for any number of people. `by` says whose school it is."""
    return _Comparison(paper, answers, by=by, at=at).preview()


class _Comparison:
    """One pass over the rows: who is meant, what is new, who supervises whom."""

    def __init__(self, paper: StaffPaper, answers: Answers, *, by: Membership, at: datetime) -> None:
        self.answers, self.today = answers, localdate(at)
        self.lines = [_line(index, row, answers) for index, row in enumerate(paper.rows)]
        staff = Membership.objects.visible_to(by)
        self.staff = list(staff.with_people().with_supervisors().with_invitations(at=at))
        shared = User.objects.filter(pk__in=staff.values("user")).of_several_schools()
        self.not_ours_alone = set(shared.values_list("pk", flat=True))
        emails = {line.person.email for line in self.lines if line.person.email}
        elsewhere = User.objects.filter(email__in=emails).exclude(pk__in=staff.values("user"))
        self.taken_emails = set(elsewhere.values_list("email", flat=True))
        self.by_email = {one.user.email: one for one in self.staff if one.user.email}
        self.by_surname: dict[str, list[Membership]] = defaultdict(list)
        for one in self.staff:
            self.by_surname[folded(one.user.last_name)].append(one)
        self.claimed: dict[int, Line] = {}

    def preview(self) -> StaffPreview:
        self._drop_shared_emails()
        self._decide_who()
        mains = [line for line in self.lines if not line.joined_to and line.who and line.person.last_name]
        for line in self.lines:
            if line.joined_to:
                line.joined_to.person = _joined(line.joined_to.person, line.person)
        self._drop_emails_of_others(mains)
        for line in mains:
            self._compare(line)
        self._find_supervisors(mains)
        absent = [one for one in self.staff if self._works(one) and one.pk not in self.claimed]
        return StaffPreview(self.lines, absent)

    def _works(self, one: Membership) -> bool:
        return one.left_on is None or one.left_on >= self.today

    # Who is meant

    def _decide_who(self) -> None:
        named: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.person.last_name:
                named[folded(line.person.last_name)].append(line)
        alike = {
            line.index: [one for one in bucket if one is not line and _may_be_one(line.person, one.person)]
            for bucket in named.values()
            for line in bucket
        }
        for line in self.lines:
            if line.person.last_name:
                self._offer(line, alike[line.index])
        for line in self.lines:  # what a person said comes first: it takes its place before we look for one
            if line.options and self.answers.who.get(line.index, "") in dict(line.options):
                line.is_said = True
                self._choose(line, self.answers.who[line.index])
        for line in self.lines:
            if line.person.last_name and not line.who:
                self._choose(line, self._certain(line, alike[line.index]))

    def _candidates(self, line: Line) -> list[Membership]:
        alike = [one for one in self.by_surname[folded(line.person.last_name)] if _is_like(line.person, one)]
        by_email = self.by_email.get(line.person.email)
        return alike + [by_email] if by_email is not None and by_email not in alike else alike

    def _offer(self, line: Line, alike: list[Line]) -> None:
        rows = [
            (f"row:{one.index}", _("the same person as in row {number}").format(number=one.row.number))
            for one in alike
            if one.index < line.index
        ]
        members = [(f"member:{one.pk}", self._described(one)) for one in self._candidates(line)]
        new = _("another person, not on the staff list yet")
        line.has_twins = bool(alike)
        line.options = [*rows, *members, (NEW, new)] if rows or members or alike else []

    def _described(self, one: Membership) -> str:
        words = f"{one.full_name}, {one.post}" if one.post else one.full_name
        if not self._works(one):
            return _("{name} (left {day}): works here again").format(name=words, day=f"{one.left_on:%d.%m.%Y}")
        return _("{name}: on the staff list already").format(name=words)

    def _certain(self, line: Line, alike: list[Line]) -> str:
        """The only answer that no careful person would doubt, or ""."""
        person, candidates = line.person, self._candidates(line)
        free = [one for one in candidates if one.pk not in self.claimed]
        by_email = self.by_email.get(person.email)
        if by_email is not None:
            if by_email in free and _is_like(person, by_email):
                return f"member:{by_email.pk}"
            free = [one for one in free if one is not by_email]
        found = self._certain_member(person, free, is_alone=not alike and by_email is None)
        if found is not None:
            return f"member:{found.pk}"
        for one in alike:  # a second post that the staff list has already, or the row twice: nothing changes
            root = one.joined_to or one
            if one.index < line.index and root.member and _posts(person.post) <= _posts(root.member.post):
                return f"row:{root.index}"
        if len(alike) and not candidates and all(one.index > line.index for one in alike):
            return NEW  # the first of several; the others are asked about
        is_new = not alike and not candidates
        return NEW if is_new else ""

    def _certain_member(self, person: Person, free: list[Membership], *, is_alone: bool) -> Membership | None:
        working = [one for one in free if self._works(one)]
        same_post = [one for one in working if person.post and folded(one.post) == folded(person.post)]
        if len(same_post) == 1:
            return same_post[0]
        exact = [one for one in free if folded(one.full_name) == folded(person.name)]
        if len(exact) == 1 and exact == working == free:
            one = exact[0]
            no_quarrel = not person.email or not one.user.email or one.user.email == person.email
            if (is_alone and no_quarrel) or (person.post and _posts(person.post) <= _posts(one.post)):
                return one
        return None

    def _choose(self, line: Line, who: str) -> None:
        kind, _colon, number = who.partition(":")
        if kind == "member":
            if int(number) in self.claimed:
                other = self.claimed[int(number)].row.number
                line.errors.append(
                    _("Row {number} is this person already. Choose another answer.").format(number=other)
                )
                return
            line.member = next(one for one in self.staff if one.pk == int(number))
            self.claimed[line.member.pk] = line
        elif kind == "row":
            other = self.lines[int(number)]
            line.joined_to = other.joined_to or other
        line.who = who

    # E-mails

    def _drop_shared_emails(self) -> None:
        for lines in _by_email(self.lines).values():
            if any(not _may_be_one(lines[0].person, one.person) for one in lines[1:]):
                _drop_email(lines)

    def _drop_emails_of_others(self, mains: list[Line]) -> None:
        for lines in _by_email(mains).values():
            if len(lines) > 1:
                _drop_email(lines)
        for line in mains:
            email = line.person.email
            owner = self.by_email.get(email)
            if email in self.taken_emails:
                text = _("Somebody signs in with this e-mail already, so it will be left out: the person connects the "
                         "account by the invitation.")  # fmt: skip
            elif owner is not None and owner is not line.member:
                text = _("This e-mail is that of {name} on the staff list; it will be left out.").format(
                    name=owner.name
                )
            elif line.member and email and line.member.user.has_usable_password() and email != line.member.user.email:
                text = _("This person signs in with another e-mail, which stays.")
            else:
                continue
            line.remarks.append(("email", text))
            line.person = replace(line.person, email="")

    # What is new

    def _compare(self, line: Line) -> None:
        person, one = line.person, line.member
        if one is None:
            line.added_roles = list(person.roles)
            return
        held = {Role(holding.role) for holding in one.holdings.all() if holding.lasts_on(self.today)}
        line.added_roles = [role for role in person.roles if role not in held]
        if folded(person.name) != folded(one.full_name) and not _is_shorter(person, one):
            if one.user_id in self.not_ours_alone or one.user.is_superuser or one.user.is_staff:
                line.remarks.append(("name", _("The account is not of this school alone, so the name stays.")))
            else:
                line.changes["name"] = (one.full_name, person.name)
        if person.post and _posts(person.post) != _posts(one.post):
            line.changes["post"] = (one.post, person.post)
        if person.email and person.email != one.user.email:
            line.changes["email"] = (one.user.email or "", person.email)
        if line.added_roles:
            line.changes["roles"] = ("", role_words(line.added_roles))
        if not self._works(one):
            line.changes["left_on"] = (f"{one.left_on:%d.%m.%Y}", "")

    # Who supervises whom

    def _find_supervisors(self, mains: list[Line]) -> None:
        here = {line.key: line for line in mains}
        names: dict[Key, list[tuple[str, str, str]]] = defaultdict(list)
        posts: dict[str, set[Key]] = defaultdict(set)
        for one in self.staff:
            if self._works(one) or ("member", one.pk) in here:
                names["member", one.pk].append((one.user.last_name, one.user.first_name, one.user.patronymic))
                for post in _posts(one.post):
                    posts[_SCHOOL.sub("", post)].add(("member", one.pk))
        for key, line in here.items():
            names[key].append((line.person.last_name, line.person.first_name, line.person.patronymic))
            for post in _posts(line.person.post):
                posts[_SCHOOL.sub("", post)].add(key)
        surnames: dict[str, set[Key]] = defaultdict(set)
        for key, all_names in names.items():
            for last, _first, _patronymic in all_names:
                surnames[folded(last)].add(key)

        def found(words: str) -> set[Key]:
            printed = with_person(words)
            bucket = set().union(*(surnames.get(one, ()) for one in _surnames_in(printed)))
            named = {key for key in bucket if any(is_named(printed, *one) for one in names[key])}
            exact = {key for key in named if any(folded(printed) == folded(" ".join(one)) for one in names[key])}
            return exact or named or posts.get(_SCHOOL.sub("", folded(words)), set())

        above = {("member", one.pk): ("member", one.reports_to_id) for one in self.staff if one.reports_to_id}
        wanted: list[tuple[Line, Key]] = []
        for line in mains:
            words = line.person.supervisor
            if not words:
                continue
            keys = found(words)
            if len(keys) == 1:
                wanted.append((line, next(iter(keys))))
            elif keys:
                text = _("Several people fit: {names}. Write the full name.")
                shown = ", ".join(sorted(_full_name(names[key][0]) for key in keys))
                line.remarks.append(("supervisor", text.format(names=shown)))
            else:
                text = _("Nobody in the file or on the staff list is called so; the supervisor will be left out.")
                line.remarks.append(("supervisor", text))
        before = {line.key: above.pop(line.key, None) for line, _key in wanted}
        for line, key in wanted:
            if self._goes_round(line.key, key, above):
                own = key == line.key
                text = (
                    _("A person cannot be their own supervisor.")
                    if own
                    else _("The supervisors go round in a circle; this one will be left out.")
                )
                line.remarks.append(("supervisor", text))
                if (old := before[line.key]) and not self._goes_round(line.key, old, above):
                    above[line.key] = old
                continue
            above[line.key] = key
            line.supervisor, line.supervisor_name = key, _full_name(names[key][-1])
            if line.member and key != before[line.key]:
                old = line.member.reports_to
                line.changes["supervisor"] = (old.full_name if old else "", line.supervisor_name)

    @staticmethod
    def _goes_round(start: Key, above: Key, known: Mapping[Key, Key]) -> bool:
        seen, at = set(), above
        while at is not None and at not in seen:
            if at == start:
                return True
            seen.add(at)
            at = known.get(at)
        return False


def with_person(words: str) -> str:
    """The name in «Директор Петрова И. И.»; the words themselves if they name nobody else."""
    return next((party.person for party in read_parties(words) if party.person), words)


def role_words(roles: Iterable[Role]) -> str:
    return ", ".join(str(ROLE_WORDS[role]) for role in roles)


def _line(index: int, row: StaffRow, answers: Answers) -> Line:
    corrected = {name: answers.corrections[index, name] for name in FIELDS if (index, name) in answers.corrections}
    cells = {name: words for name, words in (row.cells | corrected).items() if words}
    person, remarks = read_person(cells)
    kept = [(at, text) for at, text in row.remarks if at not in corrected]
    return Line(index, row, cells, person, [*kept, *remarks])


def _joined(one: Person, other: Person) -> Person:
    posts = [one.post] + ([other.post] if not _posts(other.post) <= _posts(one.post) else [])
    roles = tuple(dict.fromkeys((*one.roles, *other.roles)))
    return replace(
        one,
        post=", ".join(filter(None, posts))[:250],
        email=one.email or other.email,
        roles=roles,
        supervisor=one.supervisor or other.supervisor,
    )


def _posts(words: str) -> set[str]:
    return {post for one in re.split(r"[,;\n]", words) if (post := folded(one))}


def _by_email(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.person.email:
            found[line.person.email].append(line)
    return found


def _drop_email(lines: list[Line]) -> None:
    rows = ", ".join(str(line.row.number) for line in lines)
    text = _("One e-mail stands by several people (rows {rows}); it will be left out.").format(rows=rows)
    for line in lines:
        line.remarks.append(("email", text))
        line.person = replace(line.person, email="")


def _is_like(person: Person, one: Membership) -> bool:
    user = one.user
    return _names_fit(
        (person.last_name, person.first_name, person.patronymic), (user.last_name, user.first_name, user.patronymic)
    )


def _may_be_one(one: Person, other: Person) -> bool:
    return _names_fit(
        (one.last_name, one.first_name, one.patronymic), (other.last_name, other.first_name, other.patronymic)
    )


def _names_fit(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether both may be the name of one person: initials and missing names fit, other names do not."""
    if folded(_full_name(one)) == folded(_full_name(other)):
        return True
    if folded(one[0]) != folded(other[0]):
        return False
    if not one[1] or not other[1]:
        return True
    if folded(one[1])[0] != folded(other[1])[0]:  # the quick answer for most of a school
        return False
    return is_named(_full_name(one), *other) or is_named(_full_name(other), *one)


def _is_shorter(person: Person, one: Membership) -> bool:
    """The file has initials or no patronymic where the staff list has the full name."""
    return _is_like(person, one) and len(person.name) <= len(one.full_name)


def _full_name(names: tuple[str, str, str]) -> str:
    return " ".join(filter(None, names))


def _surnames_in(words: str) -> list[str]:
    """Each beginning and each end of the words: a surname stands at one of them."""
    parts = folded(words).split()
    return [" ".join(parts[:end]) for end in range(1, len(parts) + 1)] + [
        " ".join(parts[start:]) for start in range(1, len(parts))
    ]
