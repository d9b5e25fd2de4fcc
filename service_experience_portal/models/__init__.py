from . import project_project
from . import service_delay
from . import service_step
