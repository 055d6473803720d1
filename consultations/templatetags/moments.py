"""{{ booking.starts_at|moment }}, {{ day|said_day }}, {% span booking.starts_at booking.ends_at %}"""

from django import template

from consultations.moments import said_day, said_moment, said_span

register = template.Library()
register.filter("said_day", said_day)
register.filter("moment", said_moment)
register.simple_tag(said_span, name="span")
