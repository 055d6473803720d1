"""Choices of people."""

from django.db import models
from django.http import HttpRequest

from ejournal_rollout.people.models import Membership


class PeopleByName:
    """Choices of people are read with their names, in one query."""

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        choices = super().get_field_queryset(db, db_field, request)
        return choices.select_related("user") if choices.model is Membership else choices
