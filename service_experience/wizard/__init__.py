from . import service_sla_policy_apply
from . import service_sla_timer_deadline
from . import service_sla_timer_excuse
