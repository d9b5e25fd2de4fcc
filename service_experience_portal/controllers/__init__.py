from . import portal
from . import service_delay
from . import service_seen
from . import service_step
