"""{{ help_request|age:now }}; {% status_for help_request member as status %}"""

from django import template

from support.presentation import age_of, status_of

register = template.Library()
register.filter("age", age_of)
register.simple_tag(status_of, name="status_for")
