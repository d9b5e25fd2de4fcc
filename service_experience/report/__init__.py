from . import service_my_day
from . import service_sla_report
from . import service_sla_segment
