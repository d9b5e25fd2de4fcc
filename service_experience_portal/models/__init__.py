from . import project_project
from . import service_step
