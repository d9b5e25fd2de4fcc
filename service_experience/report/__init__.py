from . import service_sla_report
from . import service_sla_segment
