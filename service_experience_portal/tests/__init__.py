from . import test_handoff_walk
from . import test_reader_dates
from . import test_service_page
from . import test_service_page_handoff
from . import test_service_page_journey
from . import test_step_page
from . import test_step_walk
from . import test_worked_example
