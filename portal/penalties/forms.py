"""What is sent to bring in a file."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField


class UploadForm(FlaskForm):
    """The file with the penalties."""

    file = FileField(_l("File with penalties"))
