# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from .service_journey_demo import BAKERY, HOTEL, SHOP

# Service, request (by its label) or None, names of the files.
DOCUMENTS = [
    (BAKERY, None, ["Plan of the pipes.pdf", "Offer 2026-041.pdf"]),
    (BAKERY, "Foundation for the outdoor unit", ["Foundation, with measures.pdf"]),
    (SHOP, None, ["Noise at night, measured.pdf"]),
    (HOTEL, None, ["Schedule by floors.pdf", "House rules for our fitters.pdf"]),
]

# Service, request or None, days ago, who writes: a colleague, or None for the customer; words.
MESSAGES = [
    (BAKERY, None, 9, None, "Can you work in the mornings only? We bake from two to six."),
    (
        BAKERY,
        None,
        8,
        "lena",
        "Good morning Ada, yes: we come at seven and leave before the ovens start again.",
    ),
    (BAKERY, None, 2, None, "Thank you. Is there anything we have to move in the yard?"),
    (BAKERY, None, 1, "emil", "Two pallets beside the door would help. The rest can stay."),
    (SHOP, None, 5, None, "The neighbours have asked again about the noise."),
    (
        SHOP,
        None,
        4,
        "lena",
        "We know, and we are sorry. Until the new motor is in, we let it run slower at night.",
    ),
    (HOTEL, None, 6, None, "Which rooms must be empty on the first day?"),
    (HOTEL, None, 6, "petra", "Only 11 and 12. We tell you the others two days before."),
]

_PDF = """%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length {length} >> stream
{text}
endstream endobj
trailer << /Root 1 0 R >>
%%EOF
"""


class ServiceExperienceDemo(models.AbstractModel):
    _inherit = "service.experience.demo"

    @api.model
    def _generate(self):
        result = super()._generate()
        for service, label, names in DOCUMENTS:
            self._documents(self._subject(service, label), names)
        for message in MESSAGES:
            self._message(*message)
        return result

    @api.model
    def _subject(self, service, label):
        """Return a service, or the request of it that its customer knows by this label."""
        project = self._find(service)
        return project.task_ids.filtered(lambda task: task.customer_label == label) or project

    @api.model
    def _documents(self, subject, names):
        subject.customer_document_ids = [
            Command.create(
                {
                    "name": name,
                    "raw": _make_pdf(name.removesuffix(".pdf")),
                    "mimetype": "application/pdf",
                    "res_model": subject._name,
                    "res_id": subject.id,
                }
            )
            for name in names
        ]

    @api.model
    def _message(self, service, label, ago, user, words):
        subject = self._subject(service, label)
        author = self._ref(f"user_{user}").partner_id if user else subject.partner_id
        self._say(subject, fields.Datetime.now() - relativedelta(days=ago), author, words)


def _make_pdf(title):
    """Return a page with one line on it."""
    text = f"BT /F1 18 Tf 72 760 Td ({title}) Tj ET"
    return _PDF.format(length=len(text), text=text).encode()
