# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The log of requests keeps no key of a link: whoever reads it could open the page."""

import logging
import re

_KEY = re.compile(r"(?<=/s/)[\w-]{43}")


class KeyFilter(logging.Filter):
    def filter(self, record):
        message = record.getMessage()
        if _KEY.search(message):
            record.msg, record.args = _KEY.sub("***", message), ()
        return True


logging.getLogger("werkzeug").addFilter(KeyFilter())
