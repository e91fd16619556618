"""What one file may weigh and measure."""

MAX_BYTES = 20 * 1024 * 1024
MAX_BODY = MAX_BYTES + 256 * 1024
"""The whole request: one file of the largest size, the other fields of its form, and the boundaries between them."""

MAX_FILES_AT_ONCE = 20
MAX_NAME = 200

MAX_PIXELS_BASELINE = 120_000_000
"""A phone in its 108 megapixel mode; such a JPEG is decoded at an eighth and costs little memory."""
MAX_PIXELS = 40_000_000
"""Progressive JPEG and PNG: decoded whole, in less than 256 MiB."""
MAX_PIXELS_WEBP = 12_600_000
"""Its decoder holds several whole canvases at once."""
MAX_SCANS = 16
"""Scans of a progressive JPEG; cameras and editors write about ten, an attack writes thousands."""

PREVIEW_EDGE = 400
ROOM_KEPT_FREE = 64 * 1024 * 1024
"""Left on the disk for the database, so that a full disk stops uploads before it stops decisions."""
