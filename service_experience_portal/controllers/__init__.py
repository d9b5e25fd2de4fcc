from . import portal
from . import project_task
from . import service_delay
from . import service_seen
from . import service_step
