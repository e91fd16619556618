"""The calendars the tests count on."""

from datetime import time
from pathlib import Path

from portal.deadlines import calendars
from portal.deadlines.opendays import Calendar

OFFICE = ((time(9), time(12)), (time(13, 30), time(18)))
WEEK = (OFFICE,) * 5 + ((), ())

CHINA = calendars.read(Path(calendars.__file__).with_name("CN.json"))
EUROPE = calendars.read(Path(calendars.__file__).with_name("EU.json"))
BERLIN = Calendar("berlin", "Europe/Berlin", WEEK)
CAIRO = Calendar("cairo", "Africa/Cairo", WEEK)
