# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What a customer may send us as a file.

Decided by its name and by its first bytes, so that a page or a program does not come in under the
name of a document.
"""

import os
import re
import unicodedata
from pathlib import PurePosixPath

MAX_FILES = 10
MAX_MEGABYTES = 25
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
# All files, and the words of the form.
MAX_REQUEST_BYTES = (MAX_FILES * MAX_MEGABYTES + 5) * 1024 * 1024
HEAD = 4096
MAX_NAME = 120
# Invisible, but part of how Persian and other scripts are written.
_JOINERS = "\u200c\u200d"

_OLE = "ole"
_TYPES = {
    "pdf": ("pdf", "application/pdf"),
    "jpg": ("jpeg", "image/jpeg"),
    "jpeg": ("jpeg", "image/jpeg"),
    "png": ("png", "image/png"),
    "gif": ("gif", "image/gif"),
    "webp": ("webp", "image/webp"),
    "heic": ("heif", "image/heic"),
    "heif": ("heif", "image/heif"),
    "doc": (_OLE, "application/msword"),
    "xls": (_OLE, "application/vnd.ms-excel"),
    "ppt": (_OLE, "application/vnd.ms-powerpoint"),
    "docx": ("zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("zip", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "odt": ("zip", "application/vnd.oasis.opendocument.text"),
    "ods": ("zip", "application/vnd.oasis.opendocument.spreadsheet"),
    "odp": ("zip", "application/vnd.oasis.opendocument.presentation"),
    "zip": ("zip", "application/zip"),
    "txt": ("text", "text/plain"),
    "csv": ("text", "text/csv"),
    "dwg": ("dwg", "image/vnd.dwg"),
    "dxf": ("dxf", "image/vnd.dxf"),
    "mp4": ("film", "video/mp4"),
    "mov": ("film", "video/quicktime"),
}
ACCEPT = ",".join(f".{extension}" for extension in _TYPES)

_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"AC10", "dwg"),
    (b"AutoCAD Binary DXF", "dxf"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_FILM_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
_MARKUP = re.compile(rb"<\s*(?:!doctype|\?|!--|html|head|body|script|svg|iframe|math|xml)", re.I)


def get_problem(upload):
    """Return why a file cannot be taken, as a key of the sentences, or None.

    :param upload: ``FileStorage`` of the form
    """
    if _get_size(upload) == 0:
        return "empty_file"
    if _get_size(upload) > MAX_BYTES:
        return "large_file"
    kind, _mimetype = _TYPES.get(get_extension(upload), (None, None))
    if kind is None:
        return "wrong_type"
    return None if kind in _sniff(_read_head(upload)) else "wrong_content"


def get_extension(upload):
    return PurePosixPath(get_name(upload)).suffix[1:].lower()


def get_name(upload):
    """Return the name without folders and invisible signs, which could feign another ending."""
    name = re.split(r"[/\\]", upload.filename or "")[-1]
    name = "".join(
        sign for sign in name if sign in _JOINERS or unicodedata.category(sign)[0] != "C"
    )
    path = PurePosixPath(" ".join(name.split()).lstrip(".") or "file")
    return path.stem[: MAX_NAME - len(path.suffix[:MAX_NAME])] + path.suffix[:MAX_NAME]


def prepare_attachment_values(upload, record):
    """Return the values of the attachment that keeps the file with ``record``."""
    upload.stream.seek(0)
    return {
        "name": get_name(upload),
        "raw": upload.stream.read(),
        "mimetype": _TYPES[get_extension(upload)][1],
        "res_model": record._name,
        "res_id": record.id,
    }


def _get_size(upload):
    upload.stream.seek(0, os.SEEK_END)
    return upload.stream.tell()


def _read_head(upload):
    upload.stream.seek(0)
    return upload.stream.read(HEAD)


def _sniff(head):
    """Return what the first bytes of a file may be."""
    kinds = {kind for signature, kind in _SIGNATURES if head.startswith(signature)}
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kinds.add("webp")
    if head[4:8] in _FILM_BOXES:
        kinds.add("heif" if head[8:12] in _HEIF_BRANDS else "film")
    return kinds or _sniff_text(head)


def _sniff_text(head):
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = head.replace(b"\x00", b"") if wide else head
    if b"\x00" in plain or plain.startswith((b"MZ", b"#!")) or _MARKUP.search(plain):
        return set()
    return {"text", "dxf"} if re.search(rb"\bSECTION\b", plain) else {"text"}
