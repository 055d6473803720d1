"""The filter of “What was sent”, and how a school wishes to be reminded."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.notifications.models import PLAN_TOPICS
from ejournal_rollout.people.models import Membership

from .models import ReminderRules, Task, TaskQuerySet
from .models.reminder_rules import days_as_words, read_days_before


class TaskChoice(forms.ModelChoiceField):
    def label_from_instance(self, task: Task) -> str:
        return f"{task.stage.plan.order.school_year}: {Truncator(str(task)).chars(70)}"


class ToldFilter(forms.Form):
    """The query string of “What was sent”; an address that does not fit shows everything."""

    task = TaskChoice(label=_("Task"), queryset=Task.objects.none(), required=False, empty_label=_("all tasks"))
    person = forms.ModelChoiceField(
        label=_("To whom"), queryset=Membership.objects.none(), required=False, empty_label=_("everybody")
    )
    topic = forms.ChoiceField(
        label=_("What about"),
        choices=[("", _("everything")), *((topic.value, topic.label) for topic in PLAN_TOPICS)],
        required=False,
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Membership, tasks: TaskQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = tasks
        self.fields["person"].queryset = Membership.objects.visible_to(member).select_related("user")
        for field in self.visible_fields():
            field.field.widget.attrs["class"] = "form-select"

    def narrowed_to(self) -> str:
        """The choice in words, for the printed sheet; of a form that is valid."""
        chosen = self.cleaned_data
        topic = dict(self.fields["topic"].choices)[chosen["topic"]] if chosen["topic"] else ""
        values = {"task": chosen["task"], "person": chosen["person"], "topic": topic}
        return "; ".join(f"{self.fields[name].label}: {value}" for name, value in values.items() if value)


class ReminderRulesForm(forms.ModelForm):
    class Meta:
        model = ReminderRules
        fields = ["days_before", "head_after_days", "review_after_days", "hour"]

    def clean_days_before(self) -> str:
        """The list as it will be read: «1 7,14» becomes «14, 7, 1»."""
        try:
            return days_as_words(read_days_before(self.cleaned_data["days_before"]))
        except ValidationError:  # the validator of the field has said so already
            return self.cleaned_data["days_before"]
