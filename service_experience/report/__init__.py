from . import service_delay_report
from . import service_handoff_item
from . import service_handoff_report
from . import service_my_day
from . import service_my_day_handoffs
from . import service_promise_report
from . import service_sla_report
from . import service_sla_segment
