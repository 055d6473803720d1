"""Rights in the admin come from the roles of the order, not from Django's permission tables."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .roles import Ability

# What the administration of a school edits. Requests, notes, the journal and what is over are facts:
# they are made in the pages, so the admin shows them and changes nothing.
EDITED = {
    "orders": {"order", "attachment"},
    "plans": {"plan", "stage", "task", "taskexecutor"},
    "consultations": {
        "schedule",
        "direction",
        "directionrole",
        "room",
        "hours",
        "calendarchange",
        "absence",
        "lesson",
        "bell",
    },
    "support": {"regulation", "clause"},
    "people": {"membership", "roleholding"},
}
CHANGED_ONLY = {
    "people": {"school", "user"},
    "orders": {"order"},
    "plans": {"plan"},
    "consultations": {"booking"},  # one to come: its specialist, room and time, by the rule of the pages
}
VIEWED = {
    "orders": {"amendment"},
    "plans": {"tasknote", "round"},
    "consultations": {"timerequest", "seminar", "participation"},
    "support": {"helprequest"},
    "history": {"entry"},
    "notifications": {"message"},
}


class RolesBackend(AuthenticationBackend):
    """Signs in as allauth does; rights come from `user.acting_abilities`, set by the middleware for the current school
    of the request. Django's own tables of permissions and groups are not asked."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not user_obj.is_active or Ability.EDIT_ORDER not in getattr(user_obj, "acting_abilities", ()):
            return False
        app, _dot, codename = perm.partition(".")
        act, _dash, model = codename.partition("_")
        if act == "view":
            return any(model in table.get(app, ()) for table in (EDITED, CHANGED_ONLY, VIEWED))
        if act == "change":
            return model in EDITED.get(app, ()) or model in CHANGED_ONLY.get(app, ())
        return model in EDITED.get(app, ()) and model not in CHANGED_ONLY.get(app, ())

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        known = EDITED.keys() | CHANGED_ONLY.keys() | VIEWED.keys()
        may_edit = Ability.EDIT_ORDER in getattr(user_obj, "acting_abilities", ())
        return user_obj.is_active and may_edit and app_label in known
