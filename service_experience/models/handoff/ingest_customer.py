# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which customer another system means: by external id, VAT or e-mail, never by a guess."""

from odoo.tools import SQL, email_normalize
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def _normalize_vat(vat):
    return "".join(vat.split()).upper()


# In this order; the e-mail address is the weakest, as people share it or change it.
NORMALIZE = {"external_id": str.strip, "vat": _normalize_vat, "email": email_normalize}
FIELDS = {"external_id": "ref", "vat": "vat", "email": "email_normalized"}
# Whoever has another one of these is somebody else.
IDENTIFYING = ("external_id", "vat")


class CustomerLookup:
    """The customers that a batch may mean, among those that the caller may see.

    :param wanted: the ``customer`` of each item
    """

    def __init__(self, env, wanted):
        self.env = env
        self.by_key = {
            name: self._search(name, {self._get(name, keys) for keys in wanted} - {None})
            for name in NORMALIZE
        }
        self.found = env["res.partner"].union(
            *(partners for known in self.by_key.values() for partners in known.values())
        )

    @staticmethod
    def _get(name, keys):
        return (name in keys and NORMALIZE[name](keys[name])) or None

    def _search(self, name, values):
        """Return the companies of the partners that have one of these values.

        :return: ``{value: companies}``
        """
        partners = self.env["res.partner"]
        if not values:
            return {}
        domain = [(FIELDS[name], "in", list(values))]
        if name == "vat":
            domain = [("id", "in", self._get_vat_ids(values))]
        groups = partners.search(domain).grouped(
            lambda partner: NORMALIZE[name](partner[FIELDS[name]])
        )
        return {value: group.commercial_partner_id for value, group in groups.items()}

    def _get_vat_ids(self, values):
        """Return candidates, however their numbers are spaced; what may be seen is sorted out."""
        query = SQL(
            r"""
            SELECT id FROM res_partner
             WHERE vat IS NOT NULL AND UPPER(REGEXP_REPLACE(vat, '\s', '', 'g')) = ANY(%s)
            """,
            list(values),
        )
        return [row[0] for row in self.env.execute_query(query)]

    def find(self, keys, path, errors):
        """Return the one company that all keys mean; None, with an error, where there is none."""
        sent = {name: value for name in NORMALIZE if (value := self._get(name, keys))}
        if not sent:
            return errors.add(path, _lt("Send an external_id, a vat or an email."))
        hits = [
            self.by_key[name][value] for name, value in sent.items() if value in self.by_key[name]
        ]
        if not hits:
            return errors.add(
                path,
                _lt("No customer that you may see has one of these: correct them, or create it."),
            )
        common = hits[0]
        for others in hits[1:]:
            common &= others
        common = common.filtered(lambda partner: not self._contradicts(partner, sent))
        if len(common) == 1:
            return common
        return errors.add(path, self._get_refusal(common, sent))

    @staticmethod
    def _get_refusal(partners, sent):
        if not partners:
            return _lt("These keys belong to different customers: correct the wrong one.")
        missing = [name for name in IDENTIFYING if name not in sent] or ["external_id"]
        return _lt(
            "Several customers have this %(keys)s: send the %(missing)s of the right one.",
            keys=" and ".join(sent),
            missing=" or ".join(missing),
        )

    def _contradicts(self, partner, sent):
        """Tell whether a company is known by another number than one that nobody has."""
        return any(
            name in sent and sent[name] not in self.by_key[name] and partner[FIELDS[name]]
            for name in IDENTIFYING
        )
