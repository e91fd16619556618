"""Why a file was not taken in, in the words of somebody who has it on their phone."""

from flask_babel import lazy_gettext as _l

from portal import text
from portal.evidence.refused import UploadRefused

text.learn(
    "refusal",
    {
        "upload_nothing_chosen": _l("Choose a file first, then add it."),
        "upload_one_at_a_time": _l("Add one file at a time."),
        "upload_empty": _l("This file is empty. Choose it again, or take a new picture."),
        "upload_too_large": _l("This file is larger than 20 MB. Shorten the video or choose a smaller picture."),
        "upload_too_many_pixels": _l(
            "This picture has too many pixels to be opened. Save it smaller and add it again."
        ),
        "upload_cut_short": _l("The end of this file is missing. Its transfer may have stopped early; add it again."),
        "upload_damaged": _l("This file is damaged and can't be opened. Choose another copy of it."),
        "upload_two_in_one": _l("Something else is hidden in this file. Save it anew, or take a screenshot of it."),
        "upload_locked_pdf": _l("This PDF is protected. Save a copy without a password and add that."),
        "upload_program_in_pdf": _l("This PDF contains a program. Print it to a new PDF and add that."),
        "upload_no_picture": _l("This video has no picture. Choose a video that shows something."),
        "upload_heic": _l("This is a HEIC photo. Save it as JPEG, or take a screenshot of it."),
        "upload_quicktime": _l("This is a MOV video. Save it as MP4 and add that."),
        "upload_other_picture": _l("Pictures can be JPEG, PNG or WebP. Save this one as one of them."),
        "upload_other_film": _l("Videos can be MP4. Save this one as MP4 and add that."),
        "upload_document": _l("Documents can be PDF. Save this one as PDF and add that."),
        "upload_archive": _l("This is a packed folder. Unpack it and add its files one by one."),
        "upload_web_page": _l("This is a web page, not a picture. Take a screenshot of it, or print it to PDF."),
        "upload_wrong_type": _l("Files can be JPEG, PNG, WebP, PDF or MP4. This is none of them."),
        "upload_storage_full": _l("We have no room for files at the moment. You did nothing wrong; please try later."),
        "upload_storage_failed": _l("We could not keep this file safely, so we did not take it. Please add it again."),
        "too_many_files": _l(
            "At most %(limit)s files can be handed in here. "
            "Remove one that is not handed in yet before you add another."
        ),
        "same_file_twice": _l("%(name)s is already here. It counts once; there is no need to add it again."),
        "evidence_sealed": _l("This file was handed in and can't be removed any more."),
    },
)


def why(refused: UploadRefused) -> str:
    """The sentence for the slot the file was meant for."""
    return text.sentence(refused.code, refused.params)
