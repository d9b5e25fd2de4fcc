from . import ir_http
from . import ir_qweb
from . import project_project
from . import service_delay
from . import service_step
