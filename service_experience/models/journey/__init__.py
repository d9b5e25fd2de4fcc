from . import project_task_type
from . import service_wait
from . import service_sla_evidence
from . import project_task
